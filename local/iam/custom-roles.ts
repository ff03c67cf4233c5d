import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { StateFile } from '../core/state-file.ts';
import { aborted, alreadyExists, failedPrecondition, invalid, notFound } from '../http/api-error.ts';
import { maskPaths } from '../http/field-mask.ts';
import { type Page, page } from '../http/paging.ts';
import { etagOf } from './policy.ts';

/** A custom role of the project (https://cloud.google.com/iam/docs/reference/rest/v1/projects.roles). */
export interface Role extends RoleSettings {
  name: string;
  etag: string;
  /** For a week it can be undeleted; its bindings grant nothing meanwhile. */
  deleted?: boolean;
}

export interface RoleSettings {
  title?: string;
  description?: string;
  includedPermissions?: string[];
  stage?: string;
  etag?: string;
}

const ROLE_ID = /^[a-zA-Z0-9_.]{3,64}$/;
const PERMISSION = /^[a-z][a-zA-Z0-9]*\.[a-zA-Z0-9]+\.[a-zA-Z0-9]+$/;
const MAX_TITLE = 100;
const MAX_DESCRIPTION = 300;
const STAGES = ['ALPHA', 'BETA', 'GA', 'DEPRECATED', 'DISABLED', 'EAP'];
const FIELDS = ['title', 'description', 'includedPermissions', 'stage'] as const;

/** The custom roles of the project, on disk. */
export class CustomRoles {
  readonly #project: string;
  readonly #file: StateFile<Record<string, Role>>;

  constructor(stateDir: string, project: string) {
    this.#project = project;
    this.#file = new StateFile(join(stateDir, 'roles.json'), {});
  }

  create(roleId: string, settings: RoleSettings): Role {
    if (!ROLE_ID.test(roleId))
      throw invalid(`The role ID "${roleId}" must have 3 to 64 letters, digits, underscores or periods.`);
    const name = this.#nameOf(roleId);
    if (this.#file.value[name])
      throw alreadyExists(`A role named ${roleId} in projects/${this.#project} already exists.`);
    return this.#save(name, checkedRole({ stage: 'GA', ...settings }));
  }

  /** Creates the role, or gives it these settings where it exists. */
  ensure(roleId: string, settings: RoleSettings): Role {
    const current = this.find(this.#nameOf(roleId));
    if (!current) return this.create(roleId, settings);
    const same = FIELDS.every((field) => isDeepStrictEqual(current[field], settings[field]));
    return same ? current : this.#save(current.name, checkedRole(settings));
  }

  get(name: string): Role {
    const role = this.find(name);
    if (role) return role;
    throw notFound(`The role named ${name} was not found.`);
  }

  find(name: string): Role | undefined {
    return this.#file.value[name];
  }

  /** Without a mask, every field that the role has is changed. */
  patch(name: string, settings: RoleSettings, updateMask?: string): Role {
    const role = this.get(name);
    if (role.deleted)
      throw failedPrecondition(`You can't update role ${name}: it is deleted. Undelete it first.`);
    checkEtag(role, settings.etag);
    const paths = maskPaths(updateMask || Object.keys(settings));
    const changed = FIELDS.filter((field) => paths.includes(field));
    const changes = Object.fromEntries(changed.map((field) => [field, settings[field]]));
    return this.#save(name, checkedRole({ ...role, ...changes }));
  }

  delete(name: string, etag?: string): Role {
    const role = this.get(name);
    if (role.deleted) throw failedPrecondition(`Role ${name} is deleted already.`);
    checkEtag(role, etag);
    return this.#save(name, { ...role, deleted: true });
  }

  undelete(name: string, etag?: string): Role {
    const { deleted, ...role } = this.get(name);
    if (!deleted) throw failedPrecondition(`Role ${name} is not deleted.`);
    checkEtag(this.get(name), etag);
    return this.#save(name, role);
  }

  list({ pageSize, pageToken, showDeleted }: RoleListing): Page<Role> {
    const all = Object.values(this.#file.value).filter(({ deleted }) => showDeleted || !deleted);
    return page(all, ({ name }) => name, pageSize, pageToken);
  }

  #save(name: string, settings: RoleSettings & { deleted?: boolean }): Role {
    const { etag: _, ...content } = { ...settings, name };
    const role = { ...content, etag: etagOf(content) };
    this.#file.value[name] = role;
    this.#file.save();
    return role;
  }

  #nameOf(roleId: string): string {
    return `projects/${this.#project}/roles/${roleId}`;
  }
}

export interface RoleListing {
  pageSize?: number | undefined;
  pageToken?: string | undefined;
  showDeleted?: boolean;
}

function checkedRole(settings: RoleSettings): RoleSettings {
  const { title = '', description = '', includedPermissions = [], stage = '' } = settings;
  if (title.length > MAX_TITLE) throw invalid(`The title of a role may have ${MAX_TITLE} characters.`);
  if (description.length > MAX_DESCRIPTION)
    throw invalid(`The description of a role may have ${MAX_DESCRIPTION} characters.`);
  if (!STAGES.includes(stage))
    throw invalid(`The stage of a role is one of ${STAGES.join(', ')}, not "${stage}".`);
  for (const permission of includedPermissions)
    if (!PERMISSION.test(permission)) throw invalid(`Permission ${permission} is not valid.`);
  return settings;
}

function checkEtag(role: Role, etag: string | undefined): void {
  if (etag && etag !== role.etag)
    throw aborted(
      `There were concurrent changes of role ${role.name}. Please retry the whole read-modify-write with exponential backoff.`,
    );
}
