import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Clock, createLog, systemClock } from '@brevduva/base';
import { createTestDatabase, freePort } from '@brevduva/base/testing';
import { createRegister, FAR_MIGRATIONS, type FarOptions, type Register, startFar } from '@brevduva/far';
import { createMailboxRegister, MAILBOX_MIGRATIONS, type MailboxOptions, startMailbox } from '@brevduva/mailbox';
import {
  createSigner,
  createSoapClient,
  deliverSecureRequest,
  type SoapEndpointOptions,
  sealDelivery,
  signDelivery,
} from '@brevduva/protocol';
import { createTestAuthority, type IssuedCertificate } from '@brevduva/protocol/testing';
import { startIdentityProvider } from '../../packages/cli/src/dev/identityProvider.ts';
import { testPersonalNumber } from '../../packages/cli/src/dev/sample/testNumbers.ts';
import { createBrowser, type Page } from '../../packages/cli/test/browserSession.ts';
import { delivery } from '../../packages/mailbox/test/operator.ts';

export type Around = NonNullable<SoapEndpointOptions['around']>;
export type OperatorKey = 'first' | 'second';

export const SENDERS = [
  { organizationNumber: '162021004748', name: 'Lillköpings kommun' },
  { organizationNumber: '162021003898', name: 'Region Norrlia' },
] as const;
const [{ organizationNumber: MUNICIPALITY }] = SENDERS;
const FAR_OWNER = '162021006883';
export const OPERATORS = {
  first: { organizationNumber: '165568402266', name: 'Brevlådan', domain: 'brevladan.example' },
  second: { organizationNumber: '165591628135', name: 'Posthörnan', domain: 'posthornan.example' },
  /** Connected, and not there: nobody moves away from it by its help. */
  absent: { organizationNumber: '165568446495', name: 'Tredje lådan', domain: 'tredje.example' },
} as const;
const HOST = '127.0.0.1';
const CLIENT_SECRET = 'the secret of a test';

/** Somebody whom the population register knows; every call gives another person. */
let born = 0;
export function somebody(year = 1980): string {
  born += 1;
  return testPersonalNumber({ year, month: 1 + (born % 12), day: 1 + (Math.floor(born / 12) % 28) }, 980 + (born % 20));
}

export interface MembershipWorldOptions {
  clock?: Clock;
  far?: Partial<FarOptions>;
}

/** FaR, two operators with web mailboxes, and the development e-ID: all real, in this process, over real connections. */
export async function startMembershipWorld({ clock = systemClock, far: farOptions = {} }: MembershipWorldOptions = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'brevduva-membership-'));
  const lines: string[] = [];
  const log = createLog({
    service: 'test',
    level: 'debug',
    destination: { write: (line: string) => void lines.push(line) },
  });
  const [farDatabase, first, second] = await Promise.all([
    createTestDatabase({ party: 'far', migrations: FAR_MIGRATIONS }),
    createTestDatabase({ party: 'mailbox', migrations: MAILBOX_MIGRATIONS }),
    createTestDatabase({ party: 'mailbox', migrations: MAILBOX_MIGRATIONS }),
  ]);
  const databases = { first, second };
  const authority = await createTestAuthority({ name: 'Prov-CA' });
  const keys = await issueKeys(authority);
  const tls = (own: IssuedCertificate) => ({ key: own.keyPem, cert: own.certPem, ca: authority.caPem });
  const ports = { far: await freePort(), first: await portPair(), second: await portPair() };
  const origin = (operator: OperatorKey) => `http://localhost:${ports[operator].web}`;
  const identityProvider = await startIdentityProvider({
    keyFile: join(dir, 'e-id.json'),
    signingFolder: join(dir, 'e-id'),
    port: 0,
    clients: (['first', 'second'] as const).map((clientId) => ({
      clientId,
      clientSecret: CLIENT_SECRET,
      name: OPERATORS[clientId].name,
      audience: 'citizen' as const,
      redirectUris: [`${origin(clientId)}/login/callback`],
      postLogoutRedirectUris: [`${origin(clientId)}/`],
    })),
    persons: [],
    staff: [],
    now: () => clock.now(),
    log,
  });
  const register = createRegister(farDatabase.pool);
  await connect(register, (operator) => `https://localhost:${ports[operator].soap}/service/v3`);
  const running = new Map<string, { close(): Promise<unknown> }>();
  let aroundFar: Around = (_call, next) => next();
  const farCalls: string[] = [];

  async function startTheFar(): Promise<void> {
    const far = await startFar({
      databaseUrl: farDatabase.url,
      soap: { host: HOST, port: ports.far, tls: tls(keys.far), publicUrl: `https://localhost:${ports.far}` },
      web: { host: HOST, port: 0 },
      eIdTrust: [identityProvider.eIdCaPem],
      around: (call, next) => {
        farCalls.push(call.operation);
        return aroundFar(call, next);
      },
      clock,
      log,
      ...farOptions,
    });
    running.set('far', far);
  }
  const settings = (operator: OperatorKey) => ({
    databaseUrl: databases[operator].url,
    operator: OPERATORS[operator],
    soap: { host: HOST, port: ports[operator].soap, tls: tls(keys[operator]), trust: [authority.caPem] },
    web: { host: HOST, port: ports[operator].web, publicUrl: origin(operator) },
    oidc: { issuer: identityProvider.issuer, clientId: operator, clientSecret: CLIENT_SECRET },
    signing: { issuer: identityProvider.issuer, clientId: operator, clientSecret: CLIENT_SECRET },
    far: {
      recipientUrl: `https://localhost:${ports.far}/webservice/Recipient/v3`,
      authorityUrl: `https://localhost:${ports.far}/webservice/Authority`,
    },
  });
  async function startOperator(operator: OperatorKey): Promise<void> {
    running.set(operator, await startMailbox({ ...settings(operator), contentKey: CONTENT_KEY, clock, log }));
  }
  async function stop(party: string): Promise<void> {
    await running.get(party)?.close();
    running.delete(party);
  }
  const dispatcher = createSoapClient({
    tls: tls(keys.municipality),
    connectTimeoutMs: 5000,
    answerTimeoutMs: 20_000,
    answerBytesMax: 1_000_000,
  });

  await startTheFar();
  await startOperator('first');
  await startOperator('second');

  return {
    dir,
    register,
    databases,
    origin,
    settings,
    /** Names of the operations that FaR has been asked for. */
    farCalls,
    logged: () => lines.join(''),
    startFar: startTheFar,
    startOperator,
    stop,
    /** How FaR's next calls are answered; undefined: honestly. */
    tamperFar(how: Around | undefined) {
      aroundFar = how ?? ((_call, next) => next());
    },
    /** Persons whom the population register knows. */
    async addPersons(...ids: readonly string[]) {
      await register.addPersons(ids.map((personId) => ({ personId, name: `Test ${personId.slice(-4)}` })));
    },
    /** With which operator FaR has the mailbox open; undefined: none. */
    async operatorOf(recipientId: string): Promise<string | undefined> {
      const url = settings('first').far.recipientUrl;
      const [status] = (await dispatcher.isRegistered(url, { recipientId: [recipientId] })).return;
      return status?.Type === 'Secure' && !status.Pending ? status.ServiceSupplier?.Name : undefined;
    },
    /** Whether FaR says that the person takes the municipality's mail. */
    async acceptsMail(recipientId: string): Promise<boolean> {
      const url = settings('first').far.recipientUrl;
      const question = { senderOrgNr: MUNICIPALITY, recipientId: [recipientId] };
      const [status] = (await dispatcher.isReachable(url, question)).return;
      return status?.SenderAccepted === true;
    },
    /** Sends a letter straight to an operator; whether it was taken. */
    async deliver(operator: OperatorKey, recipientId: string, subject = 'Beslut'): Promise<boolean> {
      const signer = createSigner({
        privateKeyPem: keys.municipality.keyPem,
        certificatePem: keys.municipality.certPem,
      });
      const [{ name: senderName }] = SENDERS;
      const letter = delivery({ recipientId, subject, senderId: MUNICIPALITY, senderName });
      const signed = await signDelivery(letter, signer);
      const seal = { ReceivedTime: '2026-11-23+01:00', SignaturesOK: true };
      const request = deliverSecureRequest(await sealDelivery(signed, seal, signer));
      const url = `https://localhost:${ports[operator].soap}/service/v3`;
      const answer = await dispatcher.deliverSecure(url, request);
      return answer.Status[0]?.Delivered === true;
    },
    /** The state of the mailbox with an operator; undefined: it has no row. */
    async accountState(operator: OperatorKey, recipientId: string): Promise<string | undefined> {
      const { rows } = await databases[operator].pool.query<{ state: string }>(
        'select state from account where recipient_id = $1',
        [recipientId],
      );
      return rows[0]?.state;
    },
    async close() {
      dispatcher.close();
      await Promise.all([...running.keys()].map(stop));
      await identityProvider.close();
      await Promise.all([farDatabase.close(), first.close(), second.close()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export type MembershipWorld = Awaited<ReturnType<typeof startMembershipWorld>>;

const CONTENT_KEY = randomBytes(32);

/** Opens a mailbox with an operator without any page: in FaR, and with the operator when it is one of the running two. */
export async function giveMailbox(
  world: MembershipWorld,
  operator: keyof typeof OPERATORS,
  recipientId: string,
): Promise<void> {
  const registeredAt = new Date('2024-03-01T08:00:00Z');
  await world.register.addAccounts([{ recipientId, operator: OPERATORS[operator].organizationNumber, registeredAt }]);
  if (operator === 'absent') return;
  await createMailboxRegister(world.databases[operator].pool).addAccounts([{ recipientId }]);
}

/** A person at one operator's pages. */
export class Person {
  readonly #browser = createBrowser();
  readonly #origin: string;
  readonly #number: string;

  constructor(origin: string, number: string) {
    this.#origin = origin;
    this.#number = number;
  }

  /** Logs in and comes to the inbox, or to where one is sent instead. */
  async logIn(): Promise<Page> {
    return this.#browser.logIn(`${this.#origin}/login?return=/inbox`, { personnummer: this.#number });
  }

  /** Goes to one of the operator's pages, and on until a page comes. */
  async open(path: string): Promise<Page> {
    return this.#browser.follow(await this.#browser.go(`${this.#origin}${path}`));
  }

  /** Presses a button of a page: sends its form with its hidden fields. Gives the answer, redirect or page. */
  async press(page: Page, action: string, changes: Record<string, string> = {}): Promise<Page> {
    const form = new RegExp(`<form[^>]*method="post" action="${action}"[^>]*>([\\s\\S]*?)</form>`).exec(page.text)?.[1];
    assert.ok(form !== undefined, `no form to ${action} on the page`);
    const fields = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
    const hidden = Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]));
    return this.#browser.go(`${this.#origin}${action}`, { ...hidden, ...changes });
  }

  /** Signs at the e-ID, or declines; gives the address that it sends the person back to. */
  async answer(signUrl: string, answer: 'sign' | 'cancel' = 'sign'): Promise<string> {
    const page = await this.#browser.go(signUrl);
    const token = /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const { status, to } = await this.#browser.go(signUrl, { answer, token });
    assert.equal(status, 303, page.text);
    return to;
  }

  /** Goes to a whole address, one step. */
  async go(url: string): Promise<Page> {
    return this.#browser.go(url);
  }

  async follow(page: Page): Promise<Page> {
    return this.#browser.follow(page);
  }

  /** Presses the button, signs, comes back, and lands on a page. */
  async pressAndSign(page: Page, action: string): Promise<Page> {
    const { to } = await this.press(page, action);
    return this.#browser.follow(await this.go(await this.answer(to)));
  }
}

export interface OperatorProcess {
  process: ChildProcess;
  kill(): Promise<void>;
}

const SCRIPT = fileURLToPath(new URL('./operatorProcess.ts', import.meta.url));

/** An operator in a process of its own, so that a test can kill it. */
export async function startOperatorProcess(world: MembershipWorld, operator: OperatorKey): Promise<OperatorProcess> {
  const file = join(world.dir, `${operator}.json`);
  const options: Omit<MailboxOptions, 'clock' | 'log' | 'contentKey'> & { contentKey: string } = {
    ...world.settings(operator),
    contentKey: CONTENT_KEY.toString('base64'),
  };
  await writeFile(file, JSON.stringify(options), { mode: 0o600 });
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ready = once(createInterface({ input: child.stdout }), 'line');
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the operator ended at once: ${code}`)));
  await Promise.race([ready, ended]);
  // Whatever comes of it later is no error any more.
  ended.catch(() => undefined);
  return {
    process: child,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function portPair(): Promise<{ soap: number; web: number }> {
  return { soap: await freePort(), web: await freePort() };
}

async function issueKeys(authority: Awaited<ReturnType<typeof createTestAuthority>>) {
  const issue = (organizationNumber: string) => authority.issue({ organizationNumber, commonName: 'localhost' });
  const [far, first, second, municipality] = await Promise.all([
    issue(FAR_OWNER),
    issue(OPERATORS.first.organizationNumber),
    issue(OPERATORS.second.organizationNumber),
    issue(MUNICIPALITY),
  ]);
  return { far, first, second, municipality };
}

async function connect(register: Register, soapUrl: (operator: OperatorKey) => string): Promise<void> {
  await register.addSenders(SENDERS);
  await register.addDispatcher(MUNICIPALITY, SENDERS[0].name, [MUNICIPALITY]);
  for (const key of ['first', 'second'] as const) {
    const uiAddress = `http://localhost/${key}`;
    await register.addOperator({ ...OPERATORS[key], serviceAddress: soapUrl(key), uiAddress });
  }
  await register.addOperator({ ...OPERATORS.absent, serviceAddress: 'https://localhost:1/service/v3' });
}
