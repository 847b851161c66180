import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ActorChanges } from '../src/actors/actors.ts';
import { AUDIT_ACTS } from '../src/actors/auditAct.ts';
import { createRegister } from '../src/index.ts';
import { selectKnownOperators, selectSenders } from '../src/sql/organizations.ts';
import {
  type ActorsWorld,
  agreement,
  application,
  bringTo,
  createActorsWorld,
  FREJA,
  GÖSTA,
  NEW_OPERATOR,
  NEW_SENDER,
  OPERATOR_FORM,
} from './actorsSetup.ts';
import { logCall } from './requestLog.ts';
import { fillSampleRegister, MUNICIPALITY, OPERATOR, OTHER_SENDER, SERVED } from './sampleRegister.ts';

const REASON = { reason: 'Beslut 2026-44' };

/** A world for each: the tests change the same tables. */
async function withWorld(work: (world: ActorsWorld) => Promise<void>, environment?: 'test'): Promise<void> {
  const world = await createActorsWorld(environment);
  try {
    await fillSampleRegister(world.database.pool);
    await work(world);
  } finally {
    await world.close();
  }
}

const stateOf = async (world: ActorsWorld, number: string) => {
  const { inProgress, others } = await world.actors.read(number);
  return (inProgress ?? others[0])?.step;
};

describe('connecting an actor', () => {
  it('goes from application to production, and is let in only there', () =>
    withWorld(async (world) => {
      const { pool } = world.database;
      const isLetIn = async () =>
        (await selectSenders(pool)).some(({ organizationNumber }) => organizationNumber === NEW_SENDER);
      await bringTo(world, 'technicalTest');
      assert.equal(await isLetIn(), false);
      const { change } = world.actors;
      await change.recordConformance(FREJA, await world.ref(NEW_SENDER), {
        result: 'waived',
        reason: 'Samma system som kommun A',
      });
      await change.approveForProduction(FREJA, await world.ref(NEW_SENDER));
      assert.equal(await isLetIn(), true);
      const { others, history } = await world.actors.read(NEW_SENDER);
      assert.equal(others[0]?.step, 'production');
      assert.deepEqual(
        history.map(({ what, name }) => [what, name]),
        [
          'approvedForProduction',
          'conformanceRecorded',
          'technicalTestStarted',
          'certificateAdded',
          'agreementRegistered',
          'applied',
        ].map((what) => [what, 'Freja Öberg']),
      );
      assert.deepEqual(history[4]?.before, { step: 'application', reference: null, agreedOn: null, signedBy: null });
      assert.deepEqual(history[4]?.after, { step: 'agreement', ...agreement(world.now()) });
    }));

  it('lets it in already for its technical test where the register is for tests', () =>
    withWorld(async (world) => {
      await bringTo(world, 'technicalTest');
      const numbers = (await selectSenders(world.database.pool)).map((row) => row.organizationNumber);
      assert.ok(numbers.includes(NEW_SENDER));
    }, 'test'));

  it('reads the checklist off its own traffic there, and believes nobody who says that it is done before', () =>
    withWorld(async (world) => {
      const number = await bringTo(world, 'technicalTest');
      const record = async (result: string) =>
        world.actors.change.recordConformance(FREJA, await world.ref(number), { result, reason: 'Protokoll 3' });
      await world.refused(() => record('passed'), 'FAR_CONFORMANCE_NOT_DONE', /inte klar: 0 av \d+ krav är uppfyllda/);
      const { checklist, inProgress } = await world.actors.read(number);
      assert.deepEqual([checklist?.isDone, inProgress?.missing], [false, ['conformance']]);
      await record('waived');
      await world.actors.change.approveForProduction(FREJA, await world.ref(number));
      const caller = '162120001116';
      await bringTo(world, 'technicalTest', application({ organizationNumber: caller, roles: ['forwarder'] }));
      const missing = async () => (await world.actors.read(caller)).inProgress?.missing;
      assert.deepEqual(await missing(), ['conformance']);
      for (const operation of ['getSenders', 'getDispatchers']) {
        await logCall(world.database.pool, world.now().toISOString(), { caller, operation });
      }
      assert.deepEqual(await missing(), []);
      await world.actors.change.approveForProduction(FREJA, await world.ref(caller));
    }, 'test'));

  it('knows what was loaded at start as in production, and loading again undoes nothing', () =>
    withWorld(async (world) => {
      const { others, roles } = await world.actors.read(MUNICIPALITY);
      assert.deepEqual([others.length, others[0]?.step, roles], [1, 'production', ['sender', 'dispatcher']]);
      await world.actors.change.suspend(FREJA, await world.ref(MUNICIPALITY), REASON);
      const before = await world.snapshot();
      await createRegister(world.database.pool).addSender(MUNICIPALITY, 'Kommun A');
      assert.equal(await world.snapshot(), before);
      await world.actors.change.end(FREJA, await world.ref(OTHER_SENDER), {
        connectionId: (await world.actors.read(OTHER_SENDER)).others[0]?.id ?? '',
        end: 'closed',
        ...REASON,
      });
      await createRegister(world.database.pool).addSender(OTHER_SENDER, 'Staden & regionen');
      assert.equal(await stateOf(world, OTHER_SENDER), 'closed');
    }));

  it('keeps the consents that staff has recorded when the dispatcher is loaded again', () =>
    withWorld(async (world) => {
      const add = [{ sender: OTHER_SENDER, consentReference: 'SAMTYCKE-1' }];
      await world.actors.change.changeServedSenders(FREJA, await world.ref(MUNICIPALITY), { add, remove: [] });
      await createRegister(world.database.pool).addDispatcher(MUNICIPALITY, 'Kommun A', [MUNICIPALITY]);
      const { servedSenders } = await world.actors.read(MUNICIPALITY);
      assert.deepEqual(
        servedSenders.map(({ sender, consentReference }) => [sender, consentReference]),
        [
          [MUNICIPALITY, null],
          [OTHER_SENDER, 'SAMTYCKE-1'],
        ],
      );
    }));

  it('takes further roles of one that is connected, in a connection of their own', () =>
    withWorld(async (world) => {
      await bringTo(
        world,
        'application',
        application({ organizationNumber: SERVED, name: 'Annat namn', roles: ['dispatcher'] }),
      );
      const { name, inProgress, others, roles } = await world.actors.read(SERVED);
      assert.deepEqual([name, inProgress?.roles, others[0]?.roles], ['Kommun B', ['dispatcher'], ['sender']]);
      assert.deepEqual([...roles].sort(), ['dispatcher', 'sender']);
    }));

  it('frees the domain of an operator that was rejected before it was let in anywhere', () =>
    withWorld(async (world) => {
      const form = application({ organizationNumber: NEW_OPERATOR, roles: ['operator'], operator: OPERATOR_FORM });
      await bringTo(world, 'agreement', form);
      const connectionId = (await world.actors.read(NEW_OPERATOR)).inProgress?.id ?? '';
      await world.actors.change.end(FREJA, await world.ref(NEW_OPERATOR), { connectionId, end: 'rejected', ...REASON });
      await bringTo(world, 'production', { ...form, organizationNumber: NEW_SENDER });
      const operators = await selectKnownOperators(world.database.pool);
      assert.deepEqual(
        operators.filter(({ domain }) => domain === 'nya.example').map((row) => [row.organizationNumber, row.admitted]),
        [[NEW_SENDER, true]],
      );
    }));

  it('takes back the consents of a sender, and of a dispatcher, that is closed', () =>
    withWorld(async (world) => {
      const close = async (number: string) => {
        const connectionId = (await world.actors.read(number)).others[0]?.id ?? '';
        await world.actors.change.end(FREJA, await world.ref(number), { connectionId, end: 'closed', ...REASON });
      };
      await close(SERVED);
      assert.deepEqual(
        (await world.actors.read(MUNICIPALITY)).servedSenders.map(({ sender }) => sender),
        [MUNICIPALITY],
      );
      await close(MUNICIPALITY);
      assert.deepEqual((await world.actors.read(MUNICIPALITY)).servedSenders, []);
    }));
});

describe('what is refused, with nothing changed', () => {
  let world: ActorsWorld;
  before(async () => {
    world = await createActorsWorld();
    await fillSampleRegister(world.database.pool);
  });
  after(() => world.close());
  const change = () => world.actors.change;

  it('an application with faults: each is told', async () => {
    const form = {
      organizationNumber: '212000-2529',
      name: 'x',
      roles: ['operator'],
      contact: { name: '', email: 'x', personalNumber: '12' },
      operator: { operatorName: '', domain: 'x', serviceAddress: 'http://x', uiAddress: 'ftp://x' },
    };
    await world.refused(() => change().apply(FREJA, form), 'FAR_ACTOR_INVALID', /Inget är sparat/);
    assert.deepEqual(await world.faulty(() => change().apply(FREJA, form)), [
      'organizationNumber',
      'name',
      'contactName',
      'contactEmail',
      'contactPersonalNumber',
      'operatorName',
      'domain',
      'serviceAddress',
      'uiAddress',
    ]);
  });

  it('an application without a role', () =>
    world.refused(
      () => change().apply(FREJA, application({ roles: ['king'] })),
      'FAR_ACTOR_INVALID',
      /roles: Välj minst ett av alternativen/,
    ));

  it('an application for a role that it has, or while another is in progress', async () => {
    const again = application({ organizationNumber: SERVED, roles: ['sender', 'forwarder'] });
    await world.refused(() => change().apply(FREJA, again), 'FAR_ROLE_HELD', /redan ansluten i rollen/);
    const number = await bringTo(world, 'application', application({ organizationNumber: '162120001116' }));
    await world.refused(
      () => change().apply(FREJA, application({ organizationNumber: number, roles: ['forwarder'] })),
      'FAR_CONNECTION_OPEN',
      /redan ett anslutningsärende som pågår/,
    );
  });

  it('an operator with the domain of another', async () => {
    const operator = { ...OPERATOR_FORM, domain: 'brevladan.example' };
    const form = application({ organizationNumber: NEW_OPERATOR, roles: ['operator'], operator });
    await world.refused(() => change().apply(FREJA, form), 'FAR_OPERATOR_DOMAIN_TAKEN', /Domänen hör redan till/);
  });

  it('an actor that does not exist', () =>
    world.refused(
      () => change().suspend(FREJA, { organizationNumber: '162120007774', version: 1 }, REASON),
      'FAR_ACTOR_NOT_FOUND',
      /Aktören finns inte/,
    ));

  it('a step whose demands are not met, naming what is missing', async () => {
    const number = await bringTo(
      world,
      'agreement',
      application({ organizationNumber: '162120003336', roles: ['dispatcher'] }),
    );
    const ref = () => world.ref(number);
    const tryTest = async () => change().startTechnicalTest(FREJA, await ref());
    await world.refused(
      tryTest,
      'FAR_STEP_MISSING',
      /Något saknas före nästa steg\. Ett giltigt certifikat för anrop saknas\./,
    );
    const signing = { certificate: await world.pem(number), purposes: ['signing'] };
    await change().addCertificate(FREJA, await ref(), signing);
    await world.refused(tryTest, 'FAR_STEP_MISSING', /certificate: Ett giltigt certifikat/);
    const later = new Date(world.now().getTime() + 5 * 86_400_000);
    await change().addCertificate(FREJA, await ref(), {
      certificate: await world.pem(number, { notBefore: later }),
      purposes: ['tls'],
    });
    await world.refused(tryTest, 'FAR_STEP_MISSING', /certificate/);
    await change().addCertificate(FREJA, await ref(), { certificate: await world.pem(number), purposes: ['tls'] });
    await tryTest();
    await world.refused(
      async () => change().approveForProduction(FREJA, await ref()),
      'FAR_STEP_MISSING',
      /Ingen avsändare har samtyckt till att förmedlaren skickar för den\. Kontrollerna är inte godkända/,
    );
  });

  it('an application whose last contact person is gone', async () => {
    const number = await bringTo(world, 'application', application({ organizationNumber: '162120004441' }));
    const { contacts } = await world.actors.read(number);
    await change().removeContact(FREJA, await world.ref(number), contacts[0]?.id ?? '');
    await world.refused(
      async () => change().registerAgreement(FREJA, await world.ref(number), agreement(world.now())),
      'FAR_STEP_MISSING',
      /En kontaktperson saknas/,
    );
  });

  it('a step that the connection does not stand at', async () => {
    const wrong: readonly (keyof ActorChanges)[] = ['startTechnicalTest', 'approveForProduction'];
    for (const name of wrong) {
      await world.refused(
        async () => (change()[name] as ActorChanges['startTechnicalTest'])(FREJA, await world.ref(SERVED)),
        'FAR_STEP_WRONG',
        /står inte på det steget/,
      );
    }
    const served = () => world.ref(SERVED);
    await world.refused(
      async () => change().registerAgreement(FREJA, await served(), agreement(world.now())),
      'FAR_STEP_WRONG',
      /står inte/,
    );
    await world.refused(
      async () => change().recordConformance(FREJA, await served(), { result: 'passed', reason: 'Protokoll 3' }),
      'FAR_STEP_WRONG',
      /står inte/,
    );
    const connectionId = (await world.actors.read(SERVED)).others[0]?.id ?? '';
    for (const end of ['rejected', 'withdrawn']) {
      await world.refused(
        async () => change().end(FREJA, await served(), { connectionId, end, ...REASON }),
        'FAR_STEP_WRONG',
        /står inte/,
      );
    }
  });

  it('reasons that are none, and that name a person', async () => {
    const ref = await world.ref(SERVED);
    for (const [reason, text] of [
      ['', /reason: Fyll i fältet/],
      ['ja', /reason: Skriv minst 5 tecken/],
      ['Se ärendet om 19850101-1236', /reason: Skriv inget personnummer här/],
    ] as const) {
      await world.refused(() => change().suspend(FREJA, ref, { reason }), 'FAR_ACTOR_INVALID', text);
      const end = { connectionId: 'x', end: 'closed', reason };
      await world.refused(() => change().end(FREJA, ref, end), 'FAR_ACTOR_INVALID', text);
      const retired = { fingerprint: '00', reason };
      await world.refused(() => change().retireCertificate(FREJA, ref, retired), 'FAR_ACTOR_INVALID', text);
    }
    await world.refused(
      () => change().end(FREJA, ref, { connectionId: 'x', end: 'eaten', ...REASON }),
      'FAR_ACTOR_INVALID',
      /end: Välj minst ett/,
    );
    await world.refused(
      () => change().recordConformance(FREJA, ref, { result: 'maybe', reason: 'Kanske' }),
      'FAR_ACTOR_INVALID',
      /result: Välj minst ett/,
    );
  });

  it('to suspend twice, and to lift what is not suspended', async () => {
    await world.refused(
      async () => change().liftSuspension(FREJA, await world.ref(OPERATOR), REASON),
      'FAR_ACTOR_NOT_SUSPENDED',
      /Aktören är inte avstängd/,
    );
    await change().suspend(FREJA, await world.ref(OPERATOR), REASON);
    await world.refused(
      async () => change().suspend(FREJA, await world.ref(OPERATOR), REASON),
      'FAR_ACTOR_SUSPENDED',
      /Aktören är redan avstängd/,
    );
    await change().liftSuspension(FREJA, await world.ref(OPERATOR), REASON);
  });

  it('senders of one that is no dispatcher, unknown senders, and senders without consent', async () => {
    const add = [{ sender: SERVED, consentReference: 'S-1' }];
    await world.refused(
      async () => change().changeServedSenders(FREJA, await world.ref(SERVED), { add, remove: [] }),
      'FAR_NOT_DISPATCHER',
      /ingen förmedlare/,
    );
    const dispatcher = await world.ref(MUNICIPALITY);
    for (const [sender, consentReference, code, text] of [
      ['165560160680', 'S-1', 'FAR_UNKNOWN_SENDER', /sender: En eller flera avsändare finns inte/],
      [OTHER_SENDER, ' ', 'FAR_ACTOR_INVALID', /consentReference: Fyll i fältet/],
      ['1', 'S-1', 'FAR_ACTOR_INVALID', /sender: Det är inte ett organisationsnummer/],
    ] as const) {
      await world.refused(
        () => change().changeServedSenders(FREJA, dispatcher, { add: [{ sender, consentReference }], remove: [] }),
        code,
        text,
      );
    }
  });

  it('addresses of one that is no operator, of no form, and of another', async () => {
    await world.refused(
      async () => change().changeOperator(FREJA, await world.ref(SERVED), OPERATOR_FORM),
      'FAR_NOT_OPERATOR',
      /ingen brevlådeoperatör/,
    );
    await world.refused(
      async () =>
        change().changeOperator(FREJA, await world.ref(OPERATOR), { ...OPERATOR_FORM, serviceAddress: 'http://x' }),
      'FAR_ACTOR_INVALID',
      /serviceAddress: Skriv hela adressen, med https:\/\/ först/,
    );
    const form = application({ organizationNumber: NEW_OPERATOR, roles: ['operator'], operator: OPERATOR_FORM });
    await bringTo(world, 'application', form);
    await world.refused(
      async () => change().changeOperator(FREJA, await world.ref(OPERATOR), OPERATOR_FORM),
      'FAR_OPERATOR_DOMAIN_TAKEN',
      /Domänen hör redan/,
    );
  });

  it('contact persons that do not exist, or cannot be written to', async () => {
    const ref = await world.ref(SERVED);
    for (const id of ['x', '019f3c1e-77aa-7c10-9d3e-5d1f7a00c0de']) {
      await world.refused(() => change().removeContact(FREJA, ref, id), 'FAR_CONTACT_NOT_FOUND', /finns inte längre/);
    }
    const contact = { name: 'Åsa', email: 'ingen', personalNumber: '' };
    await world.refused(
      () => change().addContact(FREJA, ref, contact),
      'FAR_ACTOR_INVALID',
      /contactEmail: Det är ingen e-post/,
    );
  });
});

describe('two of the staff at the same time', () => {
  it('one approves, the other is told, and nothing is done twice', () =>
    withWorld(async (world) => {
      await bringTo(world, 'technicalTest');
      const passed = { result: 'passed', reason: 'Protokoll 2026-17-3' };
      await world.actors.change.recordConformance(FREJA, await world.ref(NEW_SENDER), passed);
      const ref = await world.ref(NEW_SENDER);
      const results = await Promise.allSettled(
        [FREJA, GÖSTA].map((by) => world.actors.change.approveForProduction(by, ref)),
      );
      const failed = results.filter((result) => result.status === 'rejected');
      assert.deepEqual([failed.length, failed[0]?.reason.code], [1, 'FAR_ACTOR_CHANGED']);
      assert.match(failed[0]?.reason.publicText, /Någon annan har ändrat aktören sedan du öppnade sidan/);
      const { history } = await world.actors.read(NEW_SENDER);
      assert.equal(history.filter(({ what }) => what === 'approvedForProduction').length, 1);
    }));

  it('two applications of a new organisation: one connection', () =>
    withWorld(async (world) => {
      const results = await Promise.allSettled(
        [FREJA, GÖSTA].map((by) => world.actors.change.apply(by, application())),
      );
      const failed = results.filter((result) => result.status === 'rejected');
      assert.deepEqual([failed.length, failed[0]?.reason.code], [1, 'FAR_CONNECTION_OPEN']);
    }));

  it('one suspends from a page that is old: refused, with nothing changed', () =>
    withWorld(async (world) => {
      const ref = await world.ref(SERVED);
      await world.actors.change.addContact(FREJA, ref, { name: 'Åsa', email: 'asa@b.example', personalNumber: '' });
      await world.refused(() => world.actors.change.suspend(GÖSTA, ref, REASON), 'FAR_ACTOR_CHANGED', /Någon annan/);
    }));
});

describe('the audit trail', () => {
  it('has a line of every function that changes an actor, with who, what, before and after', () =>
    withWorld(async (world) => {
      const { change } = world.actors;
      const lines = async () => {
        const { rows } = await world.database.pool.query<{ count: number }>(
          `select count(*) as count from audit_event where subject = 'gosta'`,
        );
        return rows[0]?.count ?? 0;
      };
      const number = NEW_OPERATOR;
      const ref = () => world.ref(number);
      const read = () => world.actors.read(number);
      const form = application({
        organizationNumber: number,
        roles: ['operator', 'dispatcher'],
        operator: OPERATOR_FORM,
      });
      const pem = await world.pem(number);
      const calls: Record<keyof ActorChanges, () => Promise<unknown>> = {
        apply: () => change.apply(GÖSTA, { ...form, contact: { ...form.contact, personalNumber: '198501011236' } }),
        registerAgreement: async () => change.registerAgreement(GÖSTA, await ref(), agreement(world.now())),
        addCertificate: async () => change.addCertificate(GÖSTA, await ref(), { certificate: pem, purposes: ['tls'] }),
        startTechnicalTest: async () => change.startTechnicalTest(GÖSTA, await ref()),
        recordConformance: async () =>
          change.recordConformance(GÖSTA, await ref(), { result: 'waived', reason: 'Provad förut' }),
        changeServedSenders: async () =>
          change.changeServedSenders(GÖSTA, await ref(), {
            add: [{ sender: SERVED, consentReference: 'S-2' }],
            remove: [],
          }),
        approveForProduction: async () => change.approveForProduction(GÖSTA, await ref()),
        changeOperator: async () => change.changeOperator(GÖSTA, await ref(), { ...OPERATOR_FORM, uiAddress: '' }),
        addContact: async () =>
          change.addContact(GÖSTA, await ref(), { name: 'Örjan', email: 'o@x.example', personalNumber: '' }),
        removeContact: async () => change.removeContact(GÖSTA, await ref(), (await read()).contacts[1]?.id ?? ''),
        suspend: async () => change.suspend(GÖSTA, await ref(), REASON),
        liftSuspension: async () => change.liftSuspension(GÖSTA, await ref(), REASON),
        retireCertificate: async () =>
          change.retireCertificate(GÖSTA, await ref(), {
            fingerprint: (await read()).certificates[0]?.fingerprint ?? '',
            reason: 'Byte av nyckel',
          }),
        end: async () =>
          change.end(GÖSTA, await ref(), {
            connectionId: (await read()).others[0]?.id ?? '',
            end: 'closed',
            ...REASON,
          }),
      };
      assert.deepEqual(Object.keys(calls).sort(), Object.keys(change).sort(), 'a change that this test does not know');
      for (const [name, call] of Object.entries(calls)) {
        const before = await lines();
        await call();
        assert.equal(await lines(), before + 1, name);
      }
      const { history } = await read();
      assert.ok(history.every(({ before, after }) => before !== null || after !== null));
      const told = JSON.stringify(history);
      for (const secret of ['198501011236', '19850101', 'asa@kommunen.example'])
        assert.ok(!told.includes(secret), secret);
      const acts = new Set(history.map(({ what }) => what));
      const untold = AUDIT_ACTS.filter((act) => !acts.has(act));
      assert.deepEqual(untold, ['loaded', 'rejected', 'withdrawn']);
    }));

  it('tells what was loaded at start, by the system', () =>
    withWorld(async (world) => {
      const { history } = await world.actors.read(MUNICIPALITY);
      assert.deepEqual(
        history.map(({ what, subject, after }) => [what, subject, after]),
        [
          ['loaded', 'system', { roles: ['dispatcher'] }],
          ['loaded', 'system', { roles: ['sender'] }],
        ],
      );
    }));

  it('cannot be changed, thinned out or emptied', () =>
    withWorld(async ({ database: { pool } }) => {
      for (const sql of [
        `update audit_event set name = 'Någon annan'`,
        'delete from audit_event',
        'delete from audit_event where id = 1',
        'truncate audit_event',
      ]) {
        await assert.rejects(pool.query(sql), { code: '23001', message: 'table audit_event is append-only' });
      }
    }));

  it('is rolled back with the change that it tells of', () =>
    withWorld(async (world) => {
      const { pool } = world.database;
      await pool.query('alter table audit_event add constraint full_disk check (false) not valid');
      const before = await world.snapshot();
      await assert.rejects(world.actors.change.suspend(FREJA, await world.ref(SERVED), REASON));
      assert.equal(await world.snapshot(), before);
    }));
});

describe('the list of actors', () => {
  it('is searched by name and number, filtered, and counted', () =>
    withWorld(async (world) => {
      await bringTo(world, 'agreement');
      await world.actors.change.suspend(FREJA, await world.ref(SERVED), REASON);
      const all = { text: '', role: null, step: null, onlyAttention: false, limit: 10, offset: 0 } as const;
      const names = async (filter: object) =>
        (await world.actors.list({ ...all, ...filter })).actors.map(({ name }) => name);
      assert.deepEqual(await names({}), ['Brevlådan', 'Kommun A', 'Kommun B', 'Nya kommunen', 'Staden & regionen']);
      assert.deepEqual(await names({ text: 'KOMMUN ' }), ['Kommun A', 'Kommun B']);
      assert.deepEqual(await names({ text: '212000-2528' }), ['Nya kommunen']);
      assert.deepEqual(await names({ text: '%' }), []);
      assert.deepEqual(await names({ role: 'operator' }), ['Brevlådan']);
      assert.deepEqual(await names({ step: 'agreement' }), ['Nya kommunen']);
      assert.deepEqual(await names({ onlyAttention: true }), ['Kommun B', 'Nya kommunen']);
      const second = await world.actors.list({ ...all, limit: 2, offset: 2 });
      assert.deepEqual([second.total, second.actors.map(({ name }) => name)], [5, ['Kommun B', 'Nya kommunen']]);
      assert.deepEqual(await world.actors.countAttention(), { attention: 2, inProgress: 1, suspended: 1, expiring: 0 });
    }));
});
