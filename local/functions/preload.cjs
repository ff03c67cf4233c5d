// Loaded into each function's process before the functions framework; the function itself does not know of it.
// JavaScript, so that a cold start does not pay for stripping types.
const { subscribe } = require('node:diagnostics_channel');

// The local cloud is gone, be it by SIGKILL: its functions must not outlive it.
process.on('disconnect', () => process.exit(1));

subscribe('tracing:net.server.listen:asyncEnd', () => process.send?.('listening'));

// The function's own calls can be told from others': `crashAfter` counts them. Node's http and its fetch each have a channel.
const caller = ['x-local-function', process.env.K_SERVICE];
subscribe('http.client.request.created', ({ request }) => {
  if (!request.headersSent) request.setHeader(...caller);
});
subscribe('undici:request:create', ({ request }) => request.addHeader(...caller));

// The function lives in cloud time, which each request brings along.
const RealDate = Date;
const realNow = RealDate.now;
let offsetMs = 0;
subscribe('http.server.request.start', ({ request }) => {
  offsetMs = Number(request.headers['x-cloud-time-offset-ms'] ?? 0);
});
RealDate.now = () => realNow() + offsetMs;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length > 0 ? args : [RealDate.now()], newTarget),
  apply: () => new Date().toString(),
});
