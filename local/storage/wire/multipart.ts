import type { Readable } from 'node:stream';
import { invalid } from '../../http/api-error.ts';

/** The two parts of a `multipart/related` upload: the object's metadata, and its bytes as they arrive. */
export interface RelatedParts {
  metadata: object;
  contentType: string | undefined;
  media: AsyncIterable<Buffer>;
}

const MAX_HEAD_BYTES = 1 << 20;

/**
 * Reads the metadata and the head of the media; the media is read by whoever walks it. Lines end as the first one does:
 * gcloud writes bare line feeds. Throws 400.
 */
export async function readRelated(request: Readable, contentType: string | undefined): Promise<RelatedParts> {
  const boundary = readBoundary(contentType);
  const source = new Chunks(request);
  const firstLine = (await source.until('\n')).toString();
  if (firstLine.trimEnd() !== `--${boundary}`)
    throw invalid('A multipart upload must begin with its boundary.');
  const lineEnd = firstLine.endsWith('\r') ? '\r\n' : '\n';
  const delimiter = `${lineEnd}--${boundary}`;
  await source.until(lineEnd + lineEnd);
  const metadata = (await source.until(delimiter)).toString();
  const head = (await source.until(lineEnd + lineEnd)).toString();
  return {
    metadata: parseMetadata(metadata),
    contentType: /^content-type:\s*(.+?)\s*$/im.exec(head)?.[1],
    media: source.stream(Buffer.from(delimiter)),
  };
}

/** The boundary may be quoted, by gcloud with single quotes. */
function readBoundary(contentType: string | undefined): string {
  const [, boundary] =
    /boundary=(?:"([^"]+)"|'([^']+)'|([^;]+))/i.exec(contentType ?? '')?.filter(Boolean) ?? [];
  if (!boundary)
    throw invalid(`A multipart upload needs a boundary in its content-type, not '${contentType}'.`);
  return boundary.trim();
}

function parseMetadata(text: string): object {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(`The first part of a multipart upload is not JSON: ${text.slice(0, 80)}`);
  }
}

/** Chunks of a stream, cut at delimiters that may lie across them. */
class Chunks {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: Readable) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** All up to `delimiter`, which is taken too. */
  async until(delimiter: string): Promise<Buffer> {
    let at = this.#rest.indexOf(delimiter);
    while (at < 0) {
      if (this.#rest.length > MAX_HEAD_BYTES)
        throw invalid('The metadata of a multipart upload is too long.');
      await this.#more();
      at = this.#rest.indexOf(delimiter);
    }
    const bytes = this.#rest.subarray(0, at);
    this.#rest = this.#rest.subarray(at + delimiter.length);
    return bytes;
  }

  /** All up to `delimiter`, chunk by chunk: only what might be its beginning is held back. */
  async *stream(delimiter: Buffer): AsyncGenerator<Buffer> {
    let at = this.#rest.indexOf(delimiter);
    while (at < 0) {
      const safe = Math.max(this.#rest.length - delimiter.length + 1, 0);
      if (safe > 0) yield this.#rest.subarray(0, safe);
      this.#rest = this.#rest.subarray(safe);
      await this.#more();
      at = this.#rest.indexOf(delimiter);
    }
    if (at > 0) yield this.#rest.subarray(0, at);
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#source.next();
    if (done) throw invalid('The multipart upload ends before its closing boundary.');
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
  }
}
