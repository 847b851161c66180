import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { AppError } from '@brevduva/base';
import { createBrevduva, type Letter } from '@brevduva/sdk';
import { createInstallation, type Installation, type Ready } from '../../../test/support/installation.ts';
import { printedLetters } from '../../../test/support/printed.ts';
import { SERVICE_COMPANY } from '../src/dev/sample/organizations.ts';
import { portsFrom } from '../src/up/ports.ts';
import { topologyOf } from '../src/up/topology.ts';
import { createBrowser } from './browserSession.ts';

/** The four ways to connect (design 8), each started as a user starts it. Alternative A is what up.test.ts runs. */
const ADDRESS = 'Ann Ek;Storgatan 1;990 10 Lillköping';

/** Starts one for the tests of a block. */
function running(topology: 'b' | 'c' | 'd'): { installation: Installation; ready: Ready } {
  const world = {} as { installation: Installation; ready: Ready };
  before(async () => {
    world.installation = await createInstallation();
    world.ready = await world.installation.start('--topology', topology, '--no-sample');
  });
  after(() => world.installation.remove());
  return world;
}

/** By the SDK in this process: a command costs a second and more of loading. */
const brevduvaOf = ({ ready: { hub, apiKey } }: { ready: Ready }) => createBrevduva({ url: hub, apiKey });
const POSTAL = { name: 'Ann Ek', street: 'Storgatan 1', postalCode: '990 10', city: 'Lillköping' };

async function send(world: { ready: Ready }, recipient: string, address?: typeof POSTAL): Promise<Letter> {
  const letter = { flow: 'beslut', recipient, subject: 'Hej', text: 'Hej', address };
  const { id } = await brevduvaOf(world).sendLetter(letter);
  return brevduvaOf(world).waitForFinal(id, { timeoutMs: 60_000 });
}

const ending = ({ status, channel }: Letter) => [status, channel];

describe('topology b: own switch, a company dispatches and prints', () => {
  const world = running('b');

  test('a letter to a mailbox, one on paper, one that the company’s person must look at', async () => {
    const { digital, paper, case: nobody } = world.ready.sampleRecipients;
    const [first, second, third] = await Promise.all([
      send(world, digital),
      send(world, paper, POSTAL),
      brevduvaOf(world).sendLetter({ flow: 'beslut', recipient: nobody, subject: 'Hej', text: 'Hej' }),
    ]);
    assert.deepEqual(
      [ending(first), ending(second)],
      [
        ['delivered', 'dispatcher'],
        ['printed', 'dispatcher'],
      ],
    );
    const { folder } = world.installation;
    assert.equal((await printedLetters(join(folder, 'paper-utskicksbolaget'))).length, 1);
    assert.deepEqual(await printedLetters(join(folder, 'paper')), []);
    const story = await until(world, third.id, ({ events }) => events.some(({ kind }) => kind === 'dispatcherPending'));
    assert.deepEqual([story.status, story.final], ['waiting', false]);
  });

  test('the company’s console is another one, where the municipality’s staff see what it has handed over', async () => {
    const { companyHub = '', hub } = world.ready;
    assert.notEqual(companyHub, hub);
    const staff = createBrowser();
    const console = await staff.logIn(`${companyHub}/login`, { staffId: 'maja.registrator' });
    assert.equal(console.status, 200);
    const letters = await staff.go(`${companyHub}/brev`);
    assert.match(letters.text, /Hej[\s\S]*Papper/);
  });
});

test('a data folder keeps the topology that it was first started with; one of before there was a choice is a', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'brevduva-topology-'));
  assert.equal(await topologyOf(folder, 'b'), 'b');
  assert.equal(await topologyOf(folder, undefined), 'b');
  await assert.rejects(topologyOf(folder, 'a'), (error) => {
    assert.ok(error instanceof AppError && error.code === 'CLI_TOPOLOGY_OTHER');
    assert.match(error.message, /har topologi b, inte a\./);
    return true;
  });
  await writeFile(join(folder, 'topology'), 'x');
  await assert.rejects(
    topologyOf(folder, 'a'),
    (error) => error instanceof AppError && error.code === 'CLI_STATE_FILE',
  );
  await rm(join(folder, 'topology'));
  await writeFile(join(folder, 'secret'), 'x');
  await assert.rejects(topologyOf(folder, 'd'), /har topologi a, inte d/);
  assert.equal(await topologyOf(folder, undefined), 'a');
  await rm(folder, { recursive: true, force: true });
});

async function until(world: { ready: Ready }, id: string, isSo: (letter: Letter) => boolean): Promise<Letter> {
  for (let tries = 0; tries < 300; tries++) {
    const letter = await brevduvaOf(world).getLetter(id);
    if (isSo(letter)) return letter;
    await sleep(100);
  }
  return assert.fail('it never came to that');
}

describe('topology c: a company runs one Brevduva for many organisations', () => {
  const world = running('c');

  test('the municipality’s letters: to a mailbox, on paper, to a person', async () => {
    const { digital, paper, case: nobody } = world.ready.sampleRecipients;
    const letters = await Promise.all([send(world, digital), send(world, paper, POSTAL), send(world, nobody)]);
    assert.deepEqual(letters.map(ending), [
      ['delivered', 'digital'],
      ['printed', 'paper'],
      ['case', undefined],
    ]);
  });

  test('the water company’s system connects straight to the company’s hub, by its own certificate', async () => {
    const { folder, portBase } = world.installation;
    const pem = await readFile(join(folder, 'certificates', 'system-kundsystemet.pem'), 'utf8');
    const ca = await readFile(join(folder, 'certificates', 'ca.pem'), 'utf8');
    const own = { key: pem, cert: pem, ca, host: 'localhost', port: portsFrom(portBase).systems };
    assert.equal(await serialNumberOf(connect(own)), SERVICE_COMPANY.organizationNumber);
    const letter = {
      flow: 'avlasning',
      recipient: world.ready.sampleRecipients.digital,
      subject: 'Läs av mätaren',
      body: { text: 'Hej' },
    };
    const accepted = await call(own, '/api/v1/letters', letter);
    for (let tries = 0; tries < 200; tries++) {
      const { status, final } = await call(own, `/api/v1/letters/${accepted['id']}`);
      if (final === true) return assert.equal(status, 'delivered');
      await sleep(100);
    }
    assert.fail('the letter never came to rest');
  });
});

interface Own {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
  readonly host: string;
  readonly port: number;
}

async function serialNumberOf(socket: TLSSocket): Promise<string | undefined> {
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return (subject as unknown as Record<string, string>)['serialNumber'];
}

function call(own: Own, path: string, body?: object): Promise<Record<string, unknown>> {
  const method = body === undefined ? 'GET' : 'POST';
  const headers = { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const asked = request({ ...own, path, method, headers, agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

describe('topology d: the business system connects by itself', () => {
  const world = running('d');
  const direct = async (to: string, ...more: string[]) => {
    const words = ['--json', '--to', to, '--subject', 'Hej', '--text', 'Hej å ä ö', ...more];
    const { code, out, err } = await world.installation.cli('direct', ...words);
    assert.ok(out !== '', err);
    return { code, ...(JSON.parse(out) as { kind: string; id: string; file?: string; reason?: string }) };
  };
  const faults = (...words: string[]) => world.installation.cli('faults', ...words);

  test('a letter to a mailbox, one on its own paper, one that a person must look at', async () => {
    const { digital, paper, case: nobody } = world.ready.sampleRecipients;
    const [first, third, fourth] = await Promise.all([
      direct(digital),
      direct(paper, '--address', ADDRESS),
      direct(nobody),
    ]);
    assert.deepEqual([first.kind, first.code], ['delivered', 0]);
    assert.equal(third.kind, 'printed');
    assert.match(
      await readFile(third.file ?? '', 'utf8'),
      /^Ann Ek\nStorgatan 1\n990 10 Lillköping\n\nHej\n\nHej å ä ö\n$/,
    );
    assert.deepEqual([fourth.kind, fourth.reason, fourth.code], ['person', 'noAddress', 3]);
  });

  test('scenario 8 and 13: silence is no paper, and FaR down is no guess; both are taken up again', async () => {
    const { otherOperator } = world.ready.sampleRecipients;
    await faults('posthornan', 'accept-then-silence', '--calls', '3');
    const silent = await direct(otherOperator, '--address', ADDRESS);
    assert.deepEqual([silent.kind, silent.code], ['unknown', 3]);
    await faults('clear');
    await faults('far', 'down', '--calls', '2');
    const waiting = await direct(otherOperator, '--address', ADDRESS);
    assert.deepEqual([waiting.kind, waiting.code], ['waiting', 3]);
    await faults('clear');
    const { code, out } = await world.installation.cli('direct', '--resume', '--json');
    const outcomes = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; id: string });
    assert.deepEqual(
      outcomes.map(({ id, kind }) => [id, kind]).sort(),
      [
        [silent.id, 'delivered'],
        [waiting.id, 'delivered'],
      ].sort(),
    );
    assert.equal(code, 0);
  });

  test('there is no hub to hand in to, and the commands say so', async () => {
    assert.equal(world.ready.hub, undefined);
    const { code, err } = await world.installation.cli('send', '--to', '191212121212', '--subject', 'a', '--text', 'b');
    assert.equal(code, 1);
    assert.match(err, /ingen hub: där ansluter systemen själva \(topologi d\)/);
    const { code: usage, err: told } = await world.installation.cli('direct', '--to', '191212121212');
    assert.equal(usage, 2);
    assert.match(told, /Ange --to, --subject och --text, eller --resume\./);
  });
});
