/** Waited as long as was asked, or as long as is sensible; what was waited for may still happen. */
export class WaitedTooLongError extends Error {
  override readonly name = 'WaitedTooLongError';
}
