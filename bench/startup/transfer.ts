import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUCKET, startCloud } from '../../test/startup-script/fixture/cloud.ts';
import { PYTHON, TOOLS } from '../../test/startup-script/fixture/tool.ts';
import { compared, type Line, timed } from './timed.ts';

const RUN_ID = '20261124-030643-1a2b';
const FILES_PER_FOLDER = 100;

export interface TransferReport {
  /** From the VM to the bucket, and from the bucket to a person's computer. */
  up: Line[];
  down: Line[];
  /** From a person's computer to the bucket, as a pipeline's declared inputs. */
  push: Line[];
}

/** So many files of so many bytes to the bucket and back, against `gcloud storage rsync` on the same local cloud. */
export async function benchTransfer(folder: string, files: number, bytes: number): Promise<TransferReport> {
  const cloud = await startCloud(join(folder, 'cloud'));
  try {
    const root = join(folder, 'root');
    writeTree(join(root, 'out'), files, bytes);
    const storage = cloud.environment.STORAGE_EMULATOR_HOST;
    const env = { ...process.env, ...cloud.environment, ...gcloudEnvironment(folder, storage) };
    const ledger = join(folder, 'ledger');
    const peer = `gs://${BUCKET}/peer/out`;
    const up = {
      'gcloud storage rsync': await timed(`gcloud storage rsync -r '${root}/out' ${peer}`, env),
      'the startup script (verified)': await timed(
        `'${PYTHON}' -BS '${TOOLS}outputs.py' ${BUCKET} results/${RUN_ID} '${root}' '${ledger}' out`,
        env,
      ),
    };
    await cloud.put(`runs/${RUN_ID}/status.json`, JSON.stringify(finishedRun()));
    await cloud.put(`runs/${RUN_ID}/spec.json`, JSON.stringify({ outputs: ['out'] }));
    rmSync(root, { recursive: true });
    mkdirSync(join(folder, 'by-gcloud'));
    const command = `node '${join(import.meta.dirname, '../../cli/main.ts')}'`;
    const down = {
      'gcloud storage rsync': await timed(`gcloud storage rsync -r ${peer} '${folder}/by-gcloud'`, env),
      'vicinity pull (verified)': await timed(
        `cd '${folder}' && ${command} pull ${RUN_ID} --output by-vicinity`,
        env,
      ),
    };
    const pipeline = join(folder, 'pipeline');
    makePipeline(pipeline, files, bytes);
    const push = {
      'gcloud storage rsync': await timed(
        `gcloud storage rsync -r '${pipeline}/inputs' gs://${BUCKET}/peer/inputs`,
        env,
      ),
      'vicinity push (verified)': await timed(`cd '${pipeline}' && ${command} push`, env),
    };
    return { up: compared(up), down: compared(down), push: compared(push) };
  } finally {
    await cloud.close();
  }
}

function gcloudEnvironment(folder: string, storage: string): Record<string, string> {
  return {
    CLOUDSDK_CONFIG: join(folder, 'gcloud'),
    CLOUDSDK_CORE_PROJECT: 'vicinity-local',
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: `${storage}/storage/v1/`,
    HTTPS_PROXY: 'http://127.0.0.1:9',
    NO_PROXY: '127.0.0.1,localhost',
  };
}

function writeTree(folder: string, files: number, bytes: number): void {
  const content = randomBytes(bytes);
  for (let number = 0; number < files; number += 1) {
    const subfolder = join(folder, `part-${Math.floor(number / FILES_PER_FOLDER)}`);
    mkdirSync(subfolder, { recursive: true });
    content.writeUInt32BE(number);
    writeFileSync(join(subfolder, `${number}.parquet`), content);
  }
}

/** A git repository whose inputs are files that git ignores. */
function makePipeline(folder: string, files: number, bytes: number): void {
  writeTree(join(folder, 'inputs'), files, bytes);
  const inputs = readdirSync(join(folder, 'inputs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.parquet'))
    .map((path) => `inputs/${path}`);
  writeFileSync(join(folder, 'vicinity.yaml'), JSON.stringify({ source: { inputs } }));
  writeFileSync(join(folder, '.gitignore'), 'inputs/\n');
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { stdio: 'ignore' });
  git('init');
  git('add', '.');
  git('-c', 'user.name=bench', '-c', 'user.email=bench@example.com', 'commit', '-m', 'pipeline');
}

function finishedRun(): object {
  return {
    runId: RUN_ID,
    target: 'all',
    status: 'succeeded',
    verdict: 'ok',
    source: { sha256: 'a'.repeat(64) },
    params: {},
    requestedAt: '2026-11-24T03:06:43Z',
    finishedAt: '2026-11-24T04:06:43Z',
    resultsPrefix: `gs://${BUCKET}/results/${RUN_ID}`,
    vm: { instance: 'vicinity-batch', zone: 'us-east4-c' },
  };
}
