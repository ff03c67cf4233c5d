/** This computer cannot run virtual machines in the mode that was asked for. The message says what is missing and how to get it. */
export class UnsupportedHostError extends Error {
  override readonly name = 'UnsupportedHostError';
}
