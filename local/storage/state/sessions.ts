import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Clock } from '../../core/clock.ts';
import { notFound } from '../../http/api-error.ts';
import { requireHashes } from '../checks/digest.ts';
import type { Catalog } from './catalog.ts';
import { type Content, sizeOf } from './content.ts';
import type { Objects } from './objects.ts';
import type { ObjectRecord, SessionRecord, UploadTarget } from './records.ts';
import { Staged } from './staged.ts';

/** How long an unfinished upload may be resumed: https://cloud.google.com/storage/docs/resumable-uploads#session_uris */
const LIFETIME_MS = 7 * 86_400_000;
/** What has come of an upload must outlive the process, however little it is. */
const IN_FILE_ONLY = 0;

/** Resumable uploads: what they are to become is a record, what has come of them is a file. A restart loses neither. */
export class Sessions {
  readonly #catalog: Catalog;
  readonly #content: Content;
  readonly #objects: Objects;
  readonly #clock: Clock;
  /** Files whose hashes so far are known; of any other the hashes are read again from the file. */
  readonly #staged = new Map<string, Staged>();

  constructor(catalog: Catalog, content: Content, objects: Objects, clock: Clock) {
    this.#catalog = catalog;
    this.#content = content;
    this.#objects = objects;
    this.#clock = clock;
  }

  start(target: UploadTarget): SessionRecord {
    const session = { ...target, id: randomUUID(), timeCreated: this.#clock.now().toISOString() };
    this.#catalog.putSession(session);
    return session;
  }

  /** Throws 404 for one that never was, was cancelled, or is a week old. */
  get(id: string): SessionRecord {
    const session = this.#catalog.session(id);
    if (!session)
      throw notFound(`There is no upload session ${id}: it was cancelled or has expired. Start it anew.`);
    return session;
  }

  received(session: SessionRecord): number {
    return sizeOf(this.#content.sessionPath(session.id));
  }

  /** Appends `source` to what has come. */
  async receive(session: SessionRecord, source: AsyncIterable<Buffer>): Promise<void> {
    const staged = await this.#stagedOf(session);
    await staged.receive(source);
  }

  /**
   * Makes what has come the object. Throws 400 when the hashes differ, and then forgets the bytes, which are wrong;
   * 412 when a condition does not hold.
   */
  async finish(session: SessionRecord): Promise<ObjectRecord> {
    const staged = await this.#stagedOf(session);
    try {
      requireHashes(session.claims, staged.digest.hashes());
    } catch (error) {
      this.remove(session.id);
      throw error;
    }
    const alongside = (finished: ObjectRecord) => this.#catalog.putSession({ ...session, finished });
    const object = this.#objects.insert(session, staged, { alongside });
    this.#staged.delete(session.id);
    return object;
  }

  remove(id: string): void {
    this.#catalog.deleteSession(id);
    this.#staged.delete(id);
    new Staged(this.#content.sessionPath(id), IN_FILE_ONLY).discard();
  }

  removeExpired(): void {
    const oldest = this.#clock.now().getTime() - LIFETIME_MS;
    const expired = [...this.#catalog.sessions()].filter(
      ({ timeCreated }) => Date.parse(timeCreated) < oldest,
    );
    for (const session of expired) this.remove(session.id);
  }

  async #stagedOf({ id }: SessionRecord): Promise<Staged> {
    const path = this.#content.sessionPath(id);
    const size = sizeOf(path);
    const known = this.#staged.get(id);
    if (known?.digest.size === size) return known;
    const staged = new Staged(path, IN_FILE_ONLY);
    if (size > 0) for await (const chunk of createReadStream(path)) staged.digest.update(chunk);
    this.#staged.set(id, staged);
    return staged;
  }
}
