import { shellWord } from '../../shared/shell-word.ts';
import { emailOf } from '../table/names.ts';
import { type Binding, bindingKey, type Target } from '../table/resource.ts';
import type { CommandsOf, Deployment } from './deployment.ts';
import { commandLines, fileFlag, fileLines } from './shell.ts';

/** The command that adds to the policy of a resource, up to its name. */
const COMMANDS: Record<Target['kind'], (name: string, deployment: Deployment) => string> = {
  project: (name) => `gcloud projects add-iam-policy-binding ${shellWord(name)}`,
  account: (name, { project }) =>
    `gcloud iam service-accounts add-iam-policy-binding ${emailOf(name, project)}`,
  bucket: (name) => `gcloud storage buckets add-iam-policy-binding gs://${name}`,
  topic: (name) => `gcloud pubsub topics add-iam-policy-binding ${name}`,
  subscription: (name) => `gcloud pubsub subscriptions add-iam-policy-binding ${name}`,
  secret: (name) => `gcloud secrets add-iam-policy-binding ${name}`,
  instance: (name, { zone }) => `gcloud compute instances add-iam-policy-binding ${name} --zone=${zone}`,
  function: (name, { region }) => `gcloud run services add-iam-policy-binding ${name} --region=${region}`,
};
/** Where the policy has conditions, gcloud asks for the new binding's: `--condition=None` is the answer for one without. */
const ASK_FOR_CONDITION: Target['kind'][] = ['project', 'bucket', 'account', 'secret'];

/** One call per member, of the bindings that are missing. A member that is there already is no error. */
export const grantCommands: CommandsOf<'grants'> = (
  { differs },
  { input: { target, bindings } },
  deployment,
) => {
  const command = COMMANDS[target.kind](target.name, deployment);
  return bindings
    .filter((binding) => differs(`members.${bindingKey(binding)}`))
    .flatMap((binding) => bindingLines(command, target.kind, binding));
};

function bindingLines(
  command: string,
  kind: Target['kind'],
  { role, members, condition }: Binding,
): string[] {
  const file = condition && `${condition.title}.json`;
  const flags = file
    ? [fileFlag('--condition-from-file', file)]
    : ASK_FOR_CONDITION.includes(kind)
      ? ['--condition=None']
      : [];
  return [
    ...(file ? fileLines(file, JSON.stringify(condition, undefined, 2)) : []),
    ...members.flatMap((member) =>
      commandLines(command, [`--member=${shellWord(member)}`, `--role=${role}`, ...flags]),
    ),
  ];
}
