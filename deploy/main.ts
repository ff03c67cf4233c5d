import type { DeployProgram } from '../shared/ports/deploy-program.ts';

/** The deploy program of the `vicinity` command. It loads each part when it is needed: Google's clients take half a second. */
export const program: DeployProgram = {
  async plan(call, options) {
    if (options.gcloud) return (await import('./commands/gcloud.ts')).printCommands(call);
    return (await import('./commands/plan.ts')).showPlan(call);
  },
  async apply(call, options) {
    return (await import('./commands/apply.ts')).applyTable(call, options);
  },
  async verify(call, options) {
    return (await import('./commands/verify.ts')).verify(call, options);
  },
  async destroy(call, options) {
    return (await import('./commands/destroy.ts')).destroy(call, options);
  },
  async setWebhook(call, url) {
    return (await import('./commands/webhook.ts')).setWebhook(call, url);
  },
  schedule: {
    async show(call) {
      return (await import('./commands/schedule.ts')).show(call);
    },
    async set(call, name, timing) {
      return (await import('./commands/schedule.ts')).set(call, name, timing);
    },
    async pause(call, name) {
      return (await import('./commands/schedule.ts')).pause(call, name);
    },
    async resume(call, name) {
      return (await import('./commands/schedule.ts')).resume(call, name);
    },
    async run(call, name) {
      return (await import('./commands/schedule.ts')).run(call, name);
    },
  },
  async doctor(call) {
    return (await import('./commands/doctor.ts')).doctor(call);
  },
};
