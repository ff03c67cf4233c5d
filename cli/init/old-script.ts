import type { Makefile } from '../makefile/makefile.ts';
import type { Tree } from './tree.ts';

const OLD_SCRIPT = /(?:^|\/)run_remote\.sh$/;

/** The script that drives the VM from a laptop, which the control plane replaces; undefined where there is none. */
export function oldScript({ targets }: Makefile, { tracked }: Tree): string | undefined {
  const file = [...tracked].find((each) => OLD_SCRIPT.test(each));
  if (file) return file;
  const lines = targets.flatMap(({ recipe }) => recipe);
  return lines.map((line) => /[\w./-]*run_remote\.sh/.exec(line)?.[0]).find(Boolean);
}

/** The target that the script was last told to run: `TARGET=d_anchor_category` in the recipe that calls it. */
export function oldTarget({ targets }: Makefile): string | undefined {
  const lines = targets
    .filter(({ recipe }) => recipe.some((line) => line.includes('run_remote.sh')))
    .flatMap(({ recipe }) => recipe);
  return lines.map((line) => /\bTARGET=["']?([\w./-]+)/.exec(line)?.[1]).find(Boolean);
}
