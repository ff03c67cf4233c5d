import { z } from 'zod';
import { RELATIVE_PATH, SHA256 } from '../config/names.ts';

/** Where a source package describes itself, inside the tarball. */
export const PACKAGE_MANIFEST = '.vicinity/package.json';

/** `.vicinity/package.json` in the tarball: what git and the declared inputs were when it was made. */
export const packageManifestSchema = z.object({
  version: z.literal(1),
  commit: z.string().optional(),
  /** Tracked files differed from the commit. */
  dirty: z.boolean(),
  inputs: z.array(
    z.object({
      path: z.string().regex(RELATIVE_PATH),
      sha256: z.string().regex(SHA256),
      bytes: z.number(),
      executable: z.boolean().optional(),
    }),
  ),
});
export type PackageManifest = z.output<typeof packageManifestSchema>;

/** `src/latest.json`: the newest package. */
export const latestPackageSchema = z.object({
  sha256: z.string().regex(SHA256),
  commit: z.string().optional(),
  dirty: z.boolean().optional(),
  bytes: z.number().optional(),
  pushedAt: z.string().optional(),
  inputs: packageManifestSchema.shape.inputs.optional(),
});
export type LatestPackage = z.output<typeof latestPackageSchema>;
