/** Where client libraries and gcloud find the metadata server at `host`, such as `127.0.0.1:8794`: each has a name of its own for it. */
export function metadataVariables(host: string): Record<string, string> {
  return { GCE_METADATA_HOST: host, GCE_METADATA_ROOT: host, GCE_METADATA_IP: host };
}
