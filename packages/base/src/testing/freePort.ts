import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port of this computer that nobody listens on now, for what must know its own address before it starts. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('a server on a port has an address with it');
  return address.port;
}
