import { join } from 'node:path';
import { StateFile } from '../core/state-file.ts';
import { notFound } from '../http/api-error.ts';

/** An image as the state file keeps it. Its bytes are nowhere: a machine here has no disk to copy. */
export interface Image {
  id: string;
  name: string;
  family?: string;
  description: string;
  labels: Record<string, string>;
  status: 'PENDING' | 'READY';
  /** Zone and name of the disk that it was made of. */
  sourceZone: string;
  sourceDisk: string;
  diskSizeGb: string;
  creationTimestamp: string;
}

/** The images of a project, on disk. Whoever changes one calls `save`. */
export class ImageStore {
  readonly project: string;
  readonly #file: StateFile<{ nextId: number; images: Image[] }>;

  constructor(stateDir: string, project: string) {
    this.project = project;
    this.#file = new StateFile(join(stateDir, 'images.json'), { nextId: 1, images: [] });
  }

  list(): Image[] {
    return this.#file.value.images;
  }

  find(name: string): Image | undefined {
    return this.list().find((image) => image.name === name || image.id === name);
  }

  get(name: string): Image {
    const found = this.find(name);
    if (found) return found;
    throw notFound(`The resource 'projects/${this.project}/global/images/${name}' was not found`);
  }

  /** The newest image of a family that is ready. */
  newestOf(family: string): Image {
    const found = this.list().findLast((image) => image.family === family && image.status === 'READY');
    if (found) return found;
    throw notFound(`The resource 'projects/${this.project}/global/images/family/${family}' was not found`);
  }

  add(image: Omit<Image, 'id'>): Image {
    const state = this.#file.value;
    const added = { id: String(6_000_000_000_000_000 + state.nextId++), ...image };
    state.images.push(added);
    this.save();
    return added;
  }

  save(): void {
    this.#file.save();
  }
}
