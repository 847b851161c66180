/**
 * Measures `deliverSecure` received, verified and stored per second, with letters of 20 KB, against the raw work of two
 * RSA-2048 verifications in the same process (tech.md 4). Callers run in a process of their own.
 *
 *   node --import tsx packages/mailbox/test/measureDeliveries.ts [letters] [connections]
 */
import { fork } from 'node:child_process';
import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { clientOf, delivery, type Keys, makeKeys, sealedRequest, startTestOperator } from './operator.ts';

const PDF_BYTES = 11_500;
const WARM_UP_LETTERS = 50;

interface Work {
  keys: Pick<Keys, 'dispatcher'> & { authority: { caPem: string } };
  soapUrl: string;
  connections: number;
  requests: string[];
}

if (process.send === undefined) await measure(Number(process.argv[2] ?? 1000), Number(process.argv[3] ?? 16));
else process.once('message', async (work: Work) => process.send?.(await deliverAll(work)));

async function measure(letters: number, connections: number): Promise<void> {
  const keys = await makeKeys();
  const operator = await startTestOperator({ keys });
  const requests: Buffer[] = [];
  for (let made = 0; made < letters + WARM_UP_LETTERS; made += 1) {
    const attachments = [{ fileName: 'beslut.pdf', bytes: randomBytes(PDF_BYTES) }];
    requests.push(await sealedRequest(keys, delivery({ attachments })));
  }
  await run(operator.running.soapUrl, keys, requests.splice(0, WARM_UP_LETTERS), connections);
  const startedCpu = process.cpuUsage();
  const tookMs = await run(operator.running.soapUrl, keys, requests, connections);
  const cpu = process.cpuUsage(startedCpu);
  const cpuMsPerLetter = (cpu.user + cpu.system) / 1000 / letters;
  const verifyMs = rawVerifyMs();
  const figures = {
    letterBytes: requests[0]?.length,
    letters,
    connections,
    lettersPerSecond: Math.round((letters / tookMs) * 1000),
    operatorCpuMsPerLetter: Number(cpuMsPerLetter.toFixed(3)),
    twoRawVerificationsMs: Number((2 * verifyMs).toFixed(3)),
    stored: await operator.letterCount(),
  };
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  await operator.close();
}

async function run(soapUrl: string, keys: Keys, requests: Buffer[], connections: number): Promise<number> {
  const child = fork(fileURLToPath(import.meta.url), { execArgv: ['--import', 'tsx'] });
  const { dispatcher, authority } = keys;
  const work: Work = {
    keys: { dispatcher, authority: { caPem: authority.caPem } },
    soapUrl,
    connections,
    requests: requests.map((request) => request.toString('latin1')),
  };
  child.send(work);
  const [tookMs] = (await once(child, 'message')) as [number];
  child.kill();
  return tookMs;
}

async function deliverAll({ keys, soapUrl, connections, requests }: Work): Promise<number> {
  const bodies = requests.map((request) => Buffer.from(request, 'latin1'));
  const client = clientOf(keys as Keys, keys.dispatcher);
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) await client.deliverSecure(soapUrl, body);
    }),
  );
  const tookMs = performance.now() - startedMs;
  client.close();
  return tookMs;
}

function rawVerifyMs(): number {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const data = randomBytes(700);
  const signature = sign('sha256', data, privateKey);
  const rounds = 5000;
  const startedMs = performance.now();
  for (let round = 0; round < rounds; round += 1) verify('sha256', data, publicKey, signature);
  return (performance.now() - startedMs) / rounds;
}
