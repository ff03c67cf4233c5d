import { InvalidError } from '../errors.ts';

/** How a REST client of Google's libraries is pointed to an address: a port within `apiEndpoint` would be ignored. */
export interface RestEndpoint {
  apiEndpoint: string;
  port: number;
  protocol: 'http' | 'https';
}

/** `http://127.0.0.1:8792` as client options; undefined (Google Cloud) where the variable is not set. Throws InvalidError. */
export function restEndpoint(url: string | undefined, variable = 'the endpoint'): RestEndpoint | undefined {
  if (!url) return undefined;
  const { hostname, port, protocol } = checkedUrl(url, variable);
  const scheme = protocol === 'http:' ? 'http' : 'https';
  return { apiEndpoint: hostname, port: Number(port || (scheme === 'http' ? 80 : 443)), protocol: scheme };
}

/** The value of an endpoint variable. Some of Google's are written without a scheme, so that these often are, too. Throws InvalidError. */
export function checkedUrl(text: string, variable: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  const remedy = 'Write it with its scheme, such as http://127.0.0.1:8790.';
  throw new InvalidError([{ field: variable, problem: `is not a URL: ${text}`, remedy }]);
}
