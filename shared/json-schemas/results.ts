import { z } from 'zod';
import { TERMINAL_STATUSES } from '../model/final.ts';
import { packageManifestSchema } from '../model/package.ts';
import { statusSchema } from '../model/status.ts';

/** What the commands around runs and their results print as JSON. */

const leftOut = z.object({ name: z.string(), reason: z.string() });

export const init = z.object({
  project: z.string().optional(),
  zone: z.string().optional(),
  instance: z.string().optional(),
  bucket: z.string().optional(),
  machineTypes: z.array(z.string()).optional(),
  telemetryInterval: z.number().optional(),
  defaultTarget: z.string(),
  targets: z.array(
    z.object({
      name: z.string(),
      outputs: z.array(z.string()),
      isGuess: z.boolean().describe('The Makefile does not show the outputs: a person must confirm them.'),
      description: z.string().optional(),
    }),
  ),
  params: z.array(
    z.object({
      name: z.string(),
      pattern: z.string(),
      preset: z.string().describe('What the Makefile sets.'),
    }),
  ),
  leftOut: z
    .object({ targets: z.array(leftOut), params: z.array(leftOut) })
    .describe('Targets and variables of the Makefile that are not proposed, and why.'),
  inputs: z.array(z.string()).describe('Files and folders that git ignores and a target needs.'),
  missingInputs: z.array(z.string()).describe('What a target needs, and is neither here nor made.'),
  apt: z.array(z.string()).describe('Debian packages.'),
  pythonRequirements: z.string().optional(),
  rust: z.string().optional().describe('Toolchain.'),
  native: z.string().optional().describe('Target that builds the native part.'),
  oldScript: z.string().optional().describe('The script that drives the VM from a laptop so far.'),
  doubts: z.array(z.string()).describe('What could not be read with certainty.'),
  files: z.array(z.string()).describe('What was written; none after a dry run.'),
});

const finding = z.object({
  level: z.enum(['error', 'warning']),
  field: z.string().describe('What it is about: a file with its line, a target, an input.'),
  problem: z.string(),
  remedy: z.string(),
});

export const check = z.object({
  ok: z.boolean().describe('No finding is an error.'),
  config: z.string().optional().describe('The configuration file.'),
  makefile: z.string().optional(),
  targets: z.array(z.string()).describe('Configured targets that the Makefile has.'),
  package: z
    .object({ files: z.number(), inputs: z.number(), bytes: z.number() })
    .optional()
    .describe('What a push would package: tracked files, declared input files, and the bytes of both.'),
  schedules: z.array(
    z.object({
      name: z.string(),
      cron: z.string(),
      timeZone: z.string(),
      next: z.string().describe('Its next firing, RFC 3339 UTC.'),
    }),
  ),
  findings: z.array(finding),
});

const pushedInput = packageManifestSchema.shape.inputs.element.extend({ uploaded: z.boolean() });

export const push = z.object({
  sha256: z.string().describe('Of the package; its name.'),
  package: z.string().describe('Its gs:// address.'),
  bytes: z.number(),
  files: z.number(),
  commit: z.string().optional(),
  dirty: z.boolean().describe('Tracked files differ from the commit.'),
  uploaded: z.boolean().describe('False: it was there already, or this was a dry run.'),
  inputs: z.array(pushedInput),
  warnings: z.array(z.string()),
  dryRun: z.boolean(),
});

const skipped = z.object({ path: z.string(), reason: z.string() });

export const pull = z.object({
  runId: z.string(),
  directory: z.string().describe('Folder of the results.'),
  files: z.number(),
  bytes: z.number(),
  alreadyThere: z.number().describe('How many of the files were there, whole, already.'),
  resumedBytes: z.number().describe('What an interrupted pull had left of the others.'),
  skipped: z.array(skipped).describe('Results that have no place on this disk; paths below the results.'),
  serialLog: z.string().optional().describe('Copy of the console.'),
  fanOut: z
    .object({ written: z.array(z.string()), skipped: z.array(skipped) })
    .optional()
    .describe('With --fan-out: paths below the repository.'),
});

export const history = z.object({
  runs: z.array(statusSchema).describe('Newest first, each as its status.json.'),
  next: z.string().optional().describe('Where the next page begins: --before.'),
});

const figures = z.object({
  runId: z.string(),
  target: z.string(),
  status: z.enum(['queued', 'starting', 'running', ...TERMINAL_STATUSES]),
  verdict: z.enum(['ok', 'suspect', 'failed']).optional(),
  machineType: z.string().optional(),
  workers: z.number().optional(),
  seconds: z.number().optional().describe('From its start on the VM to its end.'),
  makeSeconds: z.number().optional(),
  dollars: z.number().optional(),
  outputBytes: z.number().optional(),
  startedAt: z.string().optional(),
});

const outputChange = z.object({
  path: z.string(),
  objects: z.number(),
  bytes: z.number(),
  against: z
    .object({
      bytesBefore: z.number(),
      added: z.array(z.string()),
      removed: z.array(z.string()),
      changed: z.array(z.string()),
    })
    .optional(),
});

export const compare = z.object({
  before: figures,
  after: figures,
  asked: z
    .array(z.object({ name: z.string(), before: z.string(), after: z.string() }))
    .describe('Parameters and source, where they differ.'),
  phases: z
    .array(z.object({ name: z.string(), before: z.number().optional(), after: z.number().optional() }))
    .describe('Seconds of each phase that either had.'),
  outputs: z.array(outputChange).optional().describe('Absent where one of them left no manifest.'),
});

export const report = z.object({ runId: z.string(), file: z.string(), bytes: z.number() });

const option = z.object({
  machineType: z.string(),
  workers: z.number(),
  seconds: z.number(),
  dollars: z.number(),
  measured: z.number().describe('Runs that were measured like this; 0: an estimate.'),
});

export const tune = z.object({
  runId: z.string(),
  target: z.string(),
  now: option,
  next: option,
  because: z.array(z.string()),
  options: z.array(option).describe('Every machine type that is allowed, cheapest first.'),
});

export const log = z.object({
  runId: z.string(),
  log: z.string().describe('Name of the log, such as build.log.'),
  lines: z.array(z.string()).describe('A carriage return ends a line, too.'),
});

export const ssh = z.object({
  calls: z.array(z.array(z.string())).describe('Calls of gcloud, each with its arguments.'),
});

export const image = z.object({
  name: z.string(),
  family: z.string(),
  description: z.string(),
  labels: z.record(z.string(), z.string()),
  diskSizeGb: z.number().optional().describe('Absent after a dry run.'),
  isNew: z.boolean().optional().describe('False: it was there already. Absent after a dry run.'),
});

export const dashboard = z.object({ url: z.string() });
