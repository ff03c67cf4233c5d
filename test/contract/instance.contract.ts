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
      await instance.setMetadata({ RUN_ID: '1', TARGET: 'all' });
      await instance.setMetadata({ RUN_ID: '2' });
      const { metadata } = await instance.read();
      assert.deepEqual([metadata['ssh-keys'], metadata.RUN_ID, metadata.TARGET], ['kept', '2', 'all']);
    });

    test('concurrent setMetadata calls lose nothing', async () => {
      const { instance } = await make();
      await Promise.all([
        instance.setMetadata({ A: '1' }),
        instance.setMetadata({ B: '2' }),
        instance.setMetadata({ C: '3' }),
      ]);
      const { A, B, C } = (await instance.read()).metadata;
      assert.deepEqual([A, B, C], ['1', '2', '3']);
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
  });
}
