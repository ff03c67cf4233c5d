import { z } from 'zod';
import { isMap } from '../is-map.ts';
import { OWN_RESULTS } from '../model/layout.ts';
import { cronIssue } from '../schedule/cron.ts';
import { isTimeZone } from '../schedule/time-zone.ts';
import { prices, provisioning, vm } from './costs.ts';
import { DEFAULT_PARAMS, DEFAULT_TARGETS } from './defaults.ts';
import { duration } from './duration.ts';
import { machineType, PARAM_NAME, relativePath, SHA256, TARGET } from './names.ts';
import { params } from './params.ts';
import { progressPattern } from './progress-pattern.ts';
import { batch, shardingIssues, targetShards } from './sharding.ts';

/** `./data//x` is `data/x` to the VM. */
const outputPath = relativePath.refine((path) => !OWN_RESULTS.has(firstPart(path) ?? ''), {
  error: ({ input }) =>
    `must not begin with ${firstPart(String(input))}: results/<runId>/ has an object of Vicinity under this name`,
});

function firstPart(path: string): string | undefined {
  return path.split('/').find((part) => part !== '' && part !== '.');
}

const targetSchema = z
  .strictObject({
    outputs: z.array(outputPath).default([]).describe('Files and directories that make a result.'),
    params: params.default({}).describe('Parameters of this target alone.'),
    maxDuration: duration('30s', '120d').optional(),
    machineType: machineType.optional(),
    provisioning: provisioning.optional().describe('Its own, in place of vm.provisioning.'),
    runAs: z
      .enum(['user', 'root'], 'must be user or root')
      .default('user')
      .describe('Who the job is on the VM: a user without rights, or root.'),
    state: z
      .enum(['clean', 'carry'])
      .default('clean')
      .describe('Whether a run begins with what the last good run of the target has left at statePaths.'),
    statePaths: z
      .array(
        relativePath.refine((path) => !/^[./]*$/.test(path), 'must be a part of the tree, not all of it'),
      )
      .default([])
      .describe('Files and directories that are carried.'),
    checkpointEvery: duration('1m', '24h')
      .default('15m')
      .describe('How often they are saved while the job runs.'),
    shards: targetShards.optional(),
    progress: progressPattern
      .optional()
      .describe(
        'Regular expression for a line of build.log, with the named groups done and total, or percent.',
      ),
  })
  .refine(({ state, statePaths }) => (state === 'carry') === statePaths.length > 0, {
    path: ['statePaths'],
    message: 'must list what is carried where state is carry, and only there',
  })
  .describe('A make target that a request may ask for.');

const ARCHIVE = /\.(zip|tar|tar\.gz|tgz|tar\.bz2|tar\.xz|txz)$/;

/** The VM has the same rules (startup-script/tools/spec.py). */
const providedFile = z
  .strictObject({
    url: z
      .string()
      .regex(/^https:\/\/[A-Za-z0-9.-]+(:\d+)?\/[!-~]{1,2000}$/, 'must be an https URL without spaces')
      .describe('Where the file is. An archive (.zip, .tar, .tar.gz, .tar.bz2, .tar.xz) is unpacked.'),
    sha256: z.string().regex(SHA256, 'must be the SHA-256 of the file, in hexadecimal digits'),
    programs: z
      .array(
        z
          .string()
          .regex(
            /^(?![/~-])(?!(.*\/)?\.\.(\/|$))[A-Za-z0-9_@+,=./-]{1,200}$/,
            'must be a path below the archive, without spaces',
          ),
      )
      .min(1)
      .describe('Paths in the archive to put on the PATH; of a file that is no archive, its name there.'),
  })
  .refine(({ url, programs }) => ARCHIVE.test(new URL(url).pathname) || isOneName(programs), {
    path: ['programs'],
    message: 'must be one name without a slash, because the URL does not end like an archive',
  });

function isOneName(programs: string[]): boolean {
  return programs.length === 1 && !programs[0]?.includes('/');
}

const provision = z
  .strictObject({
    apt: z
      .array(z.string().regex(/^[a-z0-9][a-z0-9.+-]+$/, 'must be a Debian package name'))
      .default([])
      .describe('Debian packages.'),
    pythonRequirements: relativePath.optional().describe('A pip requirements file.'),
    rust: z
      .string()
      .regex(/^\d+\.\d+(\.\d+)?$|^stable$/, 'must be a toolchain such as 1.90.0 or stable')
      .optional(),
    rustup: z
      .strictObject({
        version: z.string().regex(/^\d+\.\d+\.\d+$/, 'must be a version such as 1.28.2'),
        sha256: z.string().regex(SHA256, 'must be the SHA-256 of rustup-init, in hexadecimal digits'),
      })
      .optional()
      .describe('The rustup to fetch where the VM has none. It is run only if it has this hash.'),
    files: z.array(providedFile).default([]).describe('Programs to download, for the PATH of make.'),
    script: relativePath
      .optional()
      .describe('A tracked script that runs as root, once for each content it has.'),
    native: z
      .string()
      .regex(TARGET, 'must be a make target')
      .optional()
      .describe('Target of the native build.'),
  })
  .describe('What the VM needs before make.');

const schedule = z
  .strictObject({
    cron: z
      .string()
      .superRefine((cron, context) => {
        const issue = cronIssue(cron);
        if (issue) context.addIssue({ code: 'custom', message: issue });
      })
      .describe('When it is asked for: unix cron, such as "0 3 * * 1" for Mondays at 03:00.'),
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be a time zone of the tz database, such as Europe/Paris')
      .default('Etc/UTC')
      .describe('Whose clock the cron follows.'),
    target: z.string().regex(TARGET, 'must be a make target').optional(),
    params: z.record(z.string().regex(PARAM_NAME), z.string()).optional(),
    machineType: machineType.optional(),
    maxDuration: duration('30s', '120d').optional(),
    onBusy: z.enum(['queue', 'skip']).optional(),
  })
  .describe('A run that Cloud Scheduler asks for.');

const source = z.strictObject({
  exclude: z
    .array(z.string().min(1))
    .default([])
    .describe('Tracked files left out, as git pathspec patterns.'),
  inputs: z
    .array(relativePath)
    .default([])
    .describe('Files that the run needs and git ignores; they travel by content hash.'),
});

const limits = z.strictObject({
  maxDuration: duration('30s', '120d').default('20h').describe('Longest run where the request says nothing.'),
  maxAttempts: z.int().min(1).max(10).default(3),
  maxQueue: z.int().min(0).max(100).default(20).describe('Runs that may wait behind the active one.'),
  maxAge: duration('1m', '14d')
    .default('72h')
    .describe('An older request expires instead of starting by surprise.'),
  startWithin: duration('1m', '24h')
    .default('2h')
    .describe('How long a start is tried again while the zone is out of stock.'),
});

/** `vicinity.yaml`: everything that the control plane knows of a pipeline. */
export const configSchema = z
  .strictObject({
    project: z
      .string()
      .regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'must be a Google Cloud project id')
      .default('vicinity-local'),
    zone: z
      .string()
      .regex(/^[a-z]+-[a-z]+\d+-[a-z]$/, 'must be a zone such as us-east4-c')
      .default('us-east4-c'),
    instance: z
      .string()
      .regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be an instance name')
      .default('vicinity-batch'),
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/, 'must be a bucket name')
      .default('vicinity-local'),
    defaultTarget: z.string().regex(TARGET, 'must be a make target').default('d_anchor_category'),
    targets: z
      .record(z.string().regex(TARGET, 'must be a make target'), targetSchema)
      .default(DEFAULT_TARGETS)
      .describe('The allow-list of targets.'),
    params: params.default(DEFAULT_PARAMS).describe('Parameters of every target.'),
    machineTypes: z
      .array(machineType)
      .min(1)
      .default(['c4d-highcpu-32', 'c4d-highcpu-96'])
      .describe('The allow-list of machine types. The first one is used where a run asks for none.'),
    fallbackMachineTypes: z
      .array(machineType)
      .default([])
      .describe('Tried in this order where the zone has no machine of the wanted type.'),
    schedules: z
      .record(
        z
          .string()
          .regex(
            /^(?!(sweep|retire)$)[a-z]([a-z0-9-]{0,48}[a-z0-9])?$/,
            "must be a lower-case name such as weekly; sweep and retire are the system's own",
          ),
        schedule,
      )
      .default({})
      .describe(
        'Runs at fixed times. A run that is not requested within half an hour of its time is reported to Slack.',
      ),
    source: source.prefault({}),
    provision: provision.prefault({}),
    limits: limits.prefault({}),
    slack: z
      .strictObject({
        channel: z
          .string()
          .regex(
            /^([CG][A-Z0-9]{8,}|#?[a-z0-9][a-z0-9._-]{0,79})$/,
            'must be a channel such as C0123456789 or #pipeline',
          )
          .optional()
          .describe('Where a bot posts; a webhook has a channel of its own.'),
        tellStart: z
          .boolean()
          .optional()
          .describe(
            'Whether Slack gets a message when a run starts. Default: yes, if a channel is set and a bot posts.',
          ),
      })
      .prefault({}),
    vm: vm.prefault({}),
    batch: batch.optional(),
    prices: prices.prefault({}),
    telemetryInterval: z.int().min(1).max(300).default(5).describe('Seconds between two telemetry samples.'),
  })
  .superRefine(
    (config, context) => {
      const { targets } = config;
      for (const { path, target } of targetsNamedIn(config)) {
        if (typeof target !== 'string' || !TARGET.test(target) || target in targets) continue;
        const message = `is ${target}, but must be one of the targets (${Object.keys(targets).join(', ')})`;
        context.addIssue({ code: 'custom', path, message });
      }
      for (const issue of shardingIssues(config)) context.addIssue({ code: 'custom', ...issue });
    },
    // Also checked where other keys are wrong, so that all issues are reported at once.
    { when: ({ value }) => isMap(value) && isMap(value.targets) && isMap(value.schedules) },
  )
  .meta({ title: 'vicinity.yaml', description: 'Configuration of the vicinity control plane.' });

/** Where a target is named. What was refused may be of any shape. */
function targetsNamedIn(config: { defaultTarget: unknown; schedules: Record<string, unknown> }) {
  const ofSchedules = Object.entries(config.schedules).map(([name, schedule]) => ({
    path: ['schedules', name, 'target'],
    target: isMap(schedule) ? schedule.target : undefined,
  }));
  return [{ path: ['defaultTarget'], target: config.defaultTarget as unknown }, ...ofSchedules];
}

export type Config = z.output<typeof configSchema>;
export type TargetConfig = z.output<typeof targetSchema>;
export type ScheduleConfig = z.output<typeof schedule>;
