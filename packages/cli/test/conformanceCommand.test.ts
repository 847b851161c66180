import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { systemClock } from '@brevduva/base';
import { createSigner, createTrustStore, SignatureError, verifySealedDelivery } from '@brevduva/protocol';
import { createTestAuthority, type IssuedCertificate, type TestAuthority } from '@brevduva/protocol/testing';
import { conformancePage } from '../../../scripts/conformancePage.ts';
import { CHECKS, CLAUSES, checksFor } from '../src/conformance/catalogue.ts';
import { createContext, type Target } from '../src/conformance/context.ts';
import { letter } from '../src/conformance/letter.ts';
import { impossibleIds } from '../src/conformance/numbers.ts';
import { conformanceTool, type Report } from './conformanceSupport.ts';

const URL_OF_NOBODY = 'https://localhost:9/webservice/Recipient/v3';
const OWN = '162021004748';
let authority: TestAuthority;
let keys: IssuedCertificate;
let tool: Awaited<ReturnType<typeof conformanceTool>>;

before(async () => {
  authority = await createTestAuthority({ name: 'Test CA' });
  keys = await authority.issue({ organizationNumber: OWN, commonName: 'Kommun A' });
  tool = await conformanceTool({ keys, caPem: authority.caPem });
});
after(() => tool.close());

test('the help is in Swedish and names every option', async () => {
  const { code, out } = await tool.run(['--help']);
  assert.equal(code, 0);
  for (const word of ['--url ADRESS', '--cert FIL', '--recipients NR,NR', '--deliver', '--json', 'Slutkod: 0']) {
    assert.ok(out.includes(word), word);
  }
});

test('what is written wrongly ends with 2 and one line', async () => {
  const { keyOptions } = tool;
  const mistakes: [string[], string][] = [
    [[], 'Ange tjänstens adress med --url.'],
    [['--url', 'http://localhost/service/v3'], '--url ska vara en https-adress.'],
    [['--url', 'https://localhost/x', ...keyOptions], 'Ange tjänsten med --service'],
    [
      ['--url', URL_OF_NOBODY, '--service', 'message', ...keyOptions],
      '--service ska vara recipient, service, authority.',
    ],
    [['--url', URL_OF_NOBODY], 'Ange --cert och --key.'],
    [['--url', URL_OF_NOBODY, '--cert', 'k.crt', '--key', 'ca.crt'], '--key är ingen RSA-nyckel som hör till'],
    [['--url', URL_OF_NOBODY, '--cert', 'ca.crt', '--key', 'k.key'], '--key är ingen RSA-nyckel som hör till'],
    [['--url', URL_OF_NOBODY, ...keyOptions, '--ca', 'k.key'], '--ca är angivet två gånger.'],
    [['--url', URL_OF_NOBODY, '--cert', 'k.crt', '--key', 'k.key', '--ca', 'k.key'], '--ca är inget certifikat.'],
    [['--url', URL_OF_NOBODY, ...keyOptions, '--sender-cert', 'k.crt'], '--sender-cert och --sender-key hör ihop.'],
    [['--url', URL_OF_NOBODY, ...keyOptions, '--sender', '16'], '--sender ska vara ett organisationsnummer.'],
    [['--url', URL_OF_NOBODY, ...keyOptions, '--recipients', '199001019803'], 'Ett nummer i --recipients är fel.'],
    [['--url', URL_OF_NOBODY, ...keyOptions, '--deliver'], '--deliver behöver en mottagare'],
    [['--url', URL_OF_NOBODY, ...keyOptions, '--timeout-seconds', '0'], 'ett heltal mellan 1 och 600.'],
  ];
  for (const [argv, text] of mistakes) {
    const { code, err } = await tool.run(argv);
    assert.equal(code, 2, argv.join(' '));
    assert.ok(err.includes(text), `${argv.join(' ')}: ${err}`);
    assert.equal(err.trimEnd().split('\n').length, 1);
    assert.doesNotMatch(err, /199001019803/);
  }
  const missing = await tool.run(['--url', URL_OF_NOBODY, '--cert', 'no.crt', '--key', 'k.key']);
  assert.equal(missing.code, 1);
  assert.match(missing.err, /^Filen no\.crt går inte att läsa\./);
});

test('where nobody answers only the connection fails, and all that needs it is skipped', async () => {
  const { code, report, failed } = await tool.check(URL_OF_NOBODY);
  assert.equal(code, 1);
  assert.deepEqual(failed, ['transport.connects']);
  assert.match(report.checks[0]?.evidence ?? '', /ECONNREFUSED/);
  assert.equal(report.summary.passed, 0);
  assert.equal(report.summary.skipped, checksFor('recipient').length - 1);
  assert.deepEqual(report.target, { url: URL_OF_NOBODY, service: 'recipient', sender: OWN });
});

test('people get Swedish, grouped by clause, with what was sent, expected and seen', async () => {
  const argv = ['--url', URL_OF_NOBODY, ...tool.keyOptions];
  const { code, out, err } = await tool.run(argv);
  assert.equal(code, 1);
  assert.equal(err, '', 'no progress where nobody watches');
  assert.match(
    out,
    /^Recipient v3 \(FaR\) https:\/\/localhost:9\/webservice\/Recipient\/v3\n\nCertifikat och TLS FACTS j\n {2}✘ Servern svarar/,
  );
  assert.match(out, /Skickat: .*\n {6}Väntat: {2}.*\n {6}Sett: {4}.*ECONNREFUSED/);
  assert.match(out, /\n0 godkända, 1 underkända, \d+ hoppades över\n$/);
  const watched = await tool.run(argv, { isTty: true });
  assert.match(watched.err, /\[1\/\d+\] Servern svarar/);
  assert.ok(watched.err.endsWith('\r\u001b[2K'), 'the line of progress is taken away');
});

test('a run that is stopped tells what it has and is no success', async () => {
  const { code, out } = await tool.run(['--url', URL_OF_NOBODY, ...tool.keyOptions, '--json'], {
    stop: AbortSignal.abort(),
  });
  assert.equal(code, 1);
  assert.deepEqual((JSON.parse(out) as Report).checks, []);
});

test('the service is read from the address', async () => {
  for (const [path, service] of [
    ['/service/v3', 'service'],
    ['/webservice/Authority', 'authority'],
    ['/webservice/acc1accao/Service/v3', 'service'],
  ]) {
    const { report } = await tool.check(`https://localhost:9${path}`);
    assert.equal(report.target.service, service);
  }
});

test('checks have ids of their own, known clauses, and come after what they depend on', async () => {
  const ids = CHECKS.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const { id, clause, dependsOn, services } of CHECKS) {
    assert.ok(clause in CLAUSES, `${id}: ${clause}`);
    for (const other of dependsOn ?? []) {
      assert.ok(ids.indexOf(other) >= 0 && ids.indexOf(other) < ids.indexOf(id), `${id} needs ${other}`);
      const first = CHECKS[ids.indexOf(other)];
      assert.ok(
        services.every((service) => first?.services.includes(service)),
        `${id} needs ${other} in every service`,
      );
    }
  }
});

test('docs/conformance.md is what the code says, every check in it', async () => {
  const text = await readFile(new URL('../../../docs/conformance.md', import.meta.url), 'utf8');
  assert.equal(text, conformancePage(), 'run: npm run docs');
  for (const { id } of CHECKS) assert.ok(text.includes(`| \`${id}\` |`), id);
});

test('a large question asks about nobody', () => {
  const ids = impossibleIds(1000);
  assert.equal(new Set(ids).size, 1000);
  for (const id of ids) assert.match(id, /^19900199\d{4}$/, 'the 99th is no day');
});

test('a letter with old signatures is right in all but the algorithm', async () => {
  const target: Target = {
    ...{ url: new URL('https://localhost:9/service/v3'), service: 'service', sender: OWN, recipients: [] },
    tls: { key: keys.keyPem, cert: keys.certPem, ca: authority.caPem },
    ...{ deliver: false, sha1: true, timeoutMs: 1000 },
  };
  const context = createContext(target, { clock: systemClock, signal: new AbortController().signal });
  const trust = createTrustStore([authority.caPem]);
  const message = await letter(context, { sha1: true });
  const verified = verifySealedDelivery(message, { algorithms: ['rsa-sha1'], trust, now: new Date() });
  assert.equal(verified.delivery.Header.Sender.Id, OWN);
  assert.throws(
    () => verifySealedDelivery(message, { algorithms: ['rsa-sha256'], trust, now: new Date() }),
    (error: SignatureError) => error instanceof SignatureError && error.code === 'ALGORITHM',
  );
  const other = await authority.issue({ organizationNumber: '165560000000', commonName: 'Annan' });
  const sealer = createSigner({ privateKeyPem: other.keyPem, certificatePem: other.certPem });
  const sealed = verifySealedDelivery(await letter(context, { sealer }), {
    algorithms: ['rsa-sha256'],
    trust,
    now: new Date(),
  });
  assert.match(sealed.sealedBy.subject, /Annan/);
  context.close();
});
