/** Boots a machine, says where, and does nothing more: a local cloud to be killed. */
import { BootedMachine } from './booted-machine.ts';

const machine = new BootedMachine();
await machine.boot('echo ready; sleep 1000');
await machine.shows('ready');
console.log(machine.directory);
