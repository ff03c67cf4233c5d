import { CLOUD_HOST } from './network.ts';

const LOOPBACK = /127\.0\.0\.1:(\d+)/g;

/** Where the image finds the certificates that this computer trusts. */
export const CERTIFICATES = '/etc/local-cloud/ca-certificates.crt';

/** The ports of this computer's loopback address that the variables name: a machine reaches them at CLOUD_HOST. */
export function portsIn(endpoints: Record<string, string>): number[] {
  const ports = Object.values(endpoints).flatMap((value) =>
    [...value.matchAll(LOOPBACK)].map(([, port]) => Number(port)),
  );
  return [...new Set(ports)];
}

/** The environment of the startup script's service. On Compute Engine it has none of these variables. */
export function guestEnvironment(
  endpoints: Record<string, string>,
  packageProxy: string,
): Record<string, string> {
  const seenByGuest = Object.entries(endpoints).map(([name, value]) => [
    name,
    value.replaceAll(LOOPBACK, `${CLOUD_HOST}:$1`),
  ]);
  const direct = `localhost,127.0.0.1,metadata.google.internal,169.254.169.254,${CLOUD_HOST}`;
  return {
    ...Object.fromEntries(seenByGuest),
    ...inBothCases({ http_proxy: packageProxy, https_proxy: packageProxy, no_proxy: direct }),
    SSL_CERT_FILE: CERTIFICATES,
    CURL_CA_BUNDLE: CERTIFICATES,
    PIP_CERT: CERTIFICATES,
    REQUESTS_CA_BUNDLE: CERTIFICATES,
    CARGO_HTTP_CAINFO: CERTIFICATES,
  };
}

/** As systemd reads it: no value holds a quote, a backslash or a line end. */
export function environmentFile(variables: Record<string, string>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join('');
}

/** Programs look for proxies in either. */
function inBothCases(variables: Record<string, string>): Record<string, string> {
  const upper = Object.entries(variables).map(([name, value]) => [name.toUpperCase(), value]);
  return { ...variables, ...Object.fromEntries(upper) };
}
