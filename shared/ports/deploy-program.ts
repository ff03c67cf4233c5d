import type { Config } from '../config/schema.ts';
import type { Clock } from './clock.ts';
import type { Screen } from './screen.ts';

/** What every command of the deploy program gets. */
export interface DeployCall {
  config: Config;
  env: Record<string, string | undefined>;
  clock: Clock;
  screen: Screen;
  /** Print JSON instead of text. */
  json: boolean;
  /** The caller's name, for records. */
  user: string;
}

/** The project differs from the table. */
export const EXIT_DIFFERS = 10;
export type DeployExit = 0 | typeof EXIT_DIFFERS;

/** The deploy program, as the command loads it. It loads Google's clients when they are needed. */
export interface DeployProgram {
  plan(call: DeployCall, options: { gcloud: boolean }): Promise<DeployExit>;
  apply(call: DeployCall, options: ApplyOptions): Promise<DeployExit>;
  verify(call: DeployCall, options: { canary: boolean; waitSeconds: number }): Promise<DeployExit>;
  /** Removes what apply created. */
  destroy(call: DeployCall, options: DestroyOptions): Promise<DeployExit>;
  /** Stores the URL of the Slack webhook, which appears nowhere else. */
  setWebhook(call: DeployCall, url: string): Promise<DeployExit>;
  schedule: ScheduleProgram;
  doctor(call: DeployCall): Promise<DeployExit>;
}

export interface ApplyOptions {
  /** Apply without showing the plan first. */
  yes: boolean;
  /** Asks a person and returns the typed line; absent without a terminal. */
  confirm?: (question: string) => Promise<string>;
}

export interface DestroyOptions {
  /** Delete the bucket too, with every result. */
  results: boolean;
  yes: boolean;
  /** Asks a person for the project's name and returns the typed line. */
  confirm(question: string): Promise<string>;
}

/** Cloud Scheduler jobs, by their name in vicinity.yaml. */
export interface ScheduleProgram {
  show(call: DeployCall): Promise<DeployExit>;
  set(call: DeployCall, name: string, timing: { cron?: string; timeZone?: string }): Promise<DeployExit>;
  pause(call: DeployCall, name: string): Promise<DeployExit>;
  resume(call: DeployCall, name: string): Promise<DeployExit>;
  run(call: DeployCall, name: string): Promise<DeployExit>;
}
