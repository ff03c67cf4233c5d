/** An image to be made of the disk that an instance boots from. */
export interface ImageRequest {
  name: string;
  /** The newest image of a family is the one that a new disk gets. */
  family: string;
  description: string;
  labels: Record<string, string>;
}

/**
 * Images of the project. Every method throws TransientError where a later try may succeed, PermissionError where the account may
 * not, NotFoundError where there is no such instance.
 */
export interface Images {
  /** Makes the image of the instance's boot disk, unless there is one of that name, and waits until it is there. */
  make(instance: string, request: ImageRequest): Promise<{ diskSizeGb: number; isNew: boolean }>;
}
