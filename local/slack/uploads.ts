import type { Call, Reply } from '../http/call.ts';

/** The files that a bot uploads (https://docs.slack.dev/messaging/working-with-files): kept in memory. */
export class Uploads {
  readonly #files = new Map<string, { name: string; bytes?: Buffer }>();

  /** Expects a file, and returns its id. */
  begin(name: string): string {
    const id = `F${String(this.#files.size + 1).padStart(8, '0')}`;
    this.#files.set(id, { name });
    return id;
  }

  /** Bytes of a file; undefined until it is uploaded. */
  size(id: string): number | undefined {
    return this.#files.get(id)?.bytes?.length;
  }

  async receive(call: Call): Promise<Reply> {
    const file = this.#files.get(call.param('file'));
    if (!file) return { status: 404, body: 'no such file' };
    file.bytes = await bytesOf(call);
    return { body: `OK - ${file.bytes.length}` };
  }

  show(call: Call): Reply {
    const bytes = this.#files.get(call.param('file'))?.bytes;
    return bytes
      ? { headers: { 'content-type': 'image/png' }, body: bytes }
      : { status: 404, body: 'no such file' };
  }
}

/** Slack accepts the bytes themselves, or a form with one file. */
async function bytesOf(call: Call): Promise<Buffer> {
  const body = await call.body();
  const type = call.header('content-type') ?? '';
  if (!type.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const [file] = [...form.values()].filter((value) => value instanceof File);
  return file ? Buffer.from(await file.arrayBuffer()) : Buffer.alloc(0);
}
