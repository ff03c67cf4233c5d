// Opens listening sockets in the network namespace that it is started in, hands them to its parent, and ends. A socket
// stays in its namespace, so that the parent serves the machine without being in its network.
// Arguments: HOST:PORT …; a message { address } goes with each socket.
const { createServer } = require('node:net');

async function main(addresses) {
  for (const address of addresses) await hand(address);
  process.disconnect();
  process.exit();
}

function hand(address) {
  const [host, port] = address.split(':');
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(port), host, () => process.send({ address }, server, {}, resolve));
  });
}

main(process.argv.slice(2));
