import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { suiteScope } from '../startup-script/fixture/machine.ts';
import { PLANTED_REQUIREMENTS, PLANTED_WHEEL, plantedWheel } from '../startup-script/fixture/planted.ts';
import { type Machine, onlyWithNspawn, startMachine } from './fixture/machine.ts';

/** Where a planted program that runs as root leaves its name. */
const MARK = '/root/planted';
const PLANTED = `[ "$(/usr/bin/id -u)" != 0 ] || echo "$0 $*" >>${MARK}`;
const PROVISION = {
  apt: ['make', 'python3-venv'],
  pythonRequirements: 'requirements.txt',
  native: 'native',
};

/** Plants whatever the job can, for the rest of this run and for the next. */
const PLANT = `set -e
mkdir -p ~/.cargo/bin
for program in setpriv env tar cat ln make curl python3 sudo chown id kill find; do
  printf '#!/bin/sh\\n%s\\n' '${PLANTED}' >~/.cargo/bin/$program
  chmod 755 ~/.cargo/bin/$program
done
cp $VIRTUAL_ENV/lib/python3*/site-packages/*.py .
printf 'output = "${MARK}"\\nurl = "file:///etc/hostname"\\n' | tee ~/.curlrc >.curlrc
ln -s /etc/shadow build.log
ln -s /etc/shadow /tmp/metadata
`;
/** Writes through links where it can, and goes on while checkpoints of \`build\` are made. */
const JOB = `mkdir -p out build
ln -s /etc/shadow out/shadow
ln -s / out/root
ln -s /root build/root
echo x >out/x
setsid sh -c 'while :; do rm -rf build; ln -s /etc build; rm build; mkdir build; done' &
sleep 3
cat ${MARK} /etc/shadow /var/lib/vicinity/run.*/spec /var/lib/vicinity/kept/python.tar 2>&1
sudo -n true && echo became root
true
`;
const MAKEFILE = `all native:
	@PATH=/usr/bin:/bin sh ./$@.sh
`;

describe('what a job plants on the machine', onlyWithNspawn, () => {
  let machine: Machine;
  const scope = suiteScope();
  before(async () => {
    machine = await startMachine(scope);
  });

  test('root runs, reads and writes nothing through it, in this run and in the next', async () => {
    const files = {
      Makefile: MAKEFILE,
      'native.sh': PLANT,
      'all.sh': JOB,
      'requirements.txt': PLANTED_REQUIREMENTS,
      [PLANTED_WHEEL]: plantedWheel(PLANTED),
    };
    const state = { paths: ['build'], checkpointSeconds: 1 };
    await machine.submit(files, { spec: { provision: PROVISION, state } });
    const first = await machine.boot();
    const outcome = await machine.outcome();
    assert.deepEqual([first.by, outcome?.outcome], ['guest', 'succeeded'], first.console);
    assert.deepEqual(outcome?.job, { user: 'vicinity-job', metadataServer: 'closed' });
    assert.deepEqual(
      outcome?.outputs,
      [{ path: 'out', objects: 1, bytes: 2 }],
      'the links to /etc/shadow and / are left out',
    );
    const log = (await machine.result('build.log')) ?? '';
    assert.equal(log.match(/Permission denied|No such file/g)?.length, 4, log);
    assert.doesNotMatch(log, /^(root:|became root$)/m);

    await machine.submit(
      { Makefile: 'all:\n\t@mkdir out; ls -A ~ /var/lib/vicinity/venv /tmp/metadata; echo x >out/x\n' },
      { spec: { provision: { apt: ['make'] } } },
    );
    const second = await machine.boot();
    assert.equal((await machine.outcome())?.outcome, 'succeeded', second.console);
    const left = (await machine.result('build.log')) ?? '';
    assert.match(left, /cannot access '\/var\/lib\/vicinity\/venv'/);
    assert.match(left, /cannot access '\/tmp\/metadata'/);
    assert.doesNotMatch(left, /\.cargo|\.curlrc/);

    await machine.prepare(`[[ ! -e ${MARK} ]] || { cat ${MARK}; exit 1; }`);
  });
});
