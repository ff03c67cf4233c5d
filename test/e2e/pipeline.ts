import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A pipeline of a few lines: each target ends in its own way, in a second or less. */
const MAKEFILE = `
EXECUTIONS := @EXECUTIONS@
begin = @echo $@ >> $(EXECUTIONS)

good:
\t$(begin)
\tmkdir -p out && echo "workers=$(WORKERS) states=$(STATES)" > out/a.txt
fails:
\t$(begin)
\tmkdir -p out && echo partial > out/a.txt && echo "about to fail" && exit 3
missing:
\t$(begin)
empty:
\t$(begin)
\tmkdir -p out && : > out/a.txt
doubtful:
\t$(begin)
\t@mkdir -p out && echo x > out/a.txt && echo "[warn] no data for b" && echo "[error] c is broken"
slow:
\t$(begin)
\tmkdir -p out && echo started && sleep 2 && echo finished > out/a.txt
hangs:
\t$(begin)
\tmkdir -p out && echo partial > out/a.txt && sleep 600
bare:
\t$(begin)
hangs-once:
\t$(begin)
\tmkdir -p out && [ "$$(grep -c $@ $(EXECUTIONS))" -gt 1 ] || sleep 600; echo done > out/a.txt
carries: work/first
	$(begin)
	[ "$$(grep -c $@ $(EXECUTIONS))" -gt 1 ] || sleep 600; mkdir -p out && cat work/first > out/a.txt
work/first:
	echo first >> $(EXECUTIONS); mkdir -p work && date +%s%N > $@
`;

const CONFIG = `
defaultTarget: good
limits: { maxQueue: 100 }
provision: { apt: [make] }
targets:
  bare: {}
  carries: { outputs: [out], state: carry, statePaths: [work], provisioning: spot }
${['good', 'fails', 'missing', 'empty', 'doubtful', 'slow', 'hangs', 'hangs-once'].map((target) => `  ${target}: { outputs: [out] }`).join('\n')}
params:
  WORKERS: { pattern: '[1-9][0-9]?' }
  STATES: { pattern: '[a-z_,]+' }
`;

export interface Pipeline {
  directory: string;
  /** Targets in the order in which make really ran them; of the stub startup script: `TARGET RUN_ID ATTEMPT`. */
  executions(): string[];
  /** The file that holds them, a line each. */
  executionsFile: string;
}

/** Makes the pipeline as a git repository below `parent`; `settings` are more lines of its vicinity.yaml. */
export function makePipeline(parent: string, settings = ''): Pipeline {
  const directory = join(parent, 'pipeline');
  const executions = join(parent, 'executions');
  mkdirSync(directory);
  writeFileSync(executions, '');
  // On a machine of its own, make runs as another user.
  chmodSync(executions, 0o666);
  writeFileSync(join(directory, 'Makefile'), MAKEFILE.replace('@EXECUTIONS@', executions));
  writeFileSync(join(directory, 'vicinity.yaml'), CONFIG + settings);
  const git = (...args: string[]) => execFileSync('git', ['-C', directory, ...args], { stdio: 'ignore' });
  git('init');
  git('add', '.');
  git('-c', 'user.name=test', '-c', 'user.email=test@localhost', 'commit', '-m', 'A pipeline');
  return {
    directory,
    executionsFile: executions,
    executions: () => readFileSync(executions, 'utf8').split('\n').filter(Boolean),
  };
}
