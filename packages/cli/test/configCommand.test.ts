import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@brevduva/base/testing';
import { HUB_MIGRATIONS, secretHash } from '@brevduva/hub';
import { SAMPLE_MUNICIPALITY, SAMPLE_WATER_COMPANY } from '../src/dev/sample/organizations.ts';
import { runCli } from '../src/index.ts';

let database: TestDatabase;
let folder: string;
let text: string;
before(async () => {
  database = await createTestDatabase({ party: 'hub', migrations: HUB_MIGRATIONS });
  folder = await mkdtemp(join(tmpdir(), 'brevduva-config-'));
  text = await readFile(SAMPLE_MUNICIPALITY.configurationFile, 'utf8');
  await writeFile(join(folder, 'kommun.yaml'), text);
});
after(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(argv: readonly string[], options: { answer?: string; env?: Record<string, string> } = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const { answer, env = { BREVDUVA_HUB_DATABASE_URL: database.url, USER: 'astrid', NO_COLOR: '1' } } = options;
  const code = await runCli(['config', ...argv], {
    out: (part) => void out.push(part),
    err: (part) => void err.push(part),
    isTty: answer !== undefined,
    env,
    cwd: folder,
    stop: new AbortController().signal,
    ...(answer === undefined ? {} : { input: () => typed(answer) }),
  });
  return { code, out: out.join(''), err: err.join('') };
}

async function* typed(answer: string): AsyncGenerator<Uint8Array> {
  for (const character of `${answer}\n`) yield Buffer.from(character);
}

async function rename(from: string | RegExp, to: string): Promise<void> {
  const changed = text.replace(from, to);
  assert.notEqual(changed, text);
  await writeFile(join(folder, 'ny.yaml'), changed);
}

test('check needs no database and tells every fault with its place', async () => {
  const good = await run(['check', 'kommun.yaml'], { env: {} });
  assert.equal(good.code, 0, good.err);
  assert.match(good.out, /^Filen är riktig: Lillköpings kommun \(164999000013\)\. Enheter: \d+\./);
  await rename('unit: forsorjning', 'unit: finns-inte\n    caseHours: 0');
  const bad = await run(['check', 'ny.yaml'], { env: {} });
  assert.equal(bad.code, 1);
  assert.match(bad.err, /^Konfigurationen har fel/);
  assert.match(bad.err, /\n {2}\d+:5 flows\/1\/unit: Enheten finns-inte finns inte i filen\./);
  assert.match(bad.err, /\n {2}\d+:5 flows\/1\/caseHours: .*mellan 1 och 720/);
  const missing = await run(['check', 'saknas.yaml']);
  assert.deepEqual([missing.code, missing.err.includes('saknas.yaml')], [1, true]);
  assert.equal((await run(['check'])).code, 2);
  assert.match((await run(['frobnicate'])).err, /config check eller config diff/);
});

test('diff shows what would change with exit code 2, and changes nothing; apply asks, and does exactly that', async () => {
  const first = await run(['diff', 'kommun.yaml']);
  assert.equal(first.code, 2, first.err);
  assert.match(first.out, /^\+ organisation\n {4}number: 164999000013/);
  assert.match(first.out, /\+ systems\/byggarenden/);
  assert.equal((await run(['diff', 'kommun.yaml'])).out, first.out);
  const refused = await run(['apply', 'kommun.yaml'], { answer: 'nej' });
  assert.deepEqual([refused.code, refused.out.endsWith('Inget har ändrats.\n')], [1, true]);
  assert.equal((await run(['apply', 'kommun.yaml'])).code, 2, 'nobody to ask');
  const applied = await run(['apply', 'kommun.yaml'], { answer: 'ja' });
  assert.equal(applied.code, 0, applied.err);
  assert.match(applied.out, /Ska ändringarna införas\? \(ja\/nej\) Ändringarna är införda\.\n$/);
  const none = await run(['diff', 'kommun.yaml']);
  assert.deepEqual([none.code, none.out], [0, 'Inget skulle ändras.\n']);
  assert.equal((await run(['apply', 'kommun.yaml'])).code, 0, 'nothing to ask about');
});

test('a change of one field is one line; the record says who', async () => {
  await rename('retentionDays: 90', 'retentionDays: 180');
  const { out } = await run(['diff', 'ny.yaml']);
  assert.equal(out, '~ flows/beslut  retentionDays: 90 → 180\n\nNytt: 0. Ändrat: 1. Tas ur bruk: 0.\n');
  const json = await run(['diff', 'ny.yaml', '--json']);
  assert.deepEqual(JSON.parse(json.out).changes, [
    { kind: 'changed', path: 'flows/beslut', field: 'retentionDays', before: 90, after: 180 },
  ]);
  assert.equal((await run(['apply', 'ny.yaml', '--yes', '--by', 'Astrid Ståhl'])).code, 0);
  assert.equal((await run(['apply', 'kommun.yaml', '--yes'])).code, 0);
  const { rows } = await database.pool.query('select actor from configuration_change order by id desc limit 2');
  assert.deepEqual(
    rows.map(({ actor }) => actor),
    ['astrid (kommandoraden)', 'Astrid Ståhl'],
  );
});

test('export writes the file that changes nothing', async () => {
  const { code, out, err } = await run(['export']);
  assert.equal(code, 0, err);
  await writeFile(join(folder, 'export.yaml'), out);
  assert.equal((await run(['diff', 'export.yaml'])).code, 0);
});

test('a key is made, used by its hash alone, listed and revoked', async () => {
  const made = await run(['new-key', 'byggarenden', '--label', 'byte 2026', '--days', '30']);
  assert.equal(made.code, 0, made.err);
  assert.match(made.out, /^bd_[\w-]{43}\n$/, 'the secret alone, for a pipe');
  const sha256 = secretHash(made.out.trim()).toString('hex');
  assert.ok(made.err.includes(`sha256: ${sha256}`) && !made.err.includes(made.out.trim()));
  const code = `apiKey-${sha256.slice(0, 16)}`;
  const listed = await run(['keys']);
  assert.match(listed.out, new RegExp(`^byggarenden +${code} +aldrig +till \\d{4}-\\d{2}-\\d{2} .*byte 2026$`, 'm'));
  assert.equal(JSON.parse((await run(['keys', '--json'])).out).keys.length, 1);
  const kept = await run(['revoke-key', code], { answer: 'nej' });
  assert.equal(kept.code, 1);
  const revoked = await run(['revoke-key', code, '--yes']);
  assert.deepEqual([revoked.code, revoked.out], [0, `${code} hos Byggärenden är återkallad.\n`]);
  assert.equal((await run(['keys'])).out, 'Inga nycklar.\n');
  assert.match((await run(['keys', '--all'])).out, /återkallad \d{4}/);
  assert.match((await run(['revoke-key', code, '--yes'])).err, /finns inte, eller är redan återkallad/);
});

test('login names come with secrets that need one; unknown systems and kinds are told', async () => {
  for (const kind of ['oauthClient', 'password']) {
    const { err } = await run(['new-key', 'skolsystemet', '--kind', kind]);
    assert.match(err, /^Namn: 164999000013-skolsystemet$/m);
  }
  assert.match((await run(['new-key', 'okant'])).err, /Verksamhetssystemet finns inte/);
  assert.equal((await run(['new-key', 'skolsystemet', '--kind', 'certificate'])).code, 2);
  assert.equal((await run(['new-key'])).code, 2);
});

test('with several organisations one must be named', async () => {
  await writeFile(join(folder, 'vatten.yaml'), await readFile(SAMPLE_WATER_COMPANY.configurationFile, 'utf8'));
  assert.equal((await run(['apply', 'vatten.yaml', '--yes'])).code, 0);
  const { code, err } = await run(['export']);
  assert.equal(code, 2);
  assert.match(err, /164999000013 \(Lillköpings kommun\), 164999000021 \(Lillköpings Vatten AB\)/);
  assert.equal((await run(['export', '--organisation', '164999000021'])).code, 0);
  assert.match((await run(['keys', '--organisation', '165568402266'])).err, /Organisationen finns inte här/);
  assert.equal((await run(['diff', 'kommun.yaml'])).code, 0, 'the municipality is as it was');
});

test('without a database it says what to do', async () => {
  const { code, err } = await run(['keys'], { env: {} });
  assert.equal(code, 1);
  assert.match(err, /BREVDUVA_HUB_DATABASE_URL/);
});
