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
      summary: "make an image of the VM's disk, for new disks that need no set-up",
      details:
        'The image holds what the newest run has installed: packages, toolchain, Python environment. It becomes the newest of ' +
        'its family. Refused while a run holds the VM or waits for it, and while the VM is on.',
      examples: [
        ['vicinity image bake', 'after a run, with the VM off'],
        ['gcloud compute instances create vm-2 --image-family=vicinity', 'a VM whose first boot is quick'],
      ],
    },
    call,
    (context, options, action) => {
      if (action === 'bake') return bake(context, options);
      const problem = 'is nothing that can be done with an image';
      throw new InvalidError([
        { field: action ?? '', problem, remedy: 'There is one action: vicinity image bake.' },
      ]);
    },
  )
    .addOption(new Option('--family <name>', 'image family').default('vicinity').argParser(familyName))
    .option('-n, --dry-run', 'show what would be made, and make nothing');
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
  terminal.note(`Making image ${request.name} of the disk of ${config.instance}. That takes some minutes.`);
  const { diskSizeGb, isNew } = await (await context.images()).make(config.instance, request);
  if (json) terminal.json({ ...request, diskSizeGb, isNew } satisfies Output<'image'>);
  else if (isNew)
    terminal.data(`${request.name} is the newest image of family ${family} (${diskSizeGb} GB).`);
  else terminal.data(`${request.name} is there already (${diskSizeGb} GB): no run has finished since.`);
  return EXIT.ok;
}

/** The image's name is this, a hyphen and a run id: 63 characters at most. */
function familyName(text: string): string {
  if (/^[a-z]([-a-z0-9]{0,39}[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError('It has at most 41 letters, digits and hyphens, and begins with a letter.');
}
