import { TransientError } from '../errors.ts';
import { consoleName, serialLogName } from '../model/layout.ts';
import { redact } from '../redact.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * Saves what the serial console still shows of an attempt whose VM died: beside the attempt, and as the run's serial.log. A console
 * that cannot be read (Compute Engine may refuse it for a stopped VM) is noted instead; it holds up nothing. It shows what the job
 * printed, so what looks like a secret is left out.
 */
export async function saveConsole(
  { objects, instance }: Dependencies,
  runId: string,
  attempt: number,
): Promise<void> {
  const text = redact(await read());
  await objects.put(serialLogName(runId), text);
  await objects.put(consoleName(runId, attempt), text);

  async function read(): Promise<string> {
    try {
      return await instance.serialOutput();
    } catch (error) {
      if (error instanceof TransientError || !(error instanceof Error)) throw error;
      return `The serial console could not be read once the VM was off: ${error.message}\n`;
    }
  }
}
