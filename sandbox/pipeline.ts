import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileProblem } from '../shared/config/file-problem.ts';
import { CONFIG_FILE, loadConfig } from '../shared/config/load.ts';
import { type Config, configSchema } from '../shared/config/schema.ts';
import { InvalidError } from '../shared/errors.ts';
import { repositoryTop, upward } from './folders.ts';

/** The pipeline that a local cloud serves. */
export interface Pipeline {
  /** Its top folder: where `make` runs. */
  root: string;
  config: Config;
  /** Why it is this one, for people. */
  because: string;
}

export interface PipelineSources {
  cwd: string;
  /** `--config`: the file of another pipeline. */
  configFile?: string | undefined;
  /** Taken where there is no pipeline at `cwd`. */
  example: string;
}

/**
 * The configured pipeline at or above `cwd`; else a repository with a Makefile, with the default configuration; else the
 * example. Throws InvalidError where the configuration has faults.
 */
export function findPipeline({ cwd, configFile, example }: PipelineSources): Pipeline {
  if (configFile) return configured(existing(resolve(cwd, configFile)));
  const top = repositoryTop(cwd);
  const found = upward(cwd, top ?? cwd).find((folder) => existsSync(join(folder, CONFIG_FILE)));
  if (found) return configured(join(found, CONFIG_FILE));
  if (top && existsSync(join(cwd, 'Makefile')))
    return { root: cwd, config: localConfig(''), because: `${cwd} has a Makefile and no ${CONFIG_FILE}` };
  const { config } = configured(join(example, CONFIG_FILE));
  return {
    root: example,
    config,
    because: `there is no pipeline in ${cwd}, so the bundled example is served`,
  };
}

function existing(file: string): string {
  const fault = fileProblem(file);
  if (!fault) return file;
  const remedy = 'Give the path of a vicinity.yaml, or leave --config out.';
  throw new InvalidError([{ field: '--config', problem: `${file} ${fault}`, remedy }]);
}

function configured(file: string): Pipeline {
  return { root: dirname(file), config: localConfig(readFileSync(file, 'utf8'), file), because: file };
}

/** The local cloud has names of its own, whatever the file says: no command that strays can reach the real project. */
function localConfig(text: string, file = CONFIG_FILE): Config {
  const { project, zone, instance, bucket } = configSchema.parse({});
  return loadConfig({ text, file, env: {}, flags: { project, zone, instance, bucket } });
}
