import { GlobalOperationsClient, ImagesClient, InstancesClient } from '@google-cloud/compute';
import type { Clock } from '../ports/clock.ts';
import type { Images } from '../ports/images.ts';
import type { RestEndpoint } from './endpoints.ts';
import { domainError, httpStatus } from './errors.ts';
import { type Operation, throwFailure, untilDone } from './operations.ts';

export interface ImagesOptions {
  project: string;
  zone: string;
  /** Absent: Google Cloud. */
  endpoint: RestEndpoint | undefined;
  clock: Clock;
}

/** An image of 500 GB takes a quarter of an hour. */
const DEADLINE_MS = 3_600_000;

/** Compute Engine's images through the official client (https://cloud.google.com/compute/docs/reference/rest/v1/images). */
export function computeImages({ project, zone, endpoint, clock }: ImagesOptions): Images {
  const instances = new InstancesClient({ ...endpoint });
  const images = new ImagesClient({ ...endpoint });
  const operations = new GlobalOperationsClient({ ...endpoint });

  return {
    async make(instance, { name, ...wanted }) {
      const [{ disks }] = await called(`read instance ${instance}`, () =>
        instances.get({ project, zone, instance }),
      );
      const sourceDisk = disks?.find(({ boot }) => boot)?.source ?? '';
      const imageResource = { name, sourceDisk, ...wanted };
      const subject = `make image ${name}`;
      const started = await called(subject, () => insertOnce({ project, imageResource }));
      if (started) await finished(subject, started);
      const [image] = await called(`read image ${name}`, () => images.get({ project, image: name }));
      return { diskSizeGb: Number(image.diskSizeGb ?? 0), isNew: started !== undefined };
    },
  };

  /** Undefined where there is such an image. */
  async function insertOnce(request: Parameters<ImagesClient['insert']>[0]): Promise<Operation | undefined> {
    try {
      const [started] = await images.insert(request);
      return started.latestResponse as Operation;
    } catch (error) {
      if (httpStatus(error) === 409) return undefined;
      throw error;
    }
  }

  async function finished(subject: string, started: Operation): Promise<void> {
    const done = await untilDone(started, {
      clock,
      deadlineMs: DEADLINE_MS,
      late: ({ name }) => `${subject}: operation ${name} is not done after an hour.`,
      wait: async (operation) => (await called(subject, () => operations.wait({ project, operation })))[0],
    });
    throwFailure(subject, done);
  }

  async function called<T>(subject: string, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw domainError(error, subject);
    }
  }
}
