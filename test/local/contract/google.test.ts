import { computeInstance } from '../../../shared/google/compute-instance.ts';
import { storageObjects } from '../../../shared/google/storage-objects.ts';
import { googleContract } from './google.contract.ts';

await googleContract('as imported', { storageObjects, computeInstance });
