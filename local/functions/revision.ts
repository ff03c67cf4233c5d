import type { Caller } from '../http/access.ts';

/** One version of a function, ready to be started. */
export interface Revision {
  name: string;
  /** The name under which the code registers its handler. */
  target: string;
  /** The program that serves it, and the folder that it is started in. */
  program: string;
  directory: string;
  /** Arguments of the program. */
  args: string[];
  /** The whole environment, asked at every cold start. */
  environment(): Promise<Record<string, string>>;
  /** What only a deployed function has. */
  deployed?: DeployedParts;
}

export interface DeployedParts {
  /** The service account that it runs as. */
  account: string;
  timeoutMs: number;
  /** Brings what is mounted up to date, before every event: a mounted secret is read when it is wanted. */
  refresh(): Promise<void>;
  /** Throws 401 or 403 where the caller may not invoke it. */
  admit(caller: Caller): void;
}
