import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '@brevduva/base';
import { authorityService, type Operation, recipientService } from '@brevduva/protocol';
import { type Actors, createActors } from '../src/actors/actors.ts';
import { admittingSteps } from '../src/actors/environment.ts';
import { fingerprintOf } from '../src/door.ts';
import type { FarOptions } from '../src/index.ts';
import { refreshAdmission } from '../src/sql/admission.ts';
import { readAnswer, requestBytes } from './accountsSetup.ts';
import { agreement, application, FREJA, NEW_SENDER } from './actorsSetup.ts';
import { MUNICIPALITY, OPERATOR, OTHER_SENDER, REACHABLE, SERVED, STRANGER } from './sampleRegister.ts';
import { faultOf, post, type SoapSetup, startSampleFar, type Tls } from './soapSetup.ts';

const REASON = { reason: 'Beslut 2026-44' };

interface Door extends SoapSetup {
  actors: Actors;
  ref(number: string): Promise<{ organizationNumber: string; version: number }>;
  register(number: string, tls: Tls, purposes?: readonly string[]): Promise<void>;
  retire(number: string, tls: Tls): Promise<void>;
  /** 200, or the fault's code with its description, of isReachable with the certificate. */
  ask(tls: Tls, sender: string): Promise<number>;
}

async function startDoor(options: Partial<FarOptions> = {}): Promise<Door> {
  const setup = await startSampleFar(options);
  const { ca } = await setup.tlsOf(MUNICIPALITY);
  const { pool } = setup.database;
  const environment = options.environment ?? 'production';
  const actors = createActors({ pool, clock: systemClock, environment, ca });
  const ref = async (organizationNumber: string) => {
    const { version } = await actors.read(organizationNumber);
    return { organizationNumber, version };
  };
  return {
    ...setup,
    actors,
    ref,
    register: async (number, { cert }, purposes = ['tls']) =>
      actors.change.addCertificate(FREJA, await ref(number), { certificate: cert, purposes }),
    retire: async (number, tls) =>
      actors.change.retireCertificate(FREJA, await ref(number), { fingerprint: fingerprintHex(tls), ...REASON }),
    ask: async (tls, sender) => {
      const question = { senderOrgNr: sender, recipientId: [REACHABLE] };
      const body = requestBytes(recipientService.operations.isReachable, question);
      const answer = await post(setup.far.soapUrl, tls, body);
      return answer.status === 200 ? 200 : faultOf(answer).code;
    },
  };
}

function fingerprintHex({ cert }: Tls): string {
  return fingerprintOf(new X509Certificate(cert).raw).toString('hex');
}

/** The smallest valid question where the door is asked with the schema behind it; elsewhere an empty element is enough. */
const VALID: Readonly<Record<string, object>> = {
  isReachable: { senderOrgNr: MUNICIPALITY, recipientId: [] },
  isRegistered: { recipientId: [REACHABLE] },
};

function bareRequest(name: string, operation: Operation): Buffer {
  const valid = VALID[name];
  if (valid !== undefined) return requestBytes(operation, valid);
  const { namespace } = operation.request.schema;
  return Buffer.from(
    `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><x:${name} xmlns:x="${namespace}"/></e:Body></e:Envelope>`,
  );
}

describe('the door of the register, by mutual TLS', () => {
  let door: Door;
  before(async () => {
    door = await startDoor();
  });
  after(() => door.close());

  const operations = (): [string, Operation, string][] => [
    ...Object.entries(recipientService.operations).map(([name, operation]): [string, Operation, string] => [
      name,
      operation,
      door.far.soapUrl,
    ]),
    ...Object.entries(authorityService.operations).map(([name, operation]): [string, Operation, string] => [
      name,
      operation,
      door.far.authorityUrl,
    ]),
  ];

  it('is shut for a retired certificate, a suspended actor and a stranger, at every operation, whatever the request', async () => {
    const retired = await door.tlsOf(OPERATOR);
    await door.register(OPERATOR, retired);
    await door.retire(OPERATOR, retired);
    await door.actors.change.suspend(FREJA, await door.ref(OTHER_SENDER), REASON);
    const callers = { retired, suspended: await door.tlsOf(OTHER_SENDER), stranger: await door.tlsOf(STRANGER) };
    assert.equal(operations().length, 21);
    for (const [name, operation, url] of operations()) {
      for (const [who, tls] of Object.entries(callers)) {
        const { code, description } = faultOf(await post(url, tls, bareRequest(name, operation)));
        // Authority's fault has its own form, which `faultOf` reads by the same names.
        assert.deepEqual([code, description], [5002, 'Access denied'], `${name}, ${who}`);
      }
    }
    await door.actors.change.liftSuspension(FREJA, await door.ref(OTHER_SENDER), REASON);
    assert.equal(await door.ask(callers.suspended, OTHER_SENDER), 200);
  });

  it('lets in any certificate of a trusted issuer, but never one that was retired; two at once during an exchange', async () => {
    const [first, second] = [await door.tlsOf(SERVED), await door.tlsOf(SERVED)];
    assert.equal(await door.ask(first, SERVED), 200);
    await door.register(SERVED, first);
    await door.register(SERVED, second);
    assert.deepEqual(
      [await door.ask(first, SERVED), await door.ask(second, SERVED)],
      [200, 200],
      'both during the exchange',
    );
    await door.retire(SERVED, first);
    assert.deepEqual([await door.ask(first, SERVED), await door.ask(second, SERVED)], [5002, 200]);
  });

  it('refuses a retired certificate also on a connection that was open before', async () => {
    const tls = await door.tlsOf(MUNICIPALITY);
    const client = door.client(tls);
    const ask = () => client.isReachable(door.far.soapUrl, { senderOrgNr: MUNICIPALITY, recipientId: [] });
    await door.register(MUNICIPALITY, tls);
    assert.deepEqual(await ask(), { return: [] });
    await door.retire(MUNICIPALITY, tls);
    await assert.rejects(ask(), (error: { fault?: { errorCode: number } }) => error.fault?.errorCode === 5002);
  });

  it('shuts out a dispatcher from a sender that is taken from its list: 6005', async () => {
    const tls = await door.tlsOf(MUNICIPALITY);
    assert.equal(await door.ask(tls, SERVED), 200);
    await door.actors.change.changeServedSenders(FREJA, await door.ref(MUNICIPALITY), { add: [], remove: [SERVED] });
    assert.equal(await door.ask(tls, SERVED), 6005);
    const add = [{ sender: SERVED, consentReference: 'SAMTYCKE-1' }];
    await door.actors.change.changeServedSenders(FREJA, await door.ref(MUNICIPALITY), { add, remove: [] });
    assert.equal(await door.ask(tls, SERVED), 200);
  });

  it('answers a dispatcher of a suspended sender with 5014, and says nothing about recipients', async () => {
    const tls = await door.tlsOf(MUNICIPALITY);
    await door.actors.change.suspend(FREJA, await door.ref(SERVED), REASON);
    assert.equal(await door.ask(tls, SERVED), 5014);
    const authority = async (name: keyof typeof authorityService.operations, request: object) =>
      readAnswer(await post(door.far.authorityUrl, tls, requestBytes(authorityService.operations[name], request))).body;
    const senders = (await authority('getSenders', {})).all('return').map((sender) => sender.text('Id'));
    assert.deepEqual([senders.includes(MUNICIPALITY), senders.includes(SERVED)], [true, false]);
    assert.equal((await authority('isSenderAccepted', { arg0: SERVED })).text('return'), 'false');
    const [dispatcher] = (await authority('getDispatchers', {})).all('return');
    assert.equal(dispatcher?.text('Senders'), MUNICIPALITY);
    await door.actors.change.liftSuspension(FREJA, await door.ref(SERVED), REASON);
    assert.equal(await door.ask(tls, SERVED), 200);
  });

  it('keeps the mailboxes of a suspended operator, and gives those of a closed one no address', async () => {
    const tls = await door.tlsOf(MUNICIPALITY);
    const supplier = async () => {
      const question = { senderOrgNr: MUNICIPALITY, recipientId: [REACHABLE] };
      const [status] = (await door.client(tls).isReachable(door.far.soapUrl, question)).return;
      return [status?.AccountStatus.Type, status?.SenderAccepted, status?.AccountStatus.ServiceSupplier?.Id];
    };
    await door.actors.change.suspend(FREJA, await door.ref(OPERATOR), REASON);
    assert.deepEqual(await supplier(), ['Secure', true, OPERATOR]);
    await door.actors.change.liftSuspension(FREJA, await door.ref(OPERATOR), REASON);
    const connectionId = (await door.actors.read(OPERATOR)).others[0]?.id ?? '';
    await door.actors.change.end(FREJA, await door.ref(OPERATOR), { connectionId, end: 'closed', ...REASON });
    assert.deepEqual(await supplier(), ['Secure', true, undefined]);
    assert.equal(await door.ask(await door.tlsOf(OPERATOR), MUNICIPALITY), 5002);
  });
});

describe('an actor that only has come to its technical test', () => {
  for (const [environment, expected] of [
    ['production', 5002],
    ['test', 200],
  ] as const) {
    it(`gets ${expected} from a register for ${environment}, and 200 when that is started for tests`, async () => {
      const door = await startDoor({ environment });
      try {
        const tls = await door.tlsOf(NEW_SENDER);
        assert.equal(await door.ask(tls, NEW_SENDER), 5002);
        await door.actors.change.apply(FREJA, application());
        await door.actors.change.registerAgreement(FREJA, await door.ref(NEW_SENDER), agreement(new Date()));
        await door.register(NEW_SENDER, tls);
        assert.equal(await door.ask(tls, NEW_SENDER), 5002);
        await door.actors.change.startTechnicalTest(FREJA, await door.ref(NEW_SENDER));
        assert.equal(await door.ask(tls, NEW_SENDER), expected);
        // What `startFar` does first.
        await refreshAdmission(door.database.pool, { steps: admittingSteps('test'), organizationNumber: null });
        assert.equal(await door.ask(tls, NEW_SENDER), 200);
      } finally {
        await door.close();
      }
    });
  }
});

describe('a register that lets in registered certificates only', () => {
  let door: Door;
  before(async () => {
    door = await startDoor({ certificateRule: 'registered' });
  });
  after(() => door.close());

  it('refuses one that is not registered, or not for calls, and lets it in when it is', async () => {
    const tls = await door.tlsOf(MUNICIPALITY);
    const lists = async () => {
      const answer = await post(
        door.far.authorityUrl,
        tls,
        bareRequest('getSenders', authorityService.operations.getSenders),
      );
      return answer.status === 200 ? 200 : faultOf(answer).code;
    };
    assert.deepEqual([await door.ask(tls, MUNICIPALITY), await lists()], [5002, 5002]);
    const signing = await door.tlsOf(MUNICIPALITY);
    await door.register(MUNICIPALITY, signing, ['signing']);
    assert.equal(await door.ask(signing, MUNICIPALITY), 5002);
    await door.register(MUNICIPALITY, tls);
    assert.deepEqual([await door.ask(tls, MUNICIPALITY), await lists()], [200, 200]);
  });
});
