import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type Instance, isOff } from '../../shared/ports/instance.ts';

export interface InstanceUnderTest {
  instance: Instance;
  /** Lets time pass until the VM is off. */
  untilOff(): Promise<void>;
}

const FIRST = '11111111-1111-8111-8111-111111111111';
const SECOND = '22222222-2222-8222-8222-222222222222';

/** What every implementation of Instance must do. `make` gives a stopped VM that has the metadata item `ssh-keys: kept`. */
export function instanceContract(name: string, make: () => Promise<InstanceUnderTest>): void {
  suite(`Instance: ${name}`, () => {
    test('a stopped VM is read as it is', async () => {
      const { instance } = await make();
      const { status, machineType, metadata } = await instance.read();
      assert.equal(isOff(status), true);
      assert.equal(machineType, 'c4d-highcpu-32');
      assert.equal(metadata['ssh-keys'], 'kept');
    });

    test('setMetadata sets its items and keeps the others', async () => {
      const { instance } = await make();
      await instance.setMetadata({ RUN_ID: '1', TARGET: 'all' }, (await instance.read()).metadataVersion);
      await instance.setMetadata({ RUN_ID: '2' }, (await instance.read()).metadataVersion);
      const { metadata } = await instance.read();
      assert.deepEqual([metadata['ssh-keys'], metadata.RUN_ID, metadata.TARGET], ['kept', '2', 'all']);
    });

    test('setMetadata changes nothing where the metadata has changed since it was read', async () => {
      const { instance } = await make();
      const { metadataVersion } = await instance.read();
      await instance.setMetadata({ RUN_ID: 'other' }, metadataVersion);
      await assert.rejects(instance.setMetadata({ RUN_ID: 'mine' }, metadataVersion), {
        name: 'TransientError',
      });
      assert.equal((await instance.read()).metadata.RUN_ID, 'other');
    });

    test('of concurrent setMetadata calls one succeeds', async () => {
      const { instance } = await make();
      const { metadataVersion } = await instance.read();
      const calls = ['1', '2', '3'].map((RUN_ID) => instance.setMetadata({ RUN_ID }, metadataVersion));
      const settled = await Promise.allSettled(calls);
      const [winner, ...others] = settled.flatMap(({ status }, index) =>
        status === 'fulfilled' ? [String(index + 1)] : [],
      );
      assert.deepEqual([(await instance.read()).metadata.RUN_ID, others], [winner, []]);
    });

    test('machine type, time limit and provisioning model are set while it is stopped', async () => {
      const { instance } = await make();
      await instance.setMachineType('c4d-highcpu-96');
      await instance.setScheduling({ maxRunSeconds: 7200, isSpot: true });
      const { machineType, maxRunSeconds, isSpot } = await instance.read();
      assert.deepEqual([machineType, maxRunSeconds, isSpot], ['c4d-highcpu-96', 7200, true]);
      await instance.setScheduling({ maxRunSeconds: 3600, isSpot: false });
      const again = await instance.read();
      assert.deepEqual([again.maxRunSeconds, again.isSpot], [3600, false]);
    });

    test('start starts it; a repeated request id has no second effect', async () => {
      const { instance, untilOff } = await make();
      assert.deepEqual(await instance.start(FIRST), { started: true });
      assert.equal((await instance.read()).status, 'RUNNING');
      await instance.stop(SECOND);
      await untilOff();
      assert.deepEqual(await instance.start(FIRST), { started: true });
      assert.equal(isOff((await instance.read()).status), true);
      const { lastStartedAt, lastStoppedAt } = await instance.read();
      assert.ok(lastStartedAt && lastStoppedAt && lastStartedAt <= lastStoppedAt);
    });

    test('a repeated stop has no second effect, even where the first found the VM off', async () => {
      const { instance } = await make();
      await instance.stop(SECOND);
      await instance.start(FIRST);
      await instance.stop(SECOND);
      assert.equal((await instance.read()).status, 'RUNNING');
    });
  });
}
