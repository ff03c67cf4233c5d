import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as realTime } from 'node:timers/promises';
import { startPubSub, TOPIC } from './harness.ts';

const NO_TOPICS = '{"topics":[]}';

test('a request whose first bytes come one by one is served', async (t) => {
  const { port } = await startPubSub(t);
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  const request = 'GET /v1/projects/test-project/topics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
  for (const start of request.slice(0, 4)) {
    socket.write(start);
    await realTime(5);
  }
  socket.write(request.slice(4));
  assert.ok((await text(socket)).endsWith(NO_TOPICS));
});

test('HTTP/1.1 and HTTP/2 are served at the same time, and a connection that says nothing harms neither', async (t) => {
  const { port, rest } = await startPubSub(t);
  const silent = connect(port, '127.0.0.1');
  const client = connectHttp2(`http://127.0.0.1:${port}`);
  await once(client, 'remoteSettings');
  assert.equal((await rest('GET', 'projects/test-project/topics')).status, 200);
  const call = client.request({
    ':method': 'POST',
    ':path': '/google.pubsub.v1.Publisher/GetTopic',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  // One gRPC frame: not compressed, then the length, then field 1 of GetTopicRequest.
  const name = Buffer.from(TOPIC);
  call.end(Buffer.concat([Buffer.from([0, 0, 0, 0, name.length + 2, 0x0a, name.length]), name]));
  const [headers] = (await once(call, 'response')) as [{ 'grpc-status'?: string }];
  assert.equal(headers['grpc-status'], '5');
  client.destroy();
  silent.destroy();
});
