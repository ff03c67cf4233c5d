import { EventEmitter } from 'node:events';
import { processHost } from './context/host.ts';
import { useLocalCloud } from './context/local-cloud.ts';
import { EXIT } from './exit/codes.ts';
import { report, runCommandLine } from './program.ts';

const host = processHost();
// A download of Google's client stacks up twelve listeners, which is no leak; Node would warn of the eleventh.
EventEmitter.defaultMaxListeners = 20;
process.stdout.on('error', endOfOutput);
process.stderr.on('error', endOfOutput);
// Google's clients look for credentials in promises of their own; a failure there would end with a stack trace.
process.on('unhandledRejection', (error) => process.exit(report(error, host)));

const args = process.argv.slice(2);
await useLocalCloud(args, host).catch((error) => process.exit(report(error, host)));
const exitCode = await runCommandLine(args, host);
// Idle connections, or a pause that was interrupted, must not keep the process.
process.stdout.write('', (error) => (error ? endOfOutput(error) : process.exit(exitCode)));

/** `vicinity logs | head`: the reader has seen enough. Any other error, such as a full disk: not all of it has arrived. */
function endOfOutput(error: NodeJS.ErrnoException): never {
  process.exit(error.code === 'EPIPE' ? EXIT.ok : report(error, host));
}
