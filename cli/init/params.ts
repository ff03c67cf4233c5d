import { PARAM_NAME, RESERVED_PARAMS, UNSAFE_IN_VALUE } from '../../shared/config/names.ts';
import { matchesWhole } from '../../shared/config/params.ts';
import { looksSecret } from '../../shared/redact.ts';
import type { Makefile, MakeVariable } from '../makefile/makefile.ts';
import { expandedValue } from '../makefile/recipe.ts';
import { isValidFor, ownKeyOf } from './own-keys.ts';
import type { LeftOut } from './targets.ts';

export interface ProposedParam {
  name: string;
  pattern: string;
  /** The Makefile's own value, for people. */
  preset: string;
}

/** Programs and their options, and how make itself runs. */
const TOOLS =
  /^(?:PYTHON\w*|PIP\w*|PY|UV|POETRY|CONDA\w*|CC|CXX|CPP|LD|AR|AS|FC|RUSTC|CARGO\w*|GO|NODE|NPM|NPX|DOCKER\w*|COMPOSE\w*|PODMAN|GIT|GCLOUD|GSUTIL|AWS|SUDO|SSH\w*|CURL|WGET|MAKE\w*|\w*FLAGS|\w*_OPTS|\w*OPTIONS|\w*_ARGS|ARGS|SHELL\w*|VENV\w*|VICINITY\w*|LD_\w+|Q|V|VERBOSE|DEBUG|NO_COLOR|COLOU?R|TERM|EDITOR|PAGER|BROWSER|OS|ARCH|UNAME\w*|LANG|LC_\w+|TZ)$/;
const PLACES =
  /(?:^|_)(?:DIR|DIRS|DIRECTORY|PATH|ROOT|HOME|PREFIX|FOLDER|FILE|FILES|SRC|BIN|OUT|TMP|TEMP|CACHE|WORKSPACE|CWD|PWD|URL|URI|HOST|HOSTNAME|PORT|ADDR|ENDPOINT|DSN|REGISTRY|REPO|REPOSITORY|IMAGE|TAG|REMOTE|EMAIL|SCRIPT|CONFIG|MANIFEST|LOG|LOGS|LOGFILE)$|^(?:BASE|PROJ)?DIR$/;
/** Who and when, as this computer knows it. */
const THIS_COMPUTER =
  /^(?:USER|USERNAME|LOGNAME|HOSTNAME|UID|GID|NOW|TIMESTAMP|BUILD_\w+|GIT_\w+|COMMIT\w*|SHA|REV|REVISION|BRANCH|VERSION|RUN_ID|RUNID|JOB_ID|ATTEMPT|SRC_TARBALL|RESULTS_PREFIX|RUN_SPEC)$/;
const SECRETS =
  /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PWD|CREDENTIALS?|KEY|APIKEY|PAT|WEBHOOK|AUTH|CERT)(?:$|_)/;
const COUNT_NAME =
  /^(?:WORKERS|THREADS|JOBS|NPROC|CORES|CPUS|.*_(?:WORKERS|THREADS|JOBS|SHARDS|COUNT|BEST|SIZE))$/;
const PLAIN_CHARACTERS = 'A-Za-z0-9_.,/ -';

/** The variables that a request may set: those that the Makefile leaves to its caller and that look like the job's own. */
export function chooseParams(
  makefile: Makefile,
  directory: string,
): { params: ProposedParam[]; leftOut: LeftOut[] } {
  const params: ProposedParam[] = [];
  const leftOut: LeftOut[] = [];
  for (const variable of makefile.variables.values()) {
    if (!variable.isDefault) continue;
    const preset = expandedValue(makefile, variable.name, directory);
    const key = ownKeyOf(variable.name);
    if (key !== undefined && isValidFor(key, preset)) continue;
    const reason = key === undefined ? reasonAgainst(variable, preset) : `is no valid ${key}: ${preset}`;
    if (reason !== undefined) leftOut.push({ name: variable.name, reason });
    else params.push({ name: variable.name, preset, pattern: patternOf(variable.name, preset) });
  }
  return { params, leftOut };
}

function reasonAgainst({ name, value, isOverride }: MakeVariable, preset: string): string | undefined {
  if (SECRETS.test(name) || looksSecret(preset)) return 'may be a secret, which belongs in Secret Manager';
  if (isOverride) return 'is overridden by the Makefile';
  if (!PARAM_NAME.test(name)) return 'a request sets upper-case variables only';
  if (RESERVED_PARAMS.has(name) || TOOLS.test(name)) return 'is about the programs, not the job';
  if (THIS_COMPUTER.test(name)) return 'differs from run to run by itself';
  if (PLACES.test(name) || isPlace(preset)) return 'is a place';
  if (/\$[({]shell\s/.test(value) && !COUNT_NAME.test(name)) return 'is computed by a program';
  if (UNSAFE_IN_VALUE.test(preset)) return 'has a value with characters that a shell acts on';
  if (preset.length > 100) return 'has a long value';
  return undefined;
}

/** A path or an address; not 1/2, and not a date. */
function isPlace(value: string): boolean {
  return /^[~.]|[^\d/]\/|\/[^\d/]|\/$/.test(value);
}

/** As narrow as the preset suggests; it always matches the preset, unless that is computed. */
function patternOf(name: string, preset: string): string {
  const candidates = COUNT_NAME.test(name)
    ? ['[1-9][0-9]{0,3}']
    : /^\d+$/.test(preset)
      ? ['[1-9][0-9]{0,3}', '[0-9]{1,18}', '[0-9]+']
      : ['-?[0-9]+(\\.[0-9]+)?', '(true|false)', '(yes|no)', textPattern(preset)];
  return (
    candidates.find((pattern) => preset !== '' && matchesWhole(pattern, preset)) ??
    candidates.at(COUNT_NAME.test(name) ? 0 : -1) ??
    ''
  );
}

/** Text that begins as the preset does, of plain characters and those of the preset. */
function textPattern(preset: string): string {
  const extra = [...new Set(preset.replaceAll(/[A-Za-z0-9_.,/ -]/g, ''))]
    .join('')
    .replaceAll(/[\]\\^[]/g, '\\$&');
  const first = `A-Za-z0-9${/^[A-Za-z0-9]/.test(preset) || preset === '' ? '' : preset[0]?.replace(/[\]\\^[-]/, '\\$&')}`;
  return `[${first}][${extra}${PLAIN_CHARACTERS}]{0,99}`;
}
