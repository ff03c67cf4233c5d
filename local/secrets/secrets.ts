import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { CloudClock } from '../core/clock.ts';
import { PROJECT_NUMBER } from '../core/project.ts';
import { StateFile } from '../core/state-file.ts';
import { aborted, alreadyExists, failedPrecondition, invalid, notFound } from '../http/api-error.ts';
import { applyMask, maskPaths } from '../http/field-mask.ts';
import { type Page, page } from '../http/paging.ts';
import type { PolicyBook } from '../iam/policy-book.ts';
import { fullName } from '../iam/resources.ts';
import { checkPayload, checkSecret, type Payload, payloadOf, type SecretSettings } from './checks.ts';
import { secretResource } from './resource.ts';

/** A secret (https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets). */
export interface Secret extends SecretSettings {
  name: string;
  createTime: string;
  etag: string;
}

export type VersionState = 'ENABLED' | 'DISABLED' | 'DESTROYED';

export interface Version {
  name: string;
  createTime: string;
  state: VersionState;
  destroyTime?: string;
  replicationStatus: object;
  /** The bytes were checked against a checksum of the client's. */
  clientSpecifiedPayloadChecksum?: boolean;
  etag: string;
}

interface Stored {
  secret: Secret;
  /** In the order of their numbers, from 1. `data` is base64; gone once destroyed. */
  versions: { version: Version; data?: string }[];
}

const MAX_PAGE = 25_000;

export interface SecretsOptions {
  stateDir: string;
  project: string;
  clock: CloudClock;
  policies: PolicyBook;
}

/** The secrets of the project with their versions, on disk. */
export class Secrets {
  readonly #project: string;
  readonly #clock: CloudClock;
  readonly #policies: PolicyBook;
  readonly #file: StateFile<Record<string, Stored>>;

  constructor({ stateDir, project, clock, policies }: SecretsOptions) {
    this.#project = project;
    this.#clock = clock;
    this.#policies = policies;
    this.#file = new StateFile(join(stateDir, 'secrets.json'), {});
  }

  create(id: string, settings: SecretSettings): Secret {
    checkSecret(id, settings);
    if (this.#file.value[id]) throw alreadyExists(`Secret [${nameOf(id)}] already exists.`);
    const { replication, labels, annotations } = settings;
    const secret = withEtag({
      name: nameOf(id),
      ...(replication && { replication }),
      createTime: this.#now(),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
    });
    this.#file.value[id] = { secret, versions: [] };
    this.#file.save();
    return secret;
  }

  /** Creates the secret unless it exists. Returns its newest value as text; undefined where it has none. */
  ensure(id: string, settings: SecretSettings): string | undefined {
    if (!this.#file.value[id]) this.create(id, settings);
    const data = this.#stored(id).versions.at(-1)?.data;
    return data === undefined ? undefined : Buffer.from(data, 'base64').toString('utf8');
  }

  get(id: string): Secret {
    return this.#stored(id).secret;
  }

  list(pageSize?: number, pageToken?: string): Page<Secret> {
    const all = Object.values(this.#file.value).map(({ secret }) => secret);
    return page(all, ({ name }) => name, pageSize, pageToken);
  }

  patch(id: string, changes: SecretSettings, updateMask = ''): Secret {
    const stored = this.#stored(id);
    const paths = maskPaths(updateMask);
    const fixed = paths.find((path) => !/^(labels|annotations)(\.|$)/.test(path));
    if (fixed !== undefined || paths.length === 0)
      throw invalid(`updateMask is "${updateMask}": labels and annotations of a secret can be changed.`);
    requireEtag(stored.secret, changes.etag);
    stored.secret = withEtag(applyMask<SecretSettings>(stored.secret, changes, paths) as Secret);
    this.#file.save();
    return stored.secret;
  }

  delete(id: string, etag?: string): void {
    requireEtag(this.get(id), etag);
    delete this.#file.value[id];
    this.#file.save();
    this.#policies.delete(fullName(secretResource(this.#project, id)));
  }

  addVersion(id: string, payload: Payload | undefined): Version {
    const { versions } = this.#stored(id);
    const data = checkPayload(payload);
    const version = withEtag({
      name: `${nameOf(id)}/versions/${versions.length + 1}`,
      createTime: this.#now(),
      state: 'ENABLED' as const,
      replicationStatus: { automatic: {} },
      ...(payload?.dataCrc32c !== undefined && { clientSpecifiedPayloadChecksum: true }),
    });
    versions.push({ version, data });
    this.#file.save();
    return version;
  }

  /** `latest` is the newest one, whatever its state. */
  version(id: string, number: string): Version {
    return this.#storedVersion(id, number).version;
  }

  /** The newest first. */
  versions(id: string, pageSize?: number, pageToken?: string): Page<Version> {
    const all = this.#stored(id).versions.map(({ version }) => version);
    const start = pageToken ? Number(pageToken) : 0;
    const items = all.reverse().slice(start, start + (pageSize || MAX_PAGE));
    const next = start + items.length;
    return { items, ...(next < all.length && { nextPageToken: String(next) }) };
  }

  access(id: string, number: string): { name: string; payload: Payload } {
    const { version, data } = this.#storedVersion(id, number);
    if (version.state !== 'ENABLED' || data === undefined)
      throw failedPrecondition(`Secret Version [${version.name}] is in ${version.state} state.`);
    return { name: version.name, payload: payloadOf(data) };
  }

  setState(id: string, number: string, state: VersionState, etag?: string): Version {
    const stored = this.#storedVersion(id, number);
    requireEtag(stored.version, etag);
    if (stored.version.state === 'DESTROYED')
      throw failedPrecondition(`Secret Version [${stored.version.name}] is in DESTROYED state.`);
    if (state === 'DESTROYED') delete stored.data;
    stored.version = withEtag({
      ...stored.version,
      state,
      ...(state === 'DESTROYED' && { destroyTime: this.#now() }),
    });
    this.#file.save();
    return stored.version;
  }

  #stored(id: string): Stored {
    const found = this.#file.value[id];
    if (found) return found;
    throw notFound(`Secret [${nameOf(id)}] not found.`);
  }

  #storedVersion(id: string, number: string): Stored['versions'][number] {
    const { versions } = this.#stored(id);
    const found = number === 'latest' ? versions.at(-1) : versions[Number(number) - 1];
    if (found) return found;
    throw notFound(`Secret Version [${nameOf(id)}/versions/${number}] not found.`);
  }

  #now(): string {
    return this.#clock.now().toISOString();
  }
}

const nameOf = (id: string) => `projects/${PROJECT_NUMBER}/secrets/${id}`;

function withEtag<T extends object>(content: T): T & { etag: string } {
  const text = JSON.stringify({ ...content, etag: undefined });
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 14);
  return { ...content, etag: `"${hash}"` };
}

function requireEtag(
  { name, etag: current }: { name: string; etag: string },
  etag: string | undefined,
): void {
  if (etag && etag !== current)
    throw aborted(`The etag provided does not match the current etag of ${name}: read it again.`);
}
