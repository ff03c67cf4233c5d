import type { Output } from '../shared/json-schemas/documents.ts';
import type { AlreadyRunningError, Running } from './running.ts';
import { upText } from './up-text.ts';

/** What `up` prints: text for people; or, as JSON, where everything is, alone on stdout, and the rest on stderr. */
export class UpOutput {
  readonly #json: boolean;
  readonly #stateFlag: string;
  /** Where progress is printed. */
  readonly lines: NodeJS.WriteStream & { fd: number };

  /** `stateFlag`: of the commands that it tells. */
  constructor(json = false, stateFlag = '') {
    this.#json = json;
    this.#stateFlag = stateFlag;
    this.lines = json ? process.stderr : process.stdout;
  }

  running({ pid, ready }: Pick<Running, 'pid' | 'ready'>, because?: string): void {
    if (this.#json) console.log(JSON.stringify({ pid, ...ready } satisfies Output<'local-up'>, undefined, 2));
    else if (ready) console.log(upText(ready, this.#stateFlag, because));
  }

  alreadyRunning({ message, running }: AlreadyRunningError): void {
    const { ready } = running;
    this.line(ready ? `${message}${this.#json ? '' : '\n'}` : `${message} It is still starting.`);
    this.running(running);
  }

  line(text: string): void {
    this.lines.write(`${text}\n`);
  }
}
