import { parse } from 'smol-toml';
import { isMap } from '../../shared/is-map.ts';
import type { Makefile } from '../makefile/makefile.ts';
import type { OutputFinder } from './outputs.ts';
import { programOf } from './shell-commands.ts';
import { type Tree, textOf } from './tree.ts';

/** A rustup-init of 2025, by the hash in https://static.rust-lang.org/rustup/archive/1.28.2/x86_64-unknown-linux-gnu/rustup-init.sha256. */
export const RUSTUP = {
  version: '1.28.2',
  sha256: '20a06e644b0d9bd2fbdbfd52d42540bdde820ea7df86e92e533c073da0cdd43c',
};
/** What init writes where only pyproject.toml names the packages: pip on the VM takes a requirements file. */
export const WRITTEN_REQUIREMENTS = 'vicinity-requirements.txt';
const REQUIREMENTS = [
  'requirements.txt',
  'requirements/production.txt',
  'requirements/prod.txt',
  'requirements/base.txt',
  'requirements/main.txt',
  'requirements-prod.txt',
];

export interface Python {
  isUsed: boolean;
  requirements?: string;
  /** Lines of WRITTEN_REQUIREMENTS. */
  packages?: string[];
  /** What a person must do first. */
  hint?: string;
}

/** What pip must install: by a requirements file, else by pyproject.toml. */
export function pythonOf(tree: Tree, makefile: Makefile, finder: OutputFinder): Python {
  const isUsed = usesProgram(makefile, finder, /^(?:python[\d.]*|pip[\d.]*|pytest|uv|poetry|maturin)$/);
  const requirements = REQUIREMENTS.find((file) => tree.tracked.has(file));
  if (requirements) return { isUsed: true, requirements };
  const project = tomlOf(tree, 'pyproject.toml');
  if (!project) return { isUsed };
  const packages = dependenciesOf(project);
  if (packages.length > 0) return { isUsed: true, requirements: WRITTEN_REQUIREMENTS, packages };
  const hint =
    isMap(project.tool) && isMap(project.tool.poetry)
      ? 'pyproject.toml is for Poetry: run "poetry export --output requirements.txt", git add it, and name it as pythonRequirements.'
      : undefined;
  return { isUsed: true, ...(hint && { hint }) };
}

/** `[project] dependencies`, and what builds the native part. */
function dependenciesOf(project: Record<string, unknown>): string[] {
  const declared = isMap(project.project) ? texts(project.project.dependencies) : [];
  const build = isMap(project['build-system']) ? texts(project['build-system'].requires) : [];
  const native = build.filter((name) => /^(?:maturin|setuptools-rust)\b/.test(name));
  return [...new Set([...declared, ...native])];
}

export interface Rust {
  /** A toolchain such as 1.90.0, or stable. */
  toolchain: string;
  /** Why it is needed. */
  because: string;
}

/** The Rust toolchain, if Cargo.toml or a recipe asks for one. */
export function rustOf(
  tree: Tree,
  makefile: Makefile,
  finder: OutputFinder,
  native: string | undefined,
): Rust | undefined {
  const cargo = [...tree.tracked].filter((file) => /(?:^|\/)Cargo\.toml$/.test(file)).sort()[0];
  const isCalled = usesProgram(makefile, finder, /^(?:cargo|maturin|rustc)$/);
  if (!cargo && !isCalled && !native) return undefined;
  const file = tomlOf(tree, 'rust-toolchain.toml');
  const channel = isMap(file?.toolchain) ? file.toolchain.channel : textOf(tree, 'rust-toolchain')?.trim();
  const toolchain =
    typeof channel === 'string' && /^(?:\d+\.\d+(?:\.\d+)?|stable)$/.test(channel) ? channel : 'stable';
  return { toolchain, because: cargo ?? (isCalled ? 'a recipe that calls cargo' : `the target ${native}`) };
}

function usesProgram(makefile: Makefile, finder: OutputFinder, program: RegExp): boolean {
  return makefile.targets.some((target) =>
    finder.commandsOf(target).some((command) => program.test(programOf(command))),
  );
}

/** Undefined where the file is not there, or is not TOML: pip and cargo will say so better. */
function tomlOf(tree: Tree, file: string): Record<string, unknown> | undefined {
  const text = textOf(tree, file);
  if (text === undefined) return undefined;
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
