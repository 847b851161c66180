import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { createContentCipher, listRoutes } from '@brevduva/base';
import { createContentStore } from '../src/content.ts';
import { certificateHash } from '../src/organisation/credential.ts';
import { createCredentialAdmin } from '../src/organisation/credentialAdmin.ts';
import { countOpenCases, selectLetterOfCase, selectOpenCases } from '../src/sql/cases.ts';
import { selectChanges, selectConfiguration } from '../src/sql/configuration.ts';
import { revokeCredential, selectCredentials } from '../src/sql/credentialList.ts';
import { countFileDeliveries, selectFileDeliveries, selectFileDelivery } from '../src/sql/fileDeliveryViews.ts';
import { selectByKey } from '../src/sql/intake.ts';
import { selectIntakeFacts } from '../src/sql/intakeFacts.ts';
import { selectLetterStory } from '../src/sql/letterStory.ts';
import { countByState, selectFlows, selectLetterLine, selectLetters } from '../src/sql/letters.ts';
import { selectDelivered } from '../src/sql/receipts.ts';
import { selectSystemByCode } from '../src/sql/systems.ts';
import { ADDRESS, seedLetter } from './support/consoleLetters.ts';
import { MUNICIPALITY, OTHER_API_KEY, OTHER_MUNICIPALITY } from './support/hubDatabase.ts';
import { CONTENT_KEY, type IntakeHub, LETTER, startIntakeHub } from './support/intakeHub.ts';

/** Several organisations on one installation, and nothing of one for another: by any door, with any credential, in any statement. */
let hub: IntakeHub;
/** Everything of ours that has an id, and words of ours that must never be seen by the neighbour. */
let ours: Record<string, string>;
const SECRET_WORDS = /Kommun A|Ärendesystemet|Hemlig rubrik|dnr-hemligt/;
const KEY = 'vårt-eget'.replace('å', 'a');

before(async () => {
  hub = await startIntakeHub();
  const sent = await hub.post(
    { ...LETTER, subject: 'Hemlig rubrik', reference: 'dnr-hemligt' },
    { 'idempotency-key': KEY },
  );
  const { letterId, caseId } = await seedLetter(hub.pool, hub.organisationId, {
    reason: 'noChannel',
    address: ADDRESS,
    subject: 'Hemlig rubrik',
    reference: 'dnr-hemligt',
  });
  const { rows } = await hub.pool.query(
    `select b.id as system, f.id as flow, c.id as credential from business_system b
     join flow f on f.organisation_id = b.organisation_id and f.code = 'beslut'
     join credential c on c.business_system_id = b.id where b.organisation_id = $1`,
    [hub.organisationId],
  );
  const { rows: deliveries } = await hub.pool.query(
    `insert into file_delivery (organisation_id, id, business_system_id, name, kind, state, ended_at)
     values ($1, gen_random_uuid(), $2, 'Hemlig rubrik.zip', 'archive', 'failed', now()) returning id as delivery`,
    [hub.organisationId, rows[0].system],
  );
  ours = { ...deliveries[0], sent: sent.body.id, letterId, caseId, organisation: hub.organisationId, ...rows[0] };
});
after(() => hub.close());

describe('the API with the neighbour’s key', () => {
  it('gives nothing of ours, on every route, with every id of ours in every place', async () => {
    const routes = listRoutes(hub.hub.app).filter(({ access }) => access === 'apiKey');
    const paths = routes.flatMap(({ method, url }) => {
      const fillings = url.includes(':')
        ? [...Object.values(ours), `${MUNICIPALITY}-arendesystemet`, KEY, 'beslut']
        : [''];
      return fillings.map((id) => ({ method, path: url.replace(/:[a-zA-Z]+/g, id) }));
    });
    assert.ok(paths.length > 10, 'there are routes');
    for (const { method, path } of paths) {
      if (path === '/api/v1/letters') continue; // handing in, below
      const before = await snapshot();
      const response = await fetch(`${hub.hub.webUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${OTHER_API_KEY}`, 'content-type': 'application/json' },
        ...(method === 'GET' || method === 'HEAD' ? {} : { body: '{}' }),
      });
      const text = await response.text();
      const what = `${method} ${path}: ${response.status} ${text.slice(0, 300)}`;
      if (path.includes(Object.values(ours)[0] ?? ''))
        assert.ok([400, 403, 404, 405, 415, 422].includes(response.status), what);
      assert.doesNotMatch(text, SECRET_WORDS, what);
      assert.deepEqual(await snapshot(), before, what);
    }
  });

  it('and with ours the same letter is there, so that the test can fail', async () => {
    for (const id of [ours['sent'], ours['letterId']]) {
      const { status, body } = await hub.get(id ?? '');
      assert.deepEqual([status, body.subject], [200, 'Hemlig rubrik']);
    }
  });

  it('hands in to its own flows only, and its keys are its own', async () => {
    const headers = { authorization: `Bearer ${OTHER_API_KEY}`, 'idempotency-key': KEY };
    const own = await hub.post(LETTER, headers);
    assert.equal(own.status, 201, 'the same idempotency key is another letter with them');
    const { rows } = await hub.pool.query('select organisation_id from letter where id = $1', [own.body.id]);
    assert.equal(rows[0].organisation_id, hub.otherOrganisationId);
    await hub.pool.query(
      `insert into flow (organisation_id, id, unit_id, code, name, channel_policy)
       select organisation_id, gen_random_uuid(), id, 'bara-hos-oss', 'x', 'digitalFirst' from unit where organisation_id = $1`,
      [hub.organisationId],
    );
    const answer = await hub.refused(
      () => hub.post({ ...LETTER, flow: 'bara-hos-oss' }, { authorization: `Bearer ${OTHER_API_KEY}` }),
      422,
      'HUB_LETTER_INVALID',
    );
    assert.equal(answer.body.faults[0].code, 'HUB_FLOW_UNKNOWN');
  });

  /** What of ours a stranger could have changed. */
  async function snapshot(): Promise<unknown> {
    const { rows } = await hub.pool.query(
      `select (select jsonb_agg(jsonb_build_array(l.id, l.state, l.updated_at) order by l.id) from letter l where organisation_id = $1) as letters,
         (select jsonb_agg(jsonb_build_array(c.id, c.closed_at) order by c.id) from manual_case c where organisation_id = $1) as cases,
         (select count(*) from letter_event where organisation_id = $1) as events`,
      [hub.organisationId],
    );
    return rows[0];
  }
});

describe('a credential of theirs', () => {
  it('token, password and login name open their own organisation and no other', async () => {
    const admin = createCredentialAdmin(hub.pool);
    const theirs = { organizationNumber: OTHER_MUNICIPALITY, systemCode: 'grannens-system' };
    const { secret } = await admin.makeSecret(theirs, { kind: 'oauthClient', by: 'test' });
    const asUs = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: `${MUNICIPALITY}-arendesystemet`,
      client_secret: secret,
    });
    const token = await fetch(`${hub.hub.webUrl}/oauth/token`, { method: 'POST', body: asUs });
    assert.equal(token.status, 401);
    const password = await admin.makeSecret(theirs, { kind: 'password', by: 'test' });
    const authorization = `Basic ${Buffer.from(`${MUNICIPALITY}-arendesystemet:${password.secret}`).toString('base64')}`;
    await hub.refused(() => hub.post(LETTER, { authorization }), 401, 'HUB_API_KEY');
  });

  it('a certificate with our organisation number in it is nobody’s until we register its fingerprint', async () => {
    const { rows } = await hub.pool.query(
      `select count(*)::integer as count from credential where kind = 'certificate' and hash = $1`,
      [certificateHash(hub.sender.certPem)],
    );
    assert.equal(rows[0].count, 0);
  });
});

describe('every statement', () => {
  it('with their organisation and our ids finds nothing and changes nothing', async () => {
    const { pool, otherOrganisationId: theirs } = hub;
    const { letterId = '', caseId = '', system = '', credential = '' } = ours;
    const key = { organisationId: theirs, id: letterId };
    const store = createContentStore(pool, createContentCipher(CONTENT_KEY));
    const { rows } = await pool.query('select body_hash from letter where id = $1', [letterId]);
    const nothing: Record<string, unknown> = {
      story: await selectLetterStory(pool, key),
      line: await selectLetterLine(pool, theirs, letterId),
      search: (await selectLetters(pool, theirs, { search: letterId }, undefined, 10))[0],
      after: (await selectLetters(pool, theirs, {}, { after: letterId }, 10))[0],
      caseLetter: await selectLetterOfCase(pool, theirs, caseId),
      cases: (await selectOpenCases(pool, theirs, { limit: 10 }))[0],
      known: await selectByKey(pool, { organisationId: theirs, id: system, name: 'x' }, KEY),
      receipt: (await selectDelivered(pool, [key])).size || undefined,
      system: await selectSystemByCode(pool, theirs, 'arendesystemet'),
      delivery: await selectFileDelivery(pool, theirs, ours['delivery'] ?? ''),
      deliveries: (await selectFileDeliveries(pool, theirs, { max: 10, offset: 0 }))[0],
      deliveryCount: (await countFileDeliveries(pool, theirs)) || undefined,
      flowOfOurSystem:
        (await selectIntakeFacts(pool, { organisationId: theirs, id: system }, 'beslut')).flow?.isAllowed || undefined,
      revoked: (await revokeCredential(pool, theirs, credential)) || undefined,
      credential: (await selectCredentials(pool, theirs)).find(({ id }) => id === credential),
      change: (await selectChanges(pool, theirs, 100)).find(({ path }) => path.includes('arendesystemet')),
    };
    assert.deepEqual(
      Object.entries(nothing).filter(([, found]) => found !== undefined),
      [],
    );
    assert.equal(await countOpenCases(pool, theirs), 0);
    assert.ok(!(await countByState(pool, theirs)).has('case'));
    assert.ok((await selectFlows(pool, theirs)).every(({ code }) => code !== 'bara-hos-oss'));
    await assert.rejects(
      store.get(theirs, [rows[0].body_hash]),
      'our content is not theirs, though they know its hash',
    );
    const configuration = (await selectConfiguration(pool, OTHER_MUNICIPALITY))?.configuration;
    assert.doesNotMatch(JSON.stringify(configuration?.systems), SECRET_WORDS);
    assert.equal((await hub.get(letterId)).status, 200);
    assert.ok(await selectSystemByCode(pool, hub.organisationId, 'arendesystemet'), 'with our own id it is found');
  });

  it('on a table of organisations names the organisation, but for the few that go by what is unique everywhere', () => {
    const found = statementsWithoutOrganisation();
    assert.ok(found.includes('claim.ts claimLetters'), 'the statements were read');
    const unexplained = found.filter((name) => !(name in UNBOUND));
    assert.deepEqual(unexplained, [], 'a statement that no organisation binds says why, here');
  });

  it('and the inventory can fail', () => {
    const unbound = ['select id from letter where id = $1', 'delete from flow', `update "credential" set label = ''`];
    for (const text of unbound) assert.ok(isUnbound(text), text);
    assert.ok(!isUnbound('select id from letter where organisation_id = $1'));
    assert.ok(!isUnbound('select 1'));
    assert.ok(TABLES.length > 15 && TABLES.includes('letter') && !TABLES.includes('web_session'));
  });

  /** Function → why its statements need no organisation. */
  const UNBOUND: Readonly<Record<string, string>> = {
    'erasure.ts selectDueLetters': 'by each flow’s retention; the rows bring their own',
    'erasure.ts selectHeldByLetters': 'keys of organisation and letter together, as arrays',
    'erasure.ts clearLetters': 'as selectHeldByLetters',
    'erasure.ts selectDueMailings': 'as selectDueLetters',
    'erasure.ts selectHeldByMailings': 'keys of organisation and mailing together, as arrays',
    'erasure.ts clearMailings': 'as selectHeldByMailings',
    'erasure.ts eraseNotices': 'as selectDueLetters',
    'returnedMail.ts eraseFlags': 'by age, on every organisation’s; nothing comes out',
    'returnedMail.ts selectFlagged': 'of several organisations’ letters, each with its own organisation’s id',
    'sweeps.ts eraseUploads': 'by age, on every organisation’s; what is erased goes by organisation',
    'sweeps.ts erasePrintDocuments': 'by age, on every organisation’s; what is erased goes by organisation',
    'sweeps.ts eraseHandInCases': 'by age and the flow’s retention; what is erased goes by organisation',
    'sweeps.ts eraseForms': 'by age, on every organisation’s; what is erased goes by organisation',
    'sweeps.ts cancelUntouchedMailings': 'by age, on every organisation’s; each is cancelled by its organisation’s key',
    'sweeps.ts eraseFileDeliveries': 'by age, on every organisation’s; what is erased goes by organisation',
    'admin.ts selectOrganisations': 'for those who run the installation',
    'claim.ts claimLetters': 'a node works for all organisations; each row brings its own',
    'claim.ts selectDueQueues': 'it says which organisations wait',
    'claim.ts releaseLeasesOf': 'its own leases, by the node’s name',
    'fileDeliveries.ts claimFileDelivery': 'as claimLetters',
    'fileDeliveries.ts releaseFileLeasesOf': 'as releaseLeasesOf',
    'formOutbox.ts claimFormMessages': 'as claimLetters',
    'formOutbox.ts releaseFormLeasesOf': 'as releaseLeasesOf',
    'noSilentEnd.ts findSilentEnds': 'for those who run the installation; each finding brings its organisation',
    'noSilentEnd.ts isOurTurn': 'when any node last looked at all of them',
    'noSilentEnd.ts checkEnds': 'keeps what was found of each organisation under its own id',
    'noSilentEnd.ts selectCheckMetrics': 'for those who run the installation: numbers only',
    'printJobs.ts claimPrintJob': 'as claimLetters',
    'printJobs.ts closeForgottenPrintJobs': 'a node tidies for all organisations',
    'printJobs.ts releasePrintLeasesOf': 'as releaseLeasesOf',
    'printBatches.ts claimBatch': 'as claimLetters',
    'printBatches.ts releaseBatchLeasesOf': 'as releaseLeasesOf',
    'printBatches.ts selectDueGroups': 'it says whose letters wait for which print shop',
    'printCases.ts passCaughtUp': 'a node tidies for all organisations; a case goes by its own batch',
    'printOrders.ts selectPrintOrders': 'keys of organisation and letter together, as an array',
    'printOrders.ts tellLetters': 'a node works for all organisations; a letter goes by its own order',
    'printReceipts.ts selectOverdueBatches': 'a node works for all organisations; each row brings its own',
    'printReceipts.ts selectShopsToAsk': 'it says which print shops there are',
    'printShops.ts selectPrintShopsOf': 'organisations as an array; each row brings its own',
    'putCredentials.ts selectTaken': 'a credential may be another organisation’s; whose is not told',
    'receipts.ts selectDeliveryIds': 'as selectDelivered',
    'noticeMessages.ts saveReport': 'a gateway serves several organisations and knows its own ids only',
    'noticeMessages.ts selectStandings': 'keys of organisation and letter together, as an array',
    'recipientNotices.ts claimNotices': 'as claimLetters',
    'recipientNotices.ts releaseNoticeLeasesOf': 'as releaseLeasesOf',
    'receipts.ts selectDelivered': 'keys of organisation and letter together, as an array',
    'sealed.ts selectLatestSealed': 'keys of organisation and letter together, as an array',
    'systems.ts selectSystemsWithWayIn': 'the watchers of folders serve all organisations',
  };

  function statementsWithoutOrganisation(): string[] {
    const folder = new URL('../src/sql/', import.meta.url);
    const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
    assert.ok(files.length > 15);
    return files
      .flatMap((file) =>
        functionsOf(readFileSync(new URL(file, folder), 'utf8'))
          .filter(({ body }) => isUnbound(body))
          .map(({ name }) => `${file} ${name}`),
      )
      .sort();
  }
});

/** Every table whose rows are an organisation's, as the schema has them. */
const TABLES = readFileSync(new URL('../src/sql/schema.sql', import.meta.url), 'utf8')
  .split('\n\n')
  .filter((table) => /^ {2}organisation_id /m.test(table) || table.startsWith('table organisation\n'))
  .map((table) => /^table (\w+)/.exec(table)?.[1] ?? '');
const STATEMENT = new RegExp(`\\b(?:from|join|into|update|table)\\s+"?(?:${TABLES.join('|')})\\b`, 'i');
/** Held to the organisation's id or number that the caller gives; or to a secret's hash, which tells the organisation. */
const BOUND =
  /organisation_id = \$\d|(?<!\w)o\.id = \$\d|organization_number = \$\d|\bhash = \$\d|insert into \w+ \((?:hash, )?organisation_id|insert into organisation\b/;

function isUnbound(text: string): boolean {
  return STATEMENT.test(text) && !BOUND.test(text);
}

/** Top-level functions with their text: from one `function` at the line's beginning to the next. */
function functionsOf(source: string): { name: string; body: string }[] {
  const starts = [...source.matchAll(/^(?:export )?(?:async )?function\*? (\w+)/gm)];
  return starts.map((start, n) => ({
    name: start[1] ?? '',
    body: source.slice(start.index, starts[n + 1]?.index ?? source.length),
  }));
}
