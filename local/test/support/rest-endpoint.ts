/** Options by which Google's generated clients reach a local address. */
export function restEndpoint(url: string): { apiEndpoint: string; port: number; protocol: string } {
  const { hostname, port, protocol } = new URL(url);
  return { apiEndpoint: hostname, port: Number(port), protocol: protocol.replace(':', '') };
}
