import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { BucketRecord, ObjectRecord, SessionRecord } from './records.ts';

/** SQLite compares text as UTF-8 bytes, which is the order in which Cloud Storage lists names. */
const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = OFF;
  CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS objects (bucket TEXT, name TEXT, record TEXT NOT NULL, bytes BLOB, PRIMARY KEY (bucket, name));
  CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS generations (id INTEGER PRIMARY KEY CHECK (id = 1), last INTEGER NOT NULL);
  INSERT OR IGNORE INTO generations VALUES (1, 0);
`;

/**
 * The records of everything in Storage, in one SQLite file. A killed process loses nothing that was answered: SQLite
 * has handed each change to the operating system by then. (`synchronous = OFF` gives up only power failures.)
 */
export class Catalog {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string) {
    this.#db = new DatabaseSync(path);
    this.#db.exec(SCHEMA);
  }

  close(): void {
    this.#db.close();
  }

  /** All changes that `change` makes, or, when it throws, none. */
  atomically<T>(change: () => T): T {
    this.#run('BEGIN');
    try {
      const result = change();
      this.#run('COMMIT');
      return result;
    } catch (error) {
      this.#run('ROLLBACK');
      throw error;
    }
  }

  /** A generation not given out before: `micros`, or one more than the last where the clock has not moved on. */
  nextGeneration(micros: number): string {
    const sql = 'UPDATE generations SET last = MAX(last + 1, ?) RETURNING last';
    return String(this.#prepare(sql).get(micros)?.last);
  }

  bucket(name: string): BucketRecord | undefined {
    return this.#one('SELECT record FROM buckets WHERE name = ?', name);
  }

  bucketsFrom(from: string, before?: string): Iterable<BucketRecord> {
    return before === undefined
      ? this.#many('SELECT record FROM buckets WHERE name >= ? ORDER BY name', from)
      : this.#many('SELECT record FROM buckets WHERE name >= ? AND name < ? ORDER BY name', from, before);
  }

  putBucket(bucket: BucketRecord): void {
    this.#run('INSERT OR REPLACE INTO buckets VALUES (?, ?)', bucket.name, JSON.stringify(bucket));
  }

  deleteBucket(name: string): void {
    this.#run('DELETE FROM buckets WHERE name = ?', name);
  }

  object(bucket: string, name: string): ObjectRecord | undefined {
    return this.#one('SELECT record FROM objects WHERE bucket = ? AND name = ?', bucket, name);
  }

  /** The objects of a bucket from a name (inclusive) to another (exclusive), in order; read as it is walked. */
  objectsFrom(bucket: string, from: string, before?: string): Iterable<ObjectRecord> {
    const sql = 'SELECT record FROM objects WHERE bucket = ? AND name >= ?';
    return before === undefined
      ? this.#many(`${sql} ORDER BY name`, bucket, from)
      : this.#many(`${sql} AND name < ? ORDER BY name`, bucket, from, before);
  }

  /** Every object's generation: the content files that must be kept. */
  generations(): Set<string> {
    const rows = this.#prepare("SELECT record ->> 'generation' AS generation FROM objects").all();
    return new Set(rows.map((row) => String(row.generation)));
  }

  /** Puts a new generation in place of what was there; `bytes` are its content, unless that is in a file. */
  putObject(object: ObjectRecord, bytes: Buffer | null): void {
    const sql = 'INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)';
    this.#run(sql, object.bucket, object.name, JSON.stringify(object), bytes);
  }

  /** Changes the record of a generation and leaves its content. */
  updateObject(object: ObjectRecord): void {
    const sql = 'UPDATE objects SET record = ? WHERE bucket = ? AND name = ?';
    this.#run(sql, JSON.stringify(object), object.bucket, object.name);
  }

  /** The content of an object that has no file. */
  bytes(bucket: string, name: string): Buffer {
    const row = this.#prepare('SELECT bytes FROM objects WHERE bucket = ? AND name = ?').get(bucket, name);
    if (!(row?.bytes instanceof Uint8Array))
      throw new Error(`The catalog has no bytes of ${bucket}/${name}.`);
    return Buffer.from(row.bytes.buffer, row.bytes.byteOffset, row.bytes.byteLength);
  }

  deleteObject(bucket: string, name: string): void {
    this.#run('DELETE FROM objects WHERE bucket = ? AND name = ?', bucket, name);
  }

  session(id: string): SessionRecord | undefined {
    return this.#one('SELECT record FROM sessions WHERE id = ?', id);
  }

  sessions(): Iterable<SessionRecord> {
    return this.#many('SELECT record FROM sessions ORDER BY id');
  }

  putSession(session: SessionRecord): void {
    this.#run('INSERT OR REPLACE INTO sessions VALUES (?, ?)', session.id, JSON.stringify(session));
  }

  deleteSession(id: string): void {
    this.#run('DELETE FROM sessions WHERE id = ?', id);
  }

  #one<T>(sql: string, ...values: SQLInputValue[]): T | undefined {
    const row = this.#prepare(sql).get(...values);
    return row && JSON.parse(String(row.record));
  }

  /** A statement of its own, since one that is being walked cannot start again. */
  *#many<T>(sql: string, ...values: SQLInputValue[]): Generator<T> {
    for (const row of this.#db.prepare(sql).iterate(...values)) yield JSON.parse(String(row.record));
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#prepare(sql).run(...values);
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
