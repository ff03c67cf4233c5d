import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { PROJECT_NUMBER } from '../core/project.ts';
import { StateFile } from '../core/state-file.ts';
import { alreadyExists, invalid, notFound } from '../http/api-error.ts';
import { maskPaths } from '../http/field-mask.ts';
import { type Page, page } from '../http/paging.ts';
import type { PolicyBook } from './policy-book.ts';
import { fullName, serviceAccount } from './resources.ts';

/** A service account (https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts). */
export interface ServiceAccount {
  name: string;
  projectId: string;
  uniqueId: string;
  email: string;
  displayName?: string;
  description?: string;
  oauth2ClientId: string;
  etag: string;
  disabled?: boolean;
}

export interface AccountSettings {
  displayName?: string;
  description?: string;
}

const ACCOUNT_ID = /^[a-z]([-a-z0-9]{4,28}[a-z0-9])$/;
const MAX_DISPLAY_NAME = 100;
const MAX_DESCRIPTION = 256;
/** Every project has it; a function or a VM without an account of its own gets it. */
export const DEFAULT_COMPUTE_ACCOUNT = `${PROJECT_NUMBER}-compute@developer.gserviceaccount.com`;

export interface AccountsOptions {
  stateDir: string;
  project: string;
  policies: PolicyBook;
}

/** The service accounts of the project, on disk. */
export class Accounts {
  readonly #project: string;
  readonly #policies: PolicyBook;
  readonly #file: StateFile<Record<string, ServiceAccount>>;

  constructor({ stateDir, project, policies }: AccountsOptions) {
    this.#project = project;
    this.#policies = policies;
    this.#file = new StateFile(join(stateDir, 'accounts.json'), {});
    if (!this.find(DEFAULT_COMPUTE_ACCOUNT))
      this.#add(DEFAULT_COMPUTE_ACCOUNT, { displayName: 'Compute Engine default service account' });
  }

  create(accountId: string, settings: AccountSettings): ServiceAccount {
    if (!ACCOUNT_ID.test(accountId))
      throw invalid(
        `Account id "${accountId}" does not have a length between 6 and 30, or is not of a-z, 0-9 and hyphens, beginning with a letter.`,
      );
    const email = `${accountId}@${this.#project}.iam.gserviceaccount.com`;
    if (this.find(email))
      throw alreadyExists(
        `Service account ${accountId} already exists within project projects/${this.#project}.`,
      );
    return this.#add(email, checkedSettings(settings));
  }

  /** Makes the account unless it exists. */
  ensure(accountId: string, settings: AccountSettings): ServiceAccount {
    return (
      this.find(`${accountId}@${this.#project}.iam.gserviceaccount.com`) ?? this.create(accountId, settings)
    );
  }

  find(emailOrId: string): ServiceAccount | undefined {
    const accounts = this.#file.value;
    return accounts[emailOrId] ?? Object.values(accounts).find(({ uniqueId }) => uniqueId === emailOrId);
  }

  get(emailOrId: string): ServiceAccount {
    const found = this.find(emailOrId);
    if (found) return found;
    throw notFound(
      `Unknown service account: projects/${this.#project}/serviceAccounts/${emailOrId} does not exist.`,
    );
  }

  list(pageSize?: number, pageToken?: string): Page<ServiceAccount> {
    return page(Object.values(this.#file.value), ({ email }) => email, pageSize, pageToken);
  }

  patch(emailOrId: string, changes: AccountSettings, updateMask = ''): ServiceAccount {
    const account = this.get(emailOrId);
    const paths = maskPaths(updateMask);
    const { displayName = '', description = '' } = checkedSettings(changes);
    if (paths.includes('displayName')) account.displayName = displayName;
    if (paths.includes('description')) account.description = description;
    return this.#save(account);
  }

  setDisabled(emailOrId: string, disabled: boolean): void {
    const account = this.get(emailOrId);
    account.disabled = disabled;
    this.#save(account);
  }

  /** What it was granted stays in the policies under a name that no later account has. */
  delete(emailOrId: string): void {
    const { email, uniqueId } = this.get(emailOrId);
    delete this.#file.value[email];
    this.#file.save();
    this.#policies.delete(fullName(serviceAccount(this.#project, email)));
    this.#policies.renameMember(`serviceAccount:${email}`, `deleted:serviceAccount:${email}?uid=${uniqueId}`);
  }

  #add(email: string, settings: AccountSettings): ServiceAccount {
    const uniqueId = `1${String(randomInt(10 ** 10)).padStart(10, '0')}${String(randomInt(10 ** 10)).padStart(10, '0')}`;
    return this.#save({
      name: `projects/${this.#project}/serviceAccounts/${email}`,
      projectId: this.#project,
      uniqueId,
      email,
      ...settings,
      oauth2ClientId: uniqueId,
      etag: 'MDEwMjE5MjA=',
    });
  }

  #save(account: ServiceAccount): ServiceAccount {
    this.#file.value[account.email] = account;
    this.#file.save();
    return account;
  }
}

function checkedSettings({ displayName, description }: AccountSettings): AccountSettings {
  if ((displayName ?? '').length > MAX_DISPLAY_NAME)
    throw invalid(`The display name of a service account may have ${MAX_DISPLAY_NAME} characters.`);
  if ((description ?? '').length > MAX_DESCRIPTION)
    throw invalid(`The description of a service account may have ${MAX_DESCRIPTION} characters.`);
  return { ...(displayName && { displayName }), ...(description && { description }) };
}
