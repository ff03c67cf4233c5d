import type { Config } from '../config/schema.ts';
import type { Clock } from './clock.ts';
import type { Screen } from './screen.ts';

/** What the commands around a deployment are told. */
export interface DeployCall {
  config: Config;
  env: Record<string, string | undefined>;
  clock: Clock;
  screen: Screen;
  /** Print JSON instead of text. */
  json: boolean;
  /** Who calls, for records. */
  user: string;
}

/** Something differs from what it should be. */
export const EXIT_DIFFERS = 10;
export type DeployExit = 0 | typeof EXIT_DIFFERS;

/** The deploy program, as the command loads it: its parts know Google's clients and are loaded when they are needed. */
export interface DeployProgram {
  plan(call: DeployCall, options: { gcloud: boolean }): Promise<DeployExit>;
  apply(call: DeployCall): Promise<DeployExit>;
  verify(call: DeployCall, options: { canary: boolean; waitSeconds: number }): Promise<DeployExit>;
  /** `confirm` asks a person for the project's name, and answers what was typed. */
  destroy(call: DeployCall, options: DestroyOptions): Promise<DeployExit>;
  /** Replaces the Slack webhook's URL, which appears nowhere else. */
  setWebhook(call: DeployCall, url: string): Promise<DeployExit>;
  schedule: ScheduleProgram;
  doctor(call: DeployCall): Promise<DeployExit>;
}

export interface DestroyOptions {
  /** The bucket goes as well, with every result. */
  results: boolean;
  yes: boolean;
  confirm(question: string): Promise<string>;
}

/** Cloud Scheduler's jobs by the name that vicinity.yaml gives them. */
export interface ScheduleProgram {
  show(call: DeployCall): Promise<DeployExit>;
  set(call: DeployCall, name: string, timing: { cron?: string; timeZone?: string }): Promise<DeployExit>;
  pause(call: DeployCall, name: string): Promise<DeployExit>;
  resume(call: DeployCall, name: string): Promise<DeployExit>;
  run(call: DeployCall, name: string): Promise<DeployExit>;
}
