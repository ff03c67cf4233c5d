import { CloudClock } from '../../../local/core/clock.ts';
import { Faults } from '../../../local/core/faults.ts';
import { listen } from '../../../local/http/service.ts';
import { createStorage } from '../../../local/storage/storage.ts';

/** A process with nothing but Storage, to be killed: `node serve.ts <state directory>` prints its port. */
const context = { clock: new CloudClock(), faults: new Faults(), onCall: () => {} };
const { server } = createStorage({ stateDir: process.argv[2] ?? '', context });
console.log(await listen(server, 0));
