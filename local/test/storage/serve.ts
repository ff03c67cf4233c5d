import { CloudClock } from '../../core/clock.ts';
import { Faults } from '../../core/faults.ts';
import { listen } from '../../http/service.ts';
import { createStorage } from '../../storage/storage.ts';

/** A process with nothing but Storage, to be killed: `node serve.ts <state directory>` prints its port. */
const context = { clock: new CloudClock(), faults: new Faults(), onCall: () => {} };
const { server } = createStorage({ stateDir: process.argv[2] ?? '', project: 'test-project', context });
console.log(await listen(server, 0));
