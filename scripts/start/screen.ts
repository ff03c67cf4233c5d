import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';

const FALLBACK_WIDTH = 100;
const WIDEST = 110;

/** Headings and paragraphs of `npm start` on a terminal or in a file. */
export class Screen {
  readonly stream: WriteStream;
  readonly colour: boolean;
  readonly width: number;
  #steps = 0;

  constructor(stream: WriteStream) {
    this.stream = stream;
    this.colour = stream.isTTY === true && !process.env.NO_COLOR;
    this.width = Math.min(stream.columns ?? FALLBACK_WIDTH, WIDEST);
  }

  title(name: string, words: string): void {
    this.#line(`${this.#paint('bold', name)}  ${words}`);
  }

  step(name: string, words: string): void {
    this.#steps += 1;
    this.#line(`\n${this.#paint('cyan', `${this.#steps}  ${name}`)}  ${this.#paint('dim', words)}`);
  }

  /** Lines of something shown as it is, with a bar on its left. */
  block(text: string): void {
    for (const line of text.split('\n')) this.#line(`${this.#paint('dim', '│')} ${line}`.trimEnd());
  }

  closing(lines: string[]): void {
    this.#line(`\n${lines.join('\n')}`);
  }

  #line(text: string): void {
    this.stream.write(`${text}\n`);
  }

  #paint(format: 'bold' | 'cyan' | 'dim', text: string): string {
    return this.colour ? styleText(format, text, { validateStream: false }) : text;
  }
}
