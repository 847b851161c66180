import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Letter } from '@brevduva/sdk';
import {
  answers,
  createInstallation,
  PROGRAM,
  portsAreFree,
  type Ready,
  until,
} from '../../../test/support/installation.ts';
import { printedLetters } from '../../../test/support/printed.ts';
import { createBrowser } from './browserSession.ts';

const ADDRESS = 'Ann Ek;Storgatan 1;990 10 Lillköping';

const installation = await createInstallation();
const { folder, portBase, cli, stop } = installation;
let ready: Ready;

before(async () => {
  ready = await installation.start();
});
after(() => installation.remove());

async function send(to: string, ...more: string[]): Promise<Letter & { exit: number | null }> {
  const { code, out, err } = await cli(
    'send',
    '--json',
    '--wait',
    '--to',
    to,
    '--subject',
    'Hej',
    '--text',
    'Hej',
    ...more,
  );
  assert.ok(out !== '', err);
  return { ...(JSON.parse(out) as Letter), exit: code };
}

const kinds = (letter: Letter) => letter.events.map((event) => event.kind);

test('digital, other operator, paper and case end as they should', async () => {
  const { digital, otherOperator, paper, case: nobody, optedOut } = ready.sampleRecipients;
  const [first, second, third, fourth, fifth] = await Promise.all([
    send(digital),
    send(otherOperator),
    send(paper, '--address', ADDRESS),
    send(nobody),
    send(optedOut, '--address', ADDRESS),
  ]);
  assert.deepEqual([first.status, first.channel, first.exit], ['delivered', 'digital', 0]);
  assert.deepEqual([second.status, second.channel], ['delivered', 'digital']);
  assert.deepEqual([third.status, third.channel], ['printed', 'paper']);
  assert.deepEqual([fourth.status, fourth.final, fourth.exit], ['case', false, 3]);
  assert.match(fourth.case?.text ?? '', /postadress saknas/);
  assert.deepEqual([fifth.status, fifth.channel], ['printed', 'paper']);
  const printed = await printedLetters(join(folder, 'paper'));
  assert.equal(printed.filter(({ letter }) => letter === third.id).length, 1);
});

test('trace tells the story; an unknown letter is refused by the hub in one line', async () => {
  const letter = await send(ready.sampleRecipients.digital);
  const { code, out } = await cli('trace', letter.id);
  assert.equal(code, 0);
  assert.match(out, /→ Mottagaren har en digital brevlåda hos Brevlådan\./);
  const unknown = await cli('trace', '0193c5a0-7b6e-7cc3-98c8-9a1d3f1c5a10');
  assert.equal(unknown.code, 1);
  assert.match(unknown.err, /\[HUB_[A-Z_]+\]/);
});

test('the citizen logs in with the development e-ID and sees her letter; staff see the console', async () => {
  const citizen = createBrowser();
  const [mailbox = ''] = ready.mailboxes;
  const inbox = await citizen.logIn(`${mailbox}/login`, { personnummer: ready.sampleRecipients.digital });
  assert.equal(inbox.status, 200);
  assert.match(inbox.text, /Beslut om bygglov för carport/);
  const staff = createBrowser();
  const console = await staff.logIn(`${ready.console}login`, { staffId: 'maja.registrator' });
  assert.equal(console.status, 200);
  assert.match(console.text, /Lillköpings kommun/);
  const stranger = createBrowser();
  const refused = await stranger.logIn(`${ready.console}login`, { staffId: 'freja.far' });
  assert.equal(refused.status, 403);
});

test('a holder who asks for it is told of new mail, through the development gateway', async () => {
  const citizen = createBrowser();
  const [mailbox = ''] = ready.mailboxes;
  await citizen.logIn(`${mailbox}/login`, { personnummer: ready.sampleRecipients.digital });
  const page = await citizen.go(`${mailbox}/settings/alerts`);
  const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  await citizen.go(`${mailbox}/settings/alerts/email/address`, { _csrf, address: 'anna@example.se' });
  const sent = async () => (await fetch(ready.messages)).text();
  const codeIn = (text: string) => /(\d{6}) är din kod hos/.exec(text)?.[1];
  await until(async () => codeIn(await sent()) !== undefined);
  await citizen.go(`${mailbox}/settings/alerts/email/confirm`, { _csrf, code: codeIn(await sent()) ?? '' });
  assert.match((await citizen.go(`${mailbox}/settings`)).text, /Du får besked om nya brev med E-post/);
  await send(ready.sampleRecipients.digital);
  await until(async () => (await sent()).includes('Du har ny post hos Brevlådan'));
  assert.match(await sent(), /brevladan\.example, nyckeln brev/);
});

test('mailbox closed after lookup: not delivered, looked up again, then paper; the story says so', async () => {
  await cli('faults', 'brevladan', 'closes-after-lookup');
  const letter = await send(ready.sampleRecipients.digital, '--address', ADDRESS);
  await cli('faults', 'clear');
  assert.deepEqual([letter.status, letter.channel], ['printed', 'paper']);
  assert.ok(!kinds(letter).includes('delivered'));
});

test('accepted and then silence: sent again with the same bytes, delivered once, never paper', async () => {
  await cli('faults', 'posthornan', 'accept-then-silence', '--calls', '1');
  const letter = await send(ready.sampleRecipients.otherOperator, '--address', ADDRESS);
  assert.deepEqual([letter.status, letter.channel], ['delivered', 'digital']);
  assert.match((await cli('faults')).out, /accept-then-silence, 0 anrop kvar/);
  await cli('faults', 'clear');
});

test('the register down: the letter waits, and goes when it is up', async () => {
  await cli('faults', 'far', 'down', '--calls', '2');
  const letter = await send(ready.sampleRecipients.digital, '--address', ADDRESS);
  assert.deepEqual([letter.status, letter.channel], ['delivered', 'digital']);
  await cli('faults', 'clear');
});

test('an operator that is down has closed ports: the letter waits, certainly not delivered, and goes when it is up', async () => {
  await cli('faults', 'brevladan', 'down');
  const [mailbox] = ready.mailboxes;
  await until(async () => !(await answers(mailbox)));
  const sending = send(ready.sampleRecipients.digital, '--address', ADDRESS);
  await sleep(2_000);
  await cli('faults', 'clear');
  await until(() => answers(mailbox));
  const letter = await sending;
  assert.deepEqual([letter.status, letter.channel], ['delivered', 'digital']);
  assert.ok(kinds(letter).includes('operatorUnreachable'), kinds(letter).join());
  assert.ok(!kinds(letter).includes('outcomeUnknown'), kinds(letter).join());
});

test('a second start on the same folder is refused, as is a port that is taken', async () => {
  const again = await cli('up', '--port-base', String(portBase));
  assert.equal(again.code, 1);
  assert.match(again.err, /^Datakatalogen .* används redan av en annan Brevduva som är igång\./);
  assert.equal(again.err.trimEnd().split('\n').length, 1);
  const elsewhere = await mkdtemp(join(tmpdir(), 'brevduva-up-port-'));
  const taken = spawn(process.execPath, [PROGRAM, 'up', '--data', elsewhere, '--port-base', String(portBase)]);
  let err = '';
  taken.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString('utf8');
  });
  const [code] = await once(taken, 'close');
  assert.equal(code, 1);
  assert.match(err, /^Port \d+ används redan av ett annat program\. Stoppa det, eller starta med andra portar/);
  assert.equal(err.trimEnd().split('\n').length, 1);
  await rm(elsewhere, { recursive: true, force: true });
});

test('killed and started again it goes on: old letters are there, sample letters are not doubled', async () => {
  const letter = await send(ready.sampleRecipients.digital);
  const before = await readFile(join(folder, 'secret'), 'utf8');
  await stop('SIGKILL');
  ready = await installation.start();
  assert.equal(await readFile(join(folder, 'secret'), 'utf8'), before);
  const found = await cli('trace', letter.id, '--json');
  assert.equal((JSON.parse(found.out) as Letter).status, 'delivered');
  const citizen = createBrowser();
  const inbox = await citizen.logIn(`${ready.mailboxes[0]}/login`, { personnummer: ready.sampleRecipients.digital });
  assert.equal(inbox.text.match(/Beslut om bygglov för carport/g)?.length, 1);
});

test('files with secrets are the owner’s alone; Ctrl-C stops everything and frees the ports', async () => {
  for (const file of ['running.json', 'secret', 'identity-provider.json', 'brevduva.log', 'certificates/hub.pem']) {
    const path = join(folder, file);
    if (existsSync(path)) assert.equal((await stat(path)).mode & 0o077, 0, file);
  }
  const log = await readFile(join(folder, 'brevduva.log'), 'utf8');
  for (const id of Object.values(ready.sampleRecipients)) assert.ok(!log.includes(id), 'a personal number in the log');
  assert.ok(!log.includes(ready.apiKey));
  assert.equal(await stop('SIGINT'), 0);
  assert.ok(!existsSync(join(folder, 'running.json')));
  assert.ok(await portsAreFree(portBase));
  const { code, err } = await cli('trace', 'x');
  assert.equal(code, 1);
  assert.match(err, /Ingen Brevduva är igång/);
});
