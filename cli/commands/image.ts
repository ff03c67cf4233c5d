import { type Command, InvalidArgumentError, Option } from 'commander';
import { InvalidError } from '../../shared/errors.ts';
import type { Output } from '../../shared/json-schemas/documents.ts';
import type { Context } from '../context/context.ts';
import { EXIT, type ExitCode } from '../exit/codes.ts';
import { type Call, describe } from './command.ts';

interface ImageOptions {
  family: string;
  dryRun?: boolean;
}

export function imageCommand(call: Call): Command {
  return describe<ImageOptions>(
    {
      usage: 'image <bake>',
      summary: "create an image of the VM's disk, so that new disks need no set-up",
      details:
        'The image contains what the newest run installed: packages, toolchain, Python environment. It becomes the newest image ' +
        'of its family. Refused while a run is active or queued, and while the VM is on.',
      examples: [
        ['vicinity image bake', 'after a run, with the VM off'],
        ['gcloud compute instances create vm-2 --image-family=vicinity', 'create a VM that boots quickly'],
      ],
    },
    call,
    (context, options, action) => {
      if (action === 'bake') return bake(context, options);
      const problem = 'is not an action';
      throw new InvalidError([{ field: action ?? '', problem, remedy: 'Use vicinity image bake.' }]);
    },
  )
    .addOption(new Option('--family <name>', 'image family').default('vicinity').argParser(familyName))
    .option('-n, --dry-run', 'only show what would be created');
}

async function bake(context: Context, { family, dryRun = false }: ImageOptions): Promise<ExitCode> {
  const { imageRequest } = await import('../images/bake.ts');
  const { terminal, config, json } = context;
  const request = await imageRequest(await context.objects(), await context.instance(), family);
  if (dryRun) {
    if (json) terminal.json(request satisfies Output<'image'>);
    else terminal.data(`${request.name}: ${request.description}`);
    return EXIT.ok;
  }
  terminal.note(
    `Creating image ${request.name} from the disk of ${config.instance}. This takes some minutes.`,
  );
  const { diskSizeGb, isNew } = await (await context.images()).make(config.instance, request);
  if (json) terminal.json({ ...request, diskSizeGb, isNew } satisfies Output<'image'>);
  else if (isNew)
    terminal.data(`${request.name} is the newest image of family ${family} (${diskSizeGb} GB).`);
  else terminal.data(`${request.name} already exists (${diskSizeGb} GB): no run has finished since.`);
  return EXIT.ok;
}

/** The image name is the family, a hyphen and a run id: at most 63 characters. */
function familyName(text: string): string {
  if (/^[a-z]([-a-z0-9]{0,39}[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError(
    'Use at most 41 lower-case letters, digits and hyphens, beginning with a letter.',
  );
}
