import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openDevelopmentAuthority } from '../src/dev/authority.ts';

const folder = await mkdtemp(join(tmpdir(), 'brevduva-authority-'));
after(() => rm(folder, { recursive: true, force: true }));

const DAY_MS = 86_400_000;
const now = () => new Date();
const later = (days: number) => () => new Date(Date.now() + days * DAY_MS);
const HOLDER = {
  file: 'far',
  organizationNumber: '162021006883',
  commonName: 'FaR utveckling',
  organizationName: 'Digg (utveckling)',
};

test('a certificate carries the organisation number and is kept over a restart', async () => {
  const first = await openDevelopmentAuthority(folder, now);
  const issued = await first.certificateFor(HOLDER);
  const certificate = new X509Certificate(issued.certPem);
  assert.match(certificate.subject, /^serialNumber=162021006883$/m);
  assert.equal(certificate.checkHost('localhost'), 'localhost');
  assert.equal(certificate.checkIP('127.0.0.1'), '127.0.0.1');
  assert.ok(certificate.verify(new X509Certificate(first.caPem).publicKey));

  const second = await openDevelopmentAuthority(folder, now);
  assert.equal(second.caPem, first.caPem);
  assert.deepEqual(await second.certificateFor(HOLDER), issued);
});

test('keys are readable by the owner alone, and no temporary file is left', async () => {
  const files = (await readdir(folder)).sort();
  assert.deepEqual(files, ['authority.pem', 'ca.pem', 'far.pem']);
  assert.equal((await stat(join(folder, 'authority.pem'))).mode & 0o777, 0o600);
  assert.equal((await stat(join(folder, 'far.pem'))).mode & 0o777, 0o600);
  assert.doesNotMatch(await readFile(join(folder, 'ca.pem'), 'utf8'), /PRIVATE KEY/);
});

test('a new one is issued near expiry, for another organisation and when the file is damaged', async () => {
  const authority = await openDevelopmentAuthority(folder, now);
  const issued = await authority.certificateFor(HOLDER);

  const nearExpiry = await openDevelopmentAuthority(folder, later(340));
  const renewed = await nearExpiry.certificateFor(HOLDER);
  assert.notEqual(renewed.certPem, issued.certPem);
  assert.ok(Date.parse(new X509Certificate(renewed.certPem).validTo) > later(600)().getTime());

  // Renewed "in the future", it is not yet valid today, so today gets one of its own.
  const other = await authority.certificateFor({ ...HOLDER, organizationNumber: '165590000006' });
  assert.match(new X509Certificate(other.certPem).subject, /^serialNumber=165590000006$/m);

  await writeFile(join(folder, 'far.pem'), 'skräp');
  const repaired = await authority.certificateFor(HOLDER);
  assert.deepEqual(await authority.certificateFor(HOLDER), repaired);
});

test('a lost authority makes a new one, and every certificate of the old is replaced', async () => {
  const old = await openDevelopmentAuthority(folder, now);
  const before = await old.certificateFor(HOLDER);
  await rm(join(folder, 'authority.pem'));
  const fresh = await openDevelopmentAuthority(folder, now);
  assert.notEqual(fresh.caPem, old.caPem);
  const issued = await fresh.certificateFor(HOLDER);
  assert.notEqual(issued.certPem, before.certPem);
  assert.ok(new X509Certificate(issued.certPem).verify(new X509Certificate(fresh.caPem).publicKey));
});
