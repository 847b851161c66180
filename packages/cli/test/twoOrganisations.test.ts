import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createInstallation, type Ready } from '../../../test/support/installation.ts';
import { portsFrom } from '../src/up/ports.ts';
import { createBrowser } from './browserSession.ts';

/** `brevduva up` runs a municipality and its water company on one hub: each with certificate, flows and staff of its own. */
const installation = await createInstallation();
const { folder, portBase, cli } = installation;
let ready: Ready;
before(async () => {
  ready = await installation.start();
});
after(() => installation.remove());

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A call with the client certificate that the installation keeps for the system. */
async function callAs(system: string, path: string, letter?: object): Promise<Answer> {
  const pem = await readFile(join(folder, 'certificates', `system-${system}.pem`), 'utf8');
  const ca = await readFile(join(folder, 'certificates', 'ca.pem'), 'utf8');
  const method = letter === undefined ? 'GET' : 'POST';
  const headers = { 'content-type': 'application/json' };
  const url = `https://localhost:${portsFrom(portBase).systems}/api/v1/letters${path}`;
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers, key: pem, cert: pem, ca, agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) });
    });
    call.on('error', reject);
    call.end(letter === undefined ? undefined : JSON.stringify(letter));
  });
}

const letterTo = (recipient: string, flow: string) => ({
  flow,
  recipient,
  subject: flow === 'beslut' ? 'Beslut om bygglov' : 'Vattnet stängs av på torsdag',
  body: { text: 'Vi lagar en ledning.' },
});

test('each hands in with its own certificate and its own flows, and sees nothing of the other', async () => {
  const { digital } = ready.sampleRecipients;
  const water = await callAs('kundsystemet', '', letterTo(digital ?? '', 'avlasning'));
  assert.equal(water.status, 201, JSON.stringify(water.body));
  const municipal = await callAs('byggarenden', '', letterTo(digital ?? '', 'beslut'));
  assert.equal(municipal.status, 201, JSON.stringify(municipal.body));
  assert.equal((await callAs('kundsystemet', `/${water.body['id']}`)).status, 200);
  assert.equal((await callAs('byggarenden', `/${water.body['id']}`)).status, 404);
  assert.equal((await callAs('kundsystemet', `/${municipal.body['id']}`)).status, 404);
  const foreign = await callAs('kundsystemet', '', letterTo(digital ?? '', 'beslut'));
  assert.deepEqual([foreign.status, foreign.body['code']], [422, 'HUB_LETTER_INVALID']);
  assert.match(JSON.stringify(foreign.body['faults']), /HUB_FLOW_UNKNOWN/);
});

test('a letter of the water company reaches the mailbox, signed by its own certificate', async () => {
  const { digital } = ready.sampleRecipients;
  const { body } = await callAs('kundsystemet', '', letterTo(digital ?? '', 'avlasning'));
  const deadlineMs = Date.now() + 60_000;
  for (;;) {
    const { body: letter } = await callAs('kundsystemet', `/${body['id']}`);
    if (letter['final'] === true) {
      assert.equal(letter['status'], 'delivered');
      return;
    }
    assert.ok(Date.now() < deadlineMs, JSON.stringify(letter));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
});

test('staff of one see nothing of the other', async () => {
  const pagesOf = async (staffId: string) => {
    const browser = createBrowser();
    await browser.logIn(`${ready.console}login`, { staffId });
    return Promise.all(['', 'brev', 'installningar/system'].map((path) => browser.go(`${ready.console}${path}`)));
  };
  const [water, municipal] = await Promise.all([pagesOf('vera.vatten'), pagesOf('astrid.arkitekt')]);
  for (const { status, text } of [...water, ...municipal]) assert.equal(status, 200, text.slice(0, 200));
  const textOf = (pages: readonly { text: string }[]) => pages.map(({ text }) => text).join('\n');
  assert.match(textOf(water), /Lillköpings Vatten AB[\s\S]*Vattnet stängs av[\s\S]*Nätövervakningen/);
  assert.doesNotMatch(textOf(water), /Lillköpings kommun|bygglov|Byggärenden/);
  assert.match(textOf(municipal), /Lillköpings kommun[\s\S]*bygglov[\s\S]*Byggärenden/);
  assert.doesNotMatch(textOf(municipal), /Vatten AB|Nätövervakningen/);
});

test('the configuration of both is in force, and each is its own', async () => {
  for (const number of ['164999000013', '164999000021']) {
    const { code, out, err } = await cli('config', 'export', '--organisation', number);
    assert.equal(code, 0, err);
    assert.ok(out.includes(number));
  }
  const file = new URL('../../../examples/lillkopings-vatten/organisation.yaml', import.meta.url);
  const { code, out } = await cli('config', 'diff', file.pathname);
  assert.deepEqual([code, out], [0, 'Inget skulle ändras.\n']);
});
