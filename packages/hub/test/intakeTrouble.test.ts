import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createContentCipher, createLog, createPool, createWebServer, newId, systemClock } from '@brevduva/base';
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
