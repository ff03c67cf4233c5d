import { FakeInstance } from '../fakes/fake-instance.ts';
import { FakeJobs } from '../fakes/fake-jobs.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { MemoryObjects } from '../fakes/memory-objects.ts';
import { instanceContract } from './instance.contract.ts';
import { jobsContract } from './jobs.contract.ts';
import { objectsContract } from './objects.contract.ts';

objectsContract('memory', async () => new MemoryObjects(new ManualClock()));
instanceContract('fake', async () => ({
  instance: new FakeInstance(new ManualClock()),
  untilOff: async () => {},
}));
jobsContract('fake', async () => {
  const jobs = new FakeJobs(new ManualClock());
  const untilOver = async (id: string) => {
    for (let begun = jobs.begin(id); begun.length; begun = jobs.begin(id))
      for (const { index } of begun) jobs.end(id, index, 0);
  };
  return { jobs, untilOver };
});
