// Google Cloud and Slack, as far as a function's first event needs them: objects in memory, an instance that is off, a webhook.
const { createHash } = require('node:crypto');
const { createServer } = require('node:http');

/** Starts on a free port of 127.0.0.1. `documents`: object names and their JSON content. `onCall` is told of each call's path. */
async function startStandIn(documents, onCall = () => {}) {
  const objects = new Map(
    Object.entries(documents).map(([name, content]) => [name, JSON.stringify(content)]),
  );
  const server = createServer(async (request, response) => {
    onCall(request.url);
    const body = Buffer.concat(await request.toArray()).toString('latin1');
    const [status, content] = answer(objects, request, new URL(request.url, 'http://stand-in'), body);
    response.writeHead(status, { 'content-type': 'application/json', 'metadata-flavor': 'Google' });
    response.end(typeof content === 'string' ? content : JSON.stringify(content));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, address: `127.0.0.1:${server.address().port}` };
}

function answer(objects, { method }, { pathname, searchParams }, body) {
  if (pathname.startsWith('/upload/')) return upload(objects, searchParams, body);
  if (pathname.includes('/instances/')) return [200, INSTANCE];
  if (pathname.includes('/token'))
    return [200, { access_token: 'none', expires_in: 3600, token_type: 'Bearer' }];
  const [, name] = /\/o\/(.+)$/.exec(pathname) ?? [];
  if (name) return read(objects, decodeURIComponent(name), searchParams.get('alt'));
  if (pathname.endsWith('/o')) return [200, list(objects, searchParams.get('prefix') ?? '')];
  return method === 'POST' ? [200, 'ok'] : [200, 'none'];
}

const INSTANCE = { name: 'none', status: 'TERMINATED', machineType: 'zones/none/machineTypes/none' };

function read(objects, name, alternative) {
  const text = objects.get(name);
  if (text === undefined) return [404, { error: { code: 404, message: `No such object: ${name}` } }];
  return [200, alternative === 'media' ? text : describe(name, text)];
}

function list(objects, prefix) {
  return {
    items: [...objects].filter(([name]) => name.startsWith(prefix)).map((entry) => describe(...entry)),
  };
}

/** A multipart upload: the object's description, then its content. */
function upload(objects, searchParams, body) {
  const name = searchParams.get('name');
  if (searchParams.get('ifGenerationMatch') === '0' && objects.has(name))
    return [412, { error: { code: 412, message: 'It exists.' } }];
  const [boundary] = body.split('\r\n', 1);
  const content = body
    .split(boundary)[2]
    .replace(/^[\s\S]*?\r\n\r\n/, '')
    .replace(/\r\n$/, '');
  objects.set(name, content);
  return [200, describe(name, content)];
}

function describe(name, text) {
  const bytes = Buffer.from(text, 'latin1');
  const md5Hash = createHash('md5').update(bytes).digest('base64');
  const updated = new Date().toISOString();
  return { name, generation: '1', size: String(bytes.length), crc32c: crc32c(bytes), md5Hash, updated };
}

/** Castagnoli's CRC, in the notation of Cloud Storage. */
function crc32c(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  const encoded = Buffer.alloc(4);
  encoded.writeInt32BE(~crc);
  return encoded.toString('base64');
}

module.exports = { startStandIn };
