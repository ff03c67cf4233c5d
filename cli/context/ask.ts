import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { InvalidError } from '../../shared/errors.ts';
import type { Host } from './host.ts';

/** Asks a person, and returns the line that was typed; what is redirected to the command is read instead. */
export async function ask(host: Host, question: string): Promise<string> {
  return readLine(host, question, true);
}

/** A secret: from a file or a pipe as a whole, from a person one line, which is not shown. Throws InvalidError where there is none. */
export async function readSecret(host: Host, question: string): Promise<string> {
  const secret = host.stdin.isTTY ? await readLine(host, question, false) : await readAll(host);
  if (secret) return secret;
  throw new InvalidError([
    { field: 'standard input', problem: 'is empty', remedy: 'Pass the secret there: < FILE.' },
  ]);
}

/** What is typed before a question is there would be shown by the terminal itself: it comes after the terminal is ours. */
async function readLine({ stdin, stderr }: Host, question: string, isShown: boolean): Promise<string> {
  const screen = new Writable({
    write(chunk, _encoding, done) {
      if (isShown) stderr.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: stdin, output: screen, terminal: stdin.isTTY ?? false });
  const end = once(lines, 'close').then(() => '');
  try {
    if (!isShown) stderr.write(question);
    return (await Promise.race([lines.question(isShown ? question : ''), end])).trim();
  } finally {
    lines.close();
    if (!isShown) stderr.write('\n');
  }
}

async function readAll({ stdin }: Host): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8').trim();
}
