import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import {
  createContentCipher,
  createLog,
  createPool,
  createWebServer,
  inTransaction,
  newId,
  type Queryable,
  systemClock,
} from '@brevduva/base';
import { createSigner } from '@brevduva/protocol';
import { createContentStore } from '../src/content.ts';
import { createMeasuringSigner } from '../src/delivery.ts';
import { createAttemptLimit } from '../src/http/attemptLimit.ts';
import { registerLetterRoutes } from '../src/http/letters.http.ts';
import { addApiSchemas } from '../src/http/openapi.ts';
import { guardSystems } from '../src/http/systemAccess.http.ts';
import { createIntake } from '../src/intake/accept.ts';
import { createPdfInspector, type PdfInspector } from '../src/pdf/inspect.ts';
import { WorkerPoolError } from '../src/pdf/workerPool.ts';
import { insertLetters } from '../src/sql/intake.ts';
import { selectIntakeFacts } from '../src/sql/intakeFacts.ts';
import { deleteUploads, insertUpload } from '../src/sql/mailingUploads.ts';
import { sweepOnce } from '../src/sweep.ts';
import { API_KEY } from './support/hubDatabase.ts';
import { base64Of, CONTENT_KEY, type IntakeHub, LETTER, PDF, startIntakeHub } from './support/intakeHub.ts';

let hub: IntakeHub;
before(async () => {
  hub = await startIntakeHub();
});
after(() => hub.close());

const ATTACHED = { ...LETTER, attachments: [base64Of('a.pdf', PDF)] };

/** The same intake with one part of it replaced, in a server without the rest of the hub. */
async function withIntake(
  parts: { pdf?: PdfInspector; pool?: typeof hub.pool },
  use: (
    send: (
      letter: unknown,
      apiKey?: string,
    ) => Promise<{ status: number; headers: Record<string, unknown>; body: Record<string, string> }>,
  ) => Promise<void>,
): Promise<void> {
  const pool = parts.pool ?? hub.pool;
  const pdf = parts.pdf ?? createPdfInspector();
  const signer = createMeasuringSigner(
    createSigner({ privateKeyPem: hub.sender.keyPem, certificatePem: hub.sender.certPem }),
  );
  const content = createContentStore(pool, createContentCipher(CONTENT_KEY));
  let wakes = 0;
  const intake = createIntake({
    pool,
    content,
    pdf,
    signerOf: () => signer,
    dispatcher: signer,
    onAccepted: () => (wakes += 1),
  });
  const app = createWebServer({ name: 'hub', log: createLog({ service: 'hub', level: 'silent' }), clock: systemClock });
  guardSystems(app, { pool, attempts: createAttemptLimit(systemClock) });
  addApiSchemas(app);
  await registerLetterRoutes(app, { pool, intake });
  await use(async (letter, apiKey = API_KEY) => {
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    const url = '/api/v1/letters';
    const answer = await app.inject({ method: 'POST', url, headers, payload: JSON.stringify(letter) });
    return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
  });
  await app.close();
  await pdf.close();
  assert.equal(wakes, 0, 'nothing was accepted');
}

describe('when something of ours fails, nothing is stored and the answer says what to do', () => {
  it('a database that is not there: 503', async () => {
    const pool = createPool({ connectionString: 'postgres://x:x@127.0.0.1:9/x', applicationName: 'test' });
    await withIntake({ pool }, async (send) => {
      const answer = await send(LETTER);
      assert.equal(answer.status, 503);
      assert.equal(answer.body['code'], 'BASE_DATABASE_UNREACHABLE');
      assert.match(answer.body['title'] ?? '', /Kontrollera att PostgreSQL är igång/);
      assert.equal(answer.headers['retry-after'], '5');
    });
    await pool.end();
  });

  it('a database that goes away between two statements: 503, and the same key gets its letter when it is back', async () => {
    const before = await hub.rows();
    await withIntake({ pool: brokenAt(hub.pool, /insert into letter /, 'ECONNREFUSED') }, async (send) => {
      const answer = await send(LETTER);
      assert.equal(answer.status, 503);
      assert.equal(answer.body['code'], 'BASE_DATABASE_UNREACHABLE');
    });
    assert.deepEqual(await hub.rows(), before);
    assert.equal((await hub.post(LETTER)).status, 201);
  });

  it('a full disk: 507 with advice', async () => {
    const before = await hub.rows();
    await withIntake({ pool: brokenAt(hub.pool, /insert into letter /, '53100') }, async (send) => {
      const answer = await send(ATTACHED);
      assert.equal(answer.status, 507);
      assert.equal(answer.body['code'], 'BASE_DISK_FULL');
      assert.match(answer.body['title'] ?? '', /Disken är full. Frigör utrymme/);
    });
    assert.deepEqual(await hub.rows(), before);
  });

  for (const kind of ['busy', 'closed', 'startFailed'] as const) {
    it(`nobody to look at the PDF (${kind}): 503, come back`, async () => {
      const pdf: PdfInspector = {
        inspectPdf: () => Promise.reject(new WorkerPoolError(kind, 'x')),
        close: () => Promise.resolve(),
      };
      await withIntake({ pdf }, async (send) => {
        const answer = await send(ATTACHED);
        assert.equal(answer.status, 503);
        assert.equal(answer.body['code'], 'BASE_OVERLOADED');
        assert.equal(answer.headers['retry-after'], '5');
      });
    });
  }

  it('a key that cannot be asked for is refused without asking', async () => {
    await withIntake({ pool: brokenAt(hub.pool, /business_system/, 'XX000') }, async (send) => {
      assert.equal((await send(LETTER, 'kort')).status, 401);
      assert.equal((await send(LETTER)).status, 500);
    });
  });
});

/** The pool with one statement that fails as PostgreSQL or the network would. */
function brokenAt(pool: typeof hub.pool, statement: RegExp, code: string): typeof hub.pool {
  const query = (query: string | { text: string }, values: unknown[]) =>
    statement.test(typeof query === 'string' ? query : query.text)
      ? Promise.reject(Object.assign(new Error('broken'), { code }))
      : pool.query(query as string, values);
  return { query } as unknown as typeof hub.pool;
}

describe('the one statement', () => {
  it('stores all or nothing: a fault in the last row leaves no content, no key', async () => {
    const before = await hub.rows();
    const [good, bad] = [await newLetter(), await newLetter()];
    const attachments = bad.attachments.map((each) => ({ ...each, filename: 'a\0b' }));
    await assert.rejects(insertLetters(hub.pool, await system(), [good, { ...bad, attachments }]));
    await assert.rejects(insertLetters(hub.pool, await system(), [good, { ...bad, flowId: newId() }]), /flow/);
    assert.deepEqual(await hub.rows(), before);
  });

  it('does not deadlock when letters share contents in opposite orders', async () => {
    for (let round = 0; round < 10; round += 1) {
      const contents = Array.from({ length: 12 }, (_, n) => prepare(Buffer.alloc(20_000, round * 100 + n)));
      const inserts = Array.from({ length: 8 }, async (_, n) => {
        const order = n % 2 ? contents : [...contents].reverse();
        const attachments = order.map((content) => ({
          filename: 'a.pdf',
          contentType: 'application/pdf',
          pages: 1,
          content,
        }));
        return insertLetters(hub.pool, await system(), [{ ...(await newLetter()), attachments }]);
      });
      const written = await Promise.all(inserts);
      assert.ok(written.every((ids) => ids.length === 1));
    }
  });
});

function prepare(bytes: Buffer) {
  const store = createContentStore(hub.pool, createContentCipher(CONTENT_KEY));
  return store.prepare(hub.organisationId, bytes, 'application/pdf');
}

async function system() {
  const { rows } = await hub.pool.query('select id, name from business_system where organisation_id = $1', [
    hub.organisationId,
  ]);
  return { organisationId: hub.organisationId, id: rows[0].id, name: rows[0].name };
}

async function newLetter() {
  const { flow } = await selectIntakeFacts(hub.pool, await system(), 'beslut');
  const id = newId();
  const bytes = Buffer.from(id);
  const letter = {
    id,
    recipient: '191212121212' as never,
    subject: 'Beslut',
    language: 'svSE',
    reference: undefined,
    address: undefined,
    protectedIdentity: false,
    body: { contentType: 'text/plain', bytes },
    attachments: [],
    envelopeBytes: 1,
  };
  const attachments = [
    { filename: 'a.pdf', contentType: 'application/pdf', pages: 1, content: prepare(Buffer.from(`pdf ${id}`)) },
  ];
  return {
    letter,
    flowId: flow?.id ?? '',
    lane: 0,
    body: prepare(bytes),
    attachments,
    key: newId(),
    requestHash: Buffer.alloc(32),
  };
}

describe('content that is erased while the same content is stored', () => {
  const owner = { subject: 'test.maja' };
  const ofHub = () => ({ organisationId: hub.organisationId, ...owner });
  const store = () => createContentStore(hub.pool, createContentCipher(CONTENT_KEY));

  /** An uploaded file with that content, as the last thing that refers to it. */
  async function upload(text: string): Promise<Buffer> {
    const prepared = store().prepare(hub.organisationId, Buffer.from(text), 'text/plain');
    await inTransaction(hub.pool, async (client) => {
      await store().put(client, hub.organisationId, [prepared]);
      await insertUpload(client, ofHub(), { id: newId(), filename: 'a.csv', hash: prepared.hash });
    });
    return prepared.hash;
  }

  /** Until some connection waits for that one. */
  async function somebodyWaits(pid: number): Promise<void> {
    for (;;) {
      const waiting = 'select count(*)::integer as n from pg_stat_activity where $1 = any(pg_blocking_pids(pid))';
      const { rows } = await hub.pool.query(waiting, [pid]);
      if (rows[0].n > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async function held<T>(
    work: (client: Queryable) => Promise<T>,
    meanwhile: (pid: number) => Promise<void>,
  ): Promise<T> {
    const client = await hub.pool.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query('select pg_backend_pid() as pid');
      const result = await work(client);
      await meanwhile(rows[0].pid);
      return result;
    } finally {
      await client.query('commit');
      client.release();
    }
  }

  it('is stored anew for a letter that waited for the erasure', async () => {
    const text = 'Samma text i en fil som just raderas.';
    await upload(text);
    let sent: ReturnType<typeof hub.post> | undefined;
    await held(
      (client) => deleteUploads(client, ofHub()),
      async (pid) => {
        sent = hub.post({ ...LETTER, body: { text } });
        await somebodyWaits(pid);
      },
    );
    const answer = await sent;
    assert.equal(answer?.status, 201, JSON.stringify(answer?.body));
  });

  it('is stored anew for a letter that had seen it, and lost it before it could refer to it', async () => {
    const text = 'Texten försvinner mitt i en sats.';
    const hash = await upload(text);
    let sent: ReturnType<typeof hub.post> | undefined;
    // The letter's statement stops at its flow, after it has looked for the content and before it holds it.
    const holdFlow = (client: Queryable) => client.query("select from flow where code = 'beslut' for update");
    await held(holdFlow, async (pid) => {
      sent = hub.post({ ...LETTER, body: { text } });
      await somebodyWaits(pid);
      await inTransaction(hub.pool, (client) => deleteUploads(client, ofHub()));
      await assert.rejects(store().get(hub.organisationId, [hash]), 'it is gone');
    });
    const answer = await sent;
    assert.equal(answer?.status, 201, JSON.stringify(answer?.body));
    assert.equal((await store().get(hub.organisationId, [hash])).size, 1);
  });

  it('is stored anew for a file whose transaction waited for the erasure', async () => {
    const text = 'Samma fil igen.';
    const hash = await upload(text);
    let again: Promise<Buffer> | undefined;
    await held(
      (client) => deleteUploads(client, ofHub()),
      async (pid) => {
        again = upload(text);
        await somebodyWaits(pid);
      },
    );
    assert.deepEqual(await again, hash);
    assert.equal((await store().get(hub.organisationId, [hash])).size, 1);
    await inTransaction(hub.pool, (client) => deleteUploads(client, ofHub()));
  });

  it('is kept when a letter that refers to it was stored first, and the erasure goes on', async () => {
    const text = 'Brevet hann före.';
    const hash = await upload(text);
    const body = store().prepare(hub.organisationId, Buffer.from(text), 'text/plain');
    const { rows } = await hub.pool.query(
      'select b.id, b.name, f.id as flow from business_system b join flow f using (organisation_id) where b.organisation_id = $1 and f.code = $2 limit 1',
      [hub.organisationId, 'beslut'],
    );
    const [{ id: systemId, name, flow: flowId }] = rows;
    const facts = {
      subject: 'x',
      language: 'svSE',
      reference: undefined,
      address: undefined,
      protectedIdentity: false,
    };
    const letter = {
      ...{ ...facts, id: newId(), recipient: '191212121212' as never, attachments: [], envelopeBytes: 1 },
      body: { contentType: 'text/plain', bytes: Buffer.from(text) },
    };
    const system = { organisationId: hub.organisationId, id: systemId, name };
    const row = { letter, flowId, lane: 1, body, attachments: [], key: newId(), requestHash: hash };
    let erased: Promise<void> | undefined;
    await held(
      (client) => insertLetters(client, system, [row]),
      async (pid) => {
        erased = inTransaction(hub.pool, (client) => deleteUploads(client, ofHub()));
        await somebodyWaits(pid);
      },
    );
    await erased;
    assert.equal((await store().get(hub.organisationId, [hash])).size, 1, 'the letter has its text');
  });

  it('is never erased while any table refers to it: the statement knows them all', () => {
    const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
    const references = [
      ...read('../src/sql/schema.sql').matchAll(
        /constraint (\w+)_organisation_id_(\w+)_fkey FOREIGN KEY .* REFERENCES content\(/g,
      ),
    ];
    assert.ok(references.length > 10);
    assert.ok(references.some(([, table, column]) => table === 'letter' && column === 'print_hash'));
    const statement = read('../src/sql/content.ts');
    for (const [, table, column] of references) {
      assert.ok(
        statement.includes(`from ${table} where organisation_id = $1 and ${column} = c.hash)`),
        `${table}.${column}`,
      );
    }
    const cancels = read('../src/sql/mailingEnd.ts');
    for (const [, table = '', column = ''] of references) {
      if (table === 'mailing_upload' || !table.startsWith('mailing')) continue;
      const selected = new RegExp(`select ${column}(?: as hash)?\\s+from ${table}\\s+where organisation_id = \\$1`);
      assert.match(cancels, selected, `cancelling leaves ${table}.${column}`);
    }
  });
});

describe('what only helped to make letters', () => {
  it('is erased when it is old enough, with its content, and what is younger or still open is left', async () => {
    const { pool, organisationId } = hub;
    const store = createContentStore(pool, createContentCipher(CONTENT_KEY));
    const put = async (text: string) => {
      const prepared = store.prepare(organisationId, Buffer.from(text), 'text/plain');
      await inTransaction(pool, (client) => store.put(client, organisationId, [prepared]));
      return prepared.hash;
    };
    const hashes: Record<string, Buffer> = {};
    for (const name of ['upload', 'newUpload', 'print', 'newPrint', 'case', 'newCase', 'openCase']) {
      hashes[name] = await put(`svept ${name}`);
    }
    const { rows } = await pool.query(
      `select b.id as system, f.id as flow, f.retention_days as days from business_system b join flow f using (organisation_id)
       where b.organisation_id = $1 and f.code = 'beslut' limit 1`,
      [organisationId],
    );
    const [{ system, flow, days }] = rows;
    for (const [name, hours] of [
      ['upload', 25],
      ['newUpload', 23],
    ] as const) {
      await pool.query(
        `insert into mailing_upload (organisation_id, id, created_by_subject, filename, hash, created_at)
         values ($1, $2, $3, 'a.csv', $4, now() - $5 * interval '1 hour')`,
        [organisationId, newId(), name, hashes[name], hours],
      );
    }
    for (const [name, ended] of [
      ['print', 31],
      ['newPrint', 29],
    ] as const) {
      const job = newId();
      await pool.query(
        `insert into print_job (organisation_id, id, business_system_id, name, user_name, state, ended_at)
         values ($1, $2, $3, 'x', 'x', 'completed', now() - $4 * interval '1 day')`,
        [organisationId, job, system, ended],
      );
      await pool.query(
        'insert into print_document (organisation_id, job_id, position, name, hash, plain_bytes) values ($1, $2, 0, $3, $4, 1)',
        [organisationId, job, name, hashes[name]],
      );
    }
    for (const [name, closed] of [
      ['case', days + 1],
      ['newCase', days - 1],
      ['openCase', null],
    ] as const) {
      await pool.query(
        `insert into hand_in_case (organisation_id, id, business_system_id, flow_id, way_in, key, reason, detail, filename, hash, opened_at,
           deadline, closed_at, closed_by, resolution)
         select $1, $2, $3, $4, 'printer', $5, 'noRecipient', '{}', 'a.pdf', $6, now() - interval '30 years', now(), closed_at,
           case when closed_at is not null then 'Maja' end, case when closed_at is not null then 'discarded' end
         from (select now() - $7::integer * interval '1 day' as closed_at) c`,
        [organisationId, newId(), system, flow, name, hashes[name], closed],
      );
    }
    const delivery = async (name: string, ended: number | null) => {
      const id = newId();
      await pool.query(
        `insert into file_delivery (organisation_id, id, business_system_id, name, kind, state, ended_at, lease_until, claimed_at)
         values ($1, $2, $3, $4, 'index', case when $5::integer is null then 'working' else 'done' end,
           now() - $5 * interval '1 day', case when $5::integer is null then now() end, now() - interval '3 years')`,
        [organisationId, id, system, name, ended],
      );
      await pool.query('insert into file_letter values ($1, $2, $3, $4, $5)', [
        organisationId,
        system,
        name,
        id,
        newId(),
      ]);
    };
    await delivery('gammal', 366);
    await delivery('ny', 364);
    await delivery('pågår', null);
    const options = { pool, clock: systemClock, log: createLog({ service: 'hub', level: 'silent' }) };
    assert.equal(await sweepOnce(options), 4);
    assert.equal(await sweepOnce(options), 0);
    for (const [name, hash] of Object.entries(hashes)) {
      const isErased = ['upload', 'print', 'case'].includes(name);
      const found = await pool.query('select from content where organisation_id = $1 and hash = $2', [
        organisationId,
        hash,
      ]);
      assert.equal(found.rowCount, isErased ? 0 : 1, name);
    }
    const left = await pool.query(
      'select name, (select count(*)::integer from file_letter where delivery_id = d.id) as letters from file_delivery d order by 1',
    );
    assert.deepEqual(left.rows, [
      { name: 'ny', letters: 1 },
      { name: 'pågår', letters: 1 },
    ]);
  });
});
