import { Agent, request as httpsRequest } from 'node:https';
import { createSoapClient, type ReachabilityStatus, recipientService, soapReply } from '@brevduva/protocol';
import type { Pool, PoolClient } from 'pg';
import type { Tls } from './parties.ts';
import { LOOKUP_SQL, type LookupRow } from './registerSql.ts';
import { SENDER } from './registerWorld.ts';

/** One way to ask for many recipients; `worker` has a connection of its own. */
export interface Lookup {
  ask(index: number, worker: number): Promise<void>;
  close(): Promise<void>;
}

const ANSWER_BYTES_MAX = 8_000_000;

/** The bare look-up: the same columns of the same ids, prepared, as rows in JavaScript. */
export async function bareSql(pool: Pool, batches: readonly (readonly string[])[], workers: number): Promise<Lookup> {
  const clients: PoolClient[] = [];
  for (let worker = 0; worker < workers; worker += 1) clients.push(await pool.connect());
  return {
    async ask(index, worker) {
      const ids = batches[index % batches.length] ?? [];
      const rows = await select(clients[worker], ids);
      if (rows.length !== ids.length) throw new Error(`${rows.length} rows for ${ids.length} ids`);
    },
    close: async () => {
      for (const client of clients) client.release();
    },
  };
}

async function select(client: PoolClient | undefined, ids: readonly string[]): Promise<LookupRow[]> {
  const values = [ids, SENDER];
  return (await client?.query<LookupRow>({ name: 'look up', text: LOOKUP_SQL, values }))?.rows ?? [];
}

/** `isReachable` over mutual TLS with keep-alive. The requests are written beforehand, and of the answers the status and every byte are taken. */
export function soap(url: string, tls: Tls, batches: readonly (readonly string[])[], workers: number): Lookup {
  const bodies = batches.map(requestOf);
  const agent = new Agent({ ...tls, keepAlive: true, maxSockets: workers, minVersion: 'TLSv1.2' });
  return {
    ask: (index) => post(url, agent, bodies[index % bodies.length] ?? Buffer.alloc(0)),
    close: async () => agent.destroy(),
  };
}

/** The same with the whole client, which writes and checks the question and reads and checks the answer. */
export function wholeClient(url: string, tls: Tls, batches: readonly (readonly string[])[], workers: number): Lookup {
  const client = createSoapClient({
    tls,
    connectTimeoutMs: 5_000,
    answerTimeoutMs: 60_000,
    answerBytesMax: ANSWER_BYTES_MAX,
    connectionsMax: workers,
  });
  return {
    async ask(index) {
      const ids = batches[index % batches.length] ?? [];
      const answer = await client.isReachable(url, { senderOrgNr: SENDER, recipientId: ids });
      if (answer.return.length !== ids.length) throw new Error('an answer of another length');
    },
    close: async () => client.close(),
  };
}

/** Every answer must say what the rows say; otherwise speed means nothing. */
export async function compare(
  pool: Pool,
  { url, tls }: { url: string; tls: Tls },
  batches: readonly (readonly string[])[],
): Promise<void> {
  const options = { connectTimeoutMs: 5_000, answerTimeoutMs: 60_000, answerBytesMax: ANSWER_BYTES_MAX };
  const client = createSoapClient({ tls, ...options });
  try {
    for (const ids of batches) {
      const answer = await client.isReachable(url, { senderOrgNr: SENDER, recipientId: ids });
      const { rows } = await pool.query<LookupRow>(LOOKUP_SQL, [ids, SENDER]);
      for (const [index, row] of rows.entries()) refuseOther(answer.return[index], row);
    }
  } finally {
    client.close();
  }
}

function refuseOther(status: ReachabilityStatus | undefined, row: LookupRow): void {
  const told = status?.AccountStatus;
  const isRegistered = row.registeredAt !== null && row.accountType !== 'N';
  const same =
    told?.RecipientId === row.recipientId &&
    told.Type.startsWith(isRegistered ? row.accountType : 'N') &&
    told.Pending === (isRegistered && row.pending) &&
    (told.ServiceSupplier === undefined) === (!isRegistered || row.operatorId === null) &&
    (told.LastRegistration === undefined ? undefined : Date.parse(told.LastRegistration)) ===
      (isRegistered ? row.registeredAt.getTime() : undefined) &&
    status?.SenderAccepted === (isRegistered && row.accountType === 'S' && row.accepted !== false);
  if (!same) throw new Error('an answer says something else than the register');
}

function requestOf(ids: readonly string[]): Buffer {
  const { isReachable } = recipientService.operations;
  const reply = soapReply({ ...isReachable, response: isReachable.request }, { senderOrgNr: SENDER, recipientId: ids });
  if (!('body' in reply)) throw new TypeError('a written message has a body');
  return reply.body;
}

function post(url: string, agent: Agent, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'text/xml; charset=utf-8', 'content-length': body.length };
    const request = httpsRequest(url, { method: 'POST', agent, headers }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('error', reject);
      response.on('end', () => {
        const isWhole = response.statusCode === 200 && bytes === Number(response.headers['content-length']);
        if (isWhole) resolve();
        else reject(new Error(`HTTP ${response.statusCode} with ${bytes} bytes`));
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}
