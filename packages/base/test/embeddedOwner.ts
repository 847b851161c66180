// Run by embedded.test.ts as a process of its own: starts the server, says where, stops it at SIGINT.
import { startEmbeddedPostgres } from '../src/index.ts';

const server = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '', port: 0 });
process.stdout.write(`${JSON.stringify({ adminUrl: server.adminUrl, pid: server.pid })}\n`);
const alive = setInterval(() => undefined, 1_000);
process.once('SIGINT', async () => {
  await server.stop();
  clearInterval(alive);
});
