import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runCli } from '../src/index.ts';
import { readRunning, removeRunning, writeRunning } from '../src/installation.ts';

const folder = await mkdtemp(join(tmpdir(), 'brevduva-cli-'));
after(() => rm(folder, { recursive: true, force: true }));

async function run(argv: string[], env: Record<string, string> = {}, isTty = false) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(argv, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    isTty,
    env,
    cwd: folder,
    stop: new AbortController().signal,
  });
  return { code, out: out.join(''), err: err.join('') };
}

const LETTER = {
  id: 'L1',
  status: 'printed',
  stage: 'confirm',
  channel: 'paper',
  final: true,
  recipientMasked: '1990****-****',
  subject: 'Hej',
  events: [
    { at: '2026-11-23T12:00:00Z', kind: 'accepted', text: 'Brevet togs emot', detail: { reason: 'första gången' } },
  ],
  decision: {
    tried: [
      { rule: 'digitalMailbox', won: false, why: 'Mottagaren har ingen digital brevlåda.' },
      { rule: 'paperAddress', won: true, why: 'Postadressen är känd.' },
    ],
  },
};

/** The hub's door: keeps what came, answers as told. */
async function startDoor(letter: unknown = LETTER, refusal?: object) {
  const seen: { url: string; key: string; auth: string; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { authorization: auth = '', 'idempotency-key': key = '' } = request.headers;
    seen.push({ url: request.url ?? '', key: String(key), auth, body: Buffer.concat(chunks).toString('utf8') });
    const isHandIn = request.method === 'POST';
    response.writeHead(refusal ? 422 : isHandIn ? 201 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(refusal ?? (isHandIn ? { id: 'L1', status: 'waiting', links: {} } : letter)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { seen, url, env: { BREVDUVA_URL: url, BREVDUVA_API_KEY: 'nyckel' } };
}

test('every command has help in Swedish; nothing and nonsense end with 2 and one line', async () => {
  for (const command of ['up', 'send', 'trace', 'faults']) {
    const { code, out } = await run([command, '--help']);
    assert.equal(code, 0, command);
    assert.match(out, new RegExp(`brevduva ${command}`));
    assert.match(out, /--data KATALOG/);
  }
  assert.equal((await run(['--help'])).code, 0);
  assert.equal((await run([])).code, 2);
  const mistakes: [string[], string][] = [
    [['fly'], 'Okänt kommando: fly. Skriv "brevduva --help" för hjälp.'],
    [['send', '--foo'], 'Okänt alternativ: --foo. Skriv "brevduva send --help" för hjälp.'],
    [['send', '--to'], '--to saknar värde.'],
    [['send', '--wait=1'], '--wait tar inget värde.'],
    [['send', '--to', '1', '--to', '2'], '--to är angivet två gånger.'],
    [['send', 'extra'], 'Oväntat ord: extra.'],
    [['send', '--subject', 'x'], 'Ange mottagaren med --to.'],
    [['send', '--to', '1'], 'Ange ämnet med --subject.'],
    [['send', '--to', '1', '--subject', 'x', '--text', 'a', '--html', 'b'], 'Ange --text eller --html, inte båda.'],
    [['send', '--to', '1', '--subject', 'x', '--address', 'Ann;Gata 1'], '"Namn;Gata 1;123 45 Ort"'],
    [['send', '--to', '1', '--subject', 'x', '--wait-seconds', '0'], 'ett heltal mellan 1 och 3600.'],
    [['trace'], 'Ange brevets id.'],
    [['faults', 'kivra', 'down'], 'Okänd part: kivra.'],
    [['faults', 'far', 'broken'], 'Ange ett fel: slow, down,'],
    [['faults', 'far', 'closes-after-lookup'], 'closes-after-lookup gäller bara operatörer.'],
    [['faults', 'far', 'fails-later'], 'far kan inte fails-later'],
    [['faults', 'epost', 'down'], 'epost kan inte down'],
    [['faults', 'far', 'down', '--ms', '5'], '--ms hör bara till slow.'],
    [['faults', 'far', 'slow', '--ms', '999999999'], '--ms ska vara ett heltal mellan 0 och 600000.'],
  ];
  for (const [argv, text] of mistakes) {
    const { code, err } = await run(argv);
    assert.equal(code, 2, argv.join(' '));
    assert.ok(err.includes(text), `${argv.join(' ')}: ${err}`);
    assert.equal(err.trimEnd().split('\n').length, 1);
  }
});

test('send hands in text, PDF, address and reference with the key', async () => {
  const { seen, env } = await startDoor();
  await writeFile(join(folder, 'beslut.pdf'), '%PDF-1.7');
  const argv = ['send', '--to', '199001019802', '--subject', 'Ditt beslut', '--text', 'Hej', '--pdf', 'beslut.pdf'];
  const more = ['--address', 'Ann Ek; c/o Bo Ek; Gata 1; 990 10 Lillköping', '--reference', 'D-1', '--key', 'k1'];
  const times = ['--not-before', '2099-01-01T08:00:00+01:00', '--expires', '2099-02-01T00:00:00Z'];
  const { code, out } = await run([...argv, ...more, ...times], env);
  assert.equal(code, 0);
  assert.match(out, /^Brevet är mottaget: L1\nFölj det med: brevduva trace L1\n$/);
  const [call] = seen;
  assert.ok(call);
  assert.equal(call.auth, 'Bearer nyckel');
  assert.equal(call.key, 'k1');
  assert.match(call.body, /filename="beslut\.pdf"\r\nContent-Type: application\/pdf\r\n\r\n%PDF-1\.7/);
  const letter: unknown = JSON.parse(/\r\n\r\n(\{.*\})\r\n/.exec(call.body)?.[1] ?? '');
  assert.deepEqual(letter, {
    flow: 'beslut',
    recipient: '199001019802',
    subject: 'Ditt beslut',
    address: { name: 'Ann Ek', careOf: 'Bo Ek', street: 'Gata 1', postalCode: '990 10', city: 'Lillköping' },
    reference: 'D-1',
    notBefore: '2099-01-01T08:00:00+01:00',
    expiresAt: '2099-02-01T00:00:00Z',
    body: { contentType: 'text/plain', text: 'Hej' },
  });
});

test('send --wait tells the story and ends with 3 when a person must act', async () => {
  const argv = ['send', '--to', '199001019802', '--subject', 'Hej', '--wait'];
  const done = await run(argv, (await startDoor()).env);
  assert.equal(done.code, 0);
  assert.match(done.out, /Status {5}Utskrivet\n {2}Kanal {6}papper/);
  const waiting = {
    ...LETTER,
    status: 'case',
    final: false,
    channel: undefined,
    case: { reason: 'noChannel', text: 'Adress saknas.', owner: 'Bygglov', deadline: '2026-11-25T12:00:00Z' },
  };
  const manual = await run(argv, (await startDoor(waiting)).env);
  assert.equal(manual.code, 3);
  assert.match(
    manual.out,
    /Väntar på en person[\s\S]*Ärende hos en person\n {2}Varför {2}Adress saknas\.\n {2}Vem {5}Bygglov\n {2}Senast {2}2026-11-25 13:00:00/,
  );
});

test('trace prints events and the rules that were tried, without colours in a pipe', async () => {
  const { env, seen } = await startDoor();
  const { code, out } = await run(['trace', 'L1'], env);
  assert.equal(code, 0);
  assert.equal(seen[0]?.url, '/api/v1/letters/L1');
  assert.match(out, /2026-11-23 13:00:00 \(UTC\+1\) {2}Brevet togs emot: första gången\n/);
  assert.match(out, /· Mottagaren har ingen digital brevlåda\.\n {2}→ Postadressen är känd\./);
  assert.ok(!out.includes('\u001b'));
  assert.ok((await run(['trace', 'L1'], env, true)).out.includes('\u001b[1mBrev L1'));
  assert.ok(!(await run(['trace', 'L1'], { ...env, NO_COLOR: '1' }, true)).out.includes('\u001b'));
  assert.deepEqual(JSON.parse((await run(['trace', 'L1', '--json'], env)).out), LETTER);
});

test('a refusal shows text, code and every fault; an unreadable file its name', async () => {
  const faults = [
    { code: 'HUB_UNKNOWN_FLOW', path: '/flow', text: 'Flödet finns inte.' },
    { code: 'HUB_RECIPIENT', path: '/recipient', text: 'Kontrollsiffran stämmer inte.' },
  ];
  const { env } = await startDoor(undefined, { title: 'Brevet togs inte emot.', code: 'HUB_INVALID_LETTER', faults });
  const argv = ['send', '--to', '1', '--subject', 'x'];
  assert.deepEqual(await run(argv, env), {
    code: 1,
    out: '',
    err: 'Brevet togs inte emot. [HUB_INVALID_LETTER]\n  /flow: Flödet finns inte.\n  /recipient: Kontrollsiffran stämmer inte.\n',
  });
  const missing = await run([...argv, '--pdf', 'saknas.pdf'], env);
  assert.equal(missing.code, 1);
  assert.match(missing.err, /saknas\.pdf går inte att läsa/);
});

test('the running installation is found by its folder, and not when its process is gone', async () => {
  const { env, url } = await startDoor();
  const data = join(folder, 'data');
  const none = await run(['trace', 'L1', '--data', data]);
  assert.equal(none.code, 1);
  assert.match(none.err, /Ingen Brevduva är igång med datakatalogen .*data\. Starta den med npm start/);
  await run(['faults', 'far', 'slow', '--data', data]);
  await writeRunning(data, { pid: process.pid, hub: url, apiKey: 'nyckel' });
  assert.equal((await stat(join(data, 'running.json'))).mode & 0o777, 0o600);
  assert.equal((await run(['trace', 'L1', '--data', data])).code, 0);
  // An explicit folder wins over the environment, else a test would write to another installation.
  assert.equal((await run(['trace', 'L1', '--data', join(folder, 'other')], env)).code, 1);
  assert.equal((await run(['trace', 'L1'], { BREVDUVA_DATA: data })).code, 0);
  await writeRunning(data, { pid: 2 ** 22 + 1, hub: url, apiKey: 'nyckel' });
  assert.equal(await readRunning(data), undefined);
  await writeFile(join(data, 'running.json'), '{');
  const damaged = await run(['trace', 'L1', '--data', data]);
  assert.match(damaged.err, /running\.json går inte att tolka/);
  await removeRunning(data);
  assert.equal(await readRunning(data), undefined);
});

test('faults are set, listed with what is left, and cleared', async () => {
  const data = ['--data', join(folder, 'faults')];
  assert.equal((await run(['faults', ...data])).out, 'Inga fel är påslagna.\n');
  const set = await run(['faults', 'Brevlådan', 'down', '--calls', '3', ...data]);
  assert.equal(set.out, 'operatören Brevlådan: down, 3 anrop kvar\n');
  await run(['faults', 'far', 'slow', ...data]);
  assert.equal(
    (await run(['faults', ...data])).out,
    '  brevladan  down, 3 anrop kvar\n  far        slow 5000 ms, tills vidare\n',
  );
  assert.equal(JSON.parse((await run(['faults', '--json', ...data])).out).faults.length, 2);
  assert.equal((await run(['faults', 'clear', 'far', ...data])).out, '1 fel avstängt.\n');
  assert.equal((await run(['faults', 'clear', ...data])).out, '1 fel avstängt.\n');
  assert.equal((await run(['faults', 'clear', ...data])).out, 'Inget fel var påslaget.\n');
});

test('the program itself runs from anywhere, by plain node', async () => {
  const program = fileURLToPath(new URL('../bin/brevduva.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, 'send', '--foo'], { cwd: folder });
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString('utf8');
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  assert.equal(code, 2);
  assert.equal(err, 'Okänt alternativ: --foo. Skriv "brevduva send --help" för hjälp.\n');
});
