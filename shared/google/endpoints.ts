/** How a REST client of Google's libraries is pointed to an address: a port within `apiEndpoint` would be ignored. */
export interface RestEndpoint {
  apiEndpoint: string;
  port: number;
  protocol: 'http' | 'https';
}

/** `http://127.0.0.1:8792` as client options; undefined (Google Cloud) where the variable is not set. */
export function restEndpoint(url: string | undefined): RestEndpoint | undefined {
  if (!url) return undefined;
  const { hostname, port, protocol } = new URL(url);
  const scheme = protocol === 'http:' ? 'http' : 'https';
  return { apiEndpoint: hostname, port: Number(port || (scheme === 'http' ? 80 : 443)), protocol: scheme };
}
