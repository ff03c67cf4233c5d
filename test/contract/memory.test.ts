import { FakeInstance } from '../fakes/fake-instance.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { MemoryObjects } from '../fakes/memory-objects.ts';
import { instanceContract } from './instance.contract.ts';
import { objectsContract } from './objects.contract.ts';

objectsContract('memory', async () => new MemoryObjects(new ManualClock()));
instanceContract('fake', async () => ({
  instance: new FakeInstance(new ManualClock()),
  untilOff: async () => {},
}));
