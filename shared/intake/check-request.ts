import { durationSeconds } from '../config/duration.ts';
import { COUNT, NUMBER_PARAMS, UNSAFE_IN_VALUE } from '../config/names.ts';
import { matchesWhole, type ParamConfig } from '../config/params.ts';
import type { Config, TargetConfig } from '../config/schema.ts';
import type { ValidationIssue } from '../errors.ts';
import { didYouMean } from '../model/did-you-mean.ts';
import type { Request } from '../model/request.ts';
import type { RunSpec } from '../model/spec.ts';
import { MAX_METADATA_VALUE } from '../reconcile/vm-metadata.ts';
import { looksSecret } from '../redact.ts';

/** The part of a run's spec that the request and the configuration settle, or everything that is wrong with the request. */
export type CheckedRequest = { resolved: ResolvedRequest } | { issues: ValidationIssue[] };
export type ResolvedRequest = Omit<RunSpec, 'runId' | 'trigger' | 'messageId' | 'source' | 'requestedAt'> & {
  wantedSource: string;
};

/** Checks a request against the configured allow-list; every fault at once. */
export function checkRequest(request: Request, config: Config): CheckedRequest {
  const name = request.target ?? config.defaultTarget;
  const target = Object.hasOwn(config.targets, name) ? config.targets[name] : undefined;
  const params = checkParams(request.params ?? {}, withTelemetry(request, declaredFor(target, config)));
  const issues = [
    ...(target ? [] : [unknownTarget(name, config)]),
    ...params.issues,
    ...checkMachineType(request.machineType, config),
  ];
  if (!target || issues.length > 0) return { issues };
  return { resolved: resolveSpec(request, config, name, target, params.values) };
}

function resolveSpec(
  request: Request,
  config: Config,
  name: string,
  target: TargetConfig,
  params: Record<string, string>,
): ResolvedRequest {
  const { limits } = config;
  const machineType = request.machineType ?? target.machineType ?? config.machineTypes[0] ?? '';
  const spot = (target.provisioning ?? config.vm.provisioning) === 'spot';
  const { pythonRequirements, rust, rustup, native, apt, files, script } = config.provision;
  return {
    version: 1,
    target: name,
    params,
    outputs: target.outputs.map(withoutSlash),
    provision: {
      apt,
      ...(pythonRequirements && { pythonRequirements }),
      ...(rust && { rust }),
      ...(rustup && { rustup }),
      ...(native && { native }),
      ...(files.length > 0 && { files }),
      ...(script && { script }),
    },
    ...(target.runAs === 'root' && { runAs: 'root' as const }),
    ...(target.state === 'carry' && { state: carried(target) }),
    ...(target.progress && { progress: target.progress }),
    machineType,
    ...(spot && { provisioning: 'spot' as const }),
    fallbackMachineTypes: config.fallbackMachineTypes,
    maxSeconds: seconds(request.maxDuration ?? target.maxDuration ?? limits.maxDuration),
    maxAttempts: limits.maxAttempts,
    maxAgeSeconds: seconds(limits.maxAge),
    startWithinSeconds: seconds(limits.startWithin),
    telemetryInterval: Number(params[TELEMETRY_INTERVAL] ?? config.telemetryInterval),
    onBusy: request.onBusy ?? 'queue',
    ...(notifiesStart(config) && { tellStart: true as const }),
    ...(request.requestedBy && { requestedBy: request.requestedBy }),
    wantedSource: request.source ?? 'latest',
  };
}

/** A webhook would post one message more for each run; a bot begins with it the message that the run has anyway. */
function notifiesStart({ slack }: Config): boolean {
  return slack.tellStart ?? slack.channel !== undefined;
}

function carried({ statePaths, checkpointEvery }: TargetConfig): NonNullable<RunSpec['state']> {
  return { paths: statePaths.map(withoutSlash), checkpointSeconds: seconds(checkpointEvery) };
}

function withoutSlash(path: string): string {
  return path.replace(/(?<!\/)\/+$/, '');
}

/** The parameters that a request may set; where its target is unknown, those that every target has, or any. */
function declaredFor(target: TargetConfig | undefined, config: Config): Record<string, ParamConfig> {
  if (target) return { ...config.params, ...target.params };
  const ofAny = Object.values(config.targets).flatMap(({ params }) => Object.keys(params));
  return { ...Object.fromEntries(ofAny.map((name) => [name, ANY_VALUE])), ...config.params };
}

/** Seconds between two telemetry samples of this run. Every request may set it; the configuration need not declare it. */
const TELEMETRY_INTERVAL = 'TELEMETRY_INTERVAL';
/** 1 to 300, as telemetryInterval of vicinity.yaml. */
const TELEMETRY_PARAM: ParamConfig = { pattern: '[1-9][0-9]?|[12][0-9]{2}|300' };

function withTelemetry(
  { params = {} }: Request,
  declared: Record<string, ParamConfig>,
): Record<string, ParamConfig> {
  const isUsed = TELEMETRY_INTERVAL in params || TELEMETRY_INTERVAL in declared;
  return isUsed
    ? { ...declared, [TELEMETRY_INTERVAL]: { ...declared[TELEMETRY_INTERVAL], ...TELEMETRY_PARAM } }
    : declared;
}

const ANY_VALUE: ParamConfig = { pattern: '.*' };

function checkParams(given: Record<string, string>, declared: Record<string, ParamConfig>) {
  const defaults = Object.entries(declared).flatMap(([name, { default: text }]) =>
    text === undefined ? [] : [[name, text]],
  );
  const values: Record<string, string> = { ...Object.fromEntries(defaults), ...given };
  const issues = Object.entries(values).flatMap(([name, value]) => checkParam(name, value, declared));
  return { values, issues };
}

function checkParam(name: string, value: string, declared: Record<string, ParamConfig>): ValidationIssue[] {
  const field = `params.${name}`;
  if (!Object.hasOwn(declared, name)) {
    const remedy =
      didYouMean(name, Object.keys(declared)) ??
      `Declare it under params in vicinity.yaml; declared are ${list(Object.keys(declared))}.`;
    return [{ field, problem: 'is not a declared parameter of this target', remedy }];
  }
  const pattern = declared[name]?.pattern ?? '';
  if (looksSecret(value)) {
    return [
      {
        field,
        problem: 'looks like a secret, which everybody who may see the VM or the bucket could read',
        remedy: 'Keep it in Secret Manager, and let the job read it from there.',
      },
    ];
  }
  const shown = JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (Buffer.byteLength(value) > MAX_METADATA_VALUE) {
    return [
      {
        field,
        problem: `has ${Buffer.byteLength(value)} bytes, more than the ${MAX_METADATA_VALUE} of a metadata value`,
        remedy: 'Put the data into a declared input.',
      },
    ];
  }
  if (UNSAFE_IN_VALUE.test(value)) {
    return [
      {
        field,
        problem: `${shown} holds a character that make or a shell would act on`,
        remedy: `Give a plain value that matches ${pattern}.`,
      },
    ];
  }
  if (!matchesWhole(pattern, value)) {
    return [
      {
        field,
        problem: `${shown} does not match its pattern ${pattern}`,
        remedy: 'Correct the value, or the pattern in vicinity.yaml.',
      },
    ];
  }
  if (NUMBER_PARAMS.has(name) && !COUNT.test(value)) {
    return [{ field, problem: `${shown} is not a number from 1 to 99999`, remedy: 'Give such a number.' }];
  }
  return [];
}

function checkMachineType(machineType: string | undefined, { machineTypes }: Config): ValidationIssue[] {
  if (!machineType || machineTypes.includes(machineType)) return [];
  return [
    {
      field: 'machineType',
      problem: `${machineType} is not one of the allowed machine types`,
      remedy:
        didYouMean(machineType, machineTypes) ??
        `Allowed are ${list(machineTypes)} (machineTypes in vicinity.yaml).`,
    },
  ];
}

function unknownTarget(name: string, { targets }: Config): ValidationIssue {
  const known = Object.keys(targets);
  return {
    field: 'target',
    problem: `${JSON.stringify(name)} is not one of the configured targets`,
    remedy: `${didYouMean(name, known) ?? `Configured are ${list(known)}.`} Add a target to vicinity.yaml to allow it.`,
  };
}

function seconds(duration: string): number {
  return durationSeconds(duration) ?? 0;
}

function list(names: string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
