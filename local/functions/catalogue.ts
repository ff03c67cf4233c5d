import { FUNCTIONS as CATALOGUE } from '../../shared/model/functions.ts';

/** One deployed function: which bundle, which export of it, and which topic's messages it gets. */
export interface FunctionSpec {
  /** Also the folder of its bundle, and the name of its push subscription. */
  name: string;
  /** The name under which the bundle registers its handler. */
  target: string;
  topic: string;
}

/** The control plane's functions, as `deploy/` deploys them too. */
export const FUNCTIONS: readonly FunctionSpec[] = CATALOGUE;
