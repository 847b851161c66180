import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { AppError } from '@brevduva/base';
import type { OrganizationNumber } from '@brevduva/protocol';
import { compareConfiguration } from '../src/organisation/compareConfiguration.ts';
import type { OrganisationConfiguration } from '../src/organisation/configuration.ts';
import { CREDENTIAL_KINDS } from '../src/organisation/credential.ts';
import { writeConfiguration } from '../src/organisation/exportConfiguration.ts';
import { filesBeside } from '../src/organisation/filesBeside.ts';
import { readConfiguration } from '../src/organisation/readConfiguration.ts';
import { requireTemplates } from '../src/organisation/requireTemplates.ts';
import { randomConfiguration, seededRandom } from './support/configurations.ts';
import { MUNICIPALITY } from './support/hubDatabase.ts';

const HASH = 'ab'.repeat(32);

const SMALL = `organisation:
  number: "${MUNICIPALITY}"
  name: Kommun A
  returnAddress: { name: Kommun A, lines: [Torget 1], postalCode: 123 45, city: Staden }
  support: { text: Ring växeln. }
units:
  - code: bygg
    name: Byggnadsnämnden
    envelopeCode: "4711"
flows:
  - code: beslut
    name: Beslut
    unit: bygg
systems:
  - code: arenden
    name: Ärendesystemet
    flows: [beslut]
    credentials:
      - kind: apiKey
        sha256: ${HASH}
`;

function read(text: string): OrganisationConfiguration {
  const result = readConfiguration(text);
  assert.ok(result.ok, JSON.stringify(result));
  return result.configuration;
}

/** `line:column path text` of every fault of the file. */
function faults(text: string): string[] {
  const result = readConfiguration(text);
  assert.ok(!result.ok, 'the file should have faults');
  return result.faults.map(({ line, column, path, text: says }) => `${line}:${column} ${path} ${says}`);
}

const change = (from: string | RegExp, to: string) => {
  const changed = SMALL.replace(from, to);
  assert.notEqual(changed, SMALL, `nothing to change for ${from}`);
  return changed;
};

describe('the configuration file', () => {
  it('says only what it must; the rest has a default', () => {
    const { organisation, flows, systems } = read(SMALL);
    assert.deepEqual(organisation.laneWeights, { interactive: 10, normal: 10, bulk: 10 });
    assert.deepEqual(flows[0], {
      code: 'beslut',
      name: 'Beslut',
      unit: 'bygg',
      channelPolicy: 'digitalFirst',
      templateCode: undefined,
      defaultSubject: undefined,
      sensitivity: 'normal',
      replyAllowed: false,
      retentionDays: 365,
      postageClass: 'economy',
      printShop: undefined,
      notification: 'none',
      notice: undefined,
      digitalHours: 48,
      caseHours: 48,
      dispatcher: undefined,
      lifetimeHours: undefined,
      eInvoice: false,
      printLayout: undefined,
      paperFormat: 'letter',
      duplex: true,
      colour: false,
      firstPage: 'cover',
      envelope: 'window',
      pdfAccessibility: 'off',
      eInvoiceWaitHours: undefined,
      eInvoiceVatPercent: undefined,
      approvalOver: undefined,
      lane: 'interactive',
      sendWindow: undefined,
      schedulingAllowed: true,
      unreadDays: undefined,
      unreadAction: 'nothing',
      unreadUntold: 'nothing',
      onFlaggedAddress: 'case',
    });
    assert.equal(systems[0]?.lane, 'interactive');
    assert.deepEqual(read(change(/ {4}credentials:[\s\S]*/, '')).systems[0]?.credentials, undefined);
    assert.deepEqual(read(change(/credentials:[\s\S]*/, 'credentials: []')).systems[0]?.credentials, []);
  });

  it('takes a hash as openssl, ssh-keygen and sha256sum write it', () => {
    const ssh = `SHA256:${Buffer.from(HASH, 'hex').toString('base64').replace('=', '')}`;
    for (const written of [HASH, HASH.toUpperCase(), HASH.toUpperCase().replace(/..(?!$)/g, '$&:'), ssh]) {
      assert.equal(read(change(HASH, `"${written}"`)).systems[0]?.credentials?.[0]?.sha256, HASH, written);
    }
  });

  it('judges every way in and keeps it as written, without what it did not say', () => {
    const printer = '{ flow: beslut, newLetter: { at: pages, pages: 2 } }';
    const configuration = read(
      change('    flows: [beslut]\n', `    flows: [beslut]\n    waysIn: { printer: ${printer}, forms: ~ }\n`),
    );
    assert.deepEqual(configuration.systems[0]?.waysIn, {
      printer: { flow: 'beslut', newLetter: { at: 'pages', pages: 2 } },
    });
    assert.deepEqual(compareConfiguration(configuration, read(writeConfiguration(configuration))), []);
    const wrong = faults(
      change('    flows: [beslut]\n', '    flows: [beslut]\n    waysIn: { printer: { flow: annat, x: 1 } }\n'),
    );
    assert.deepEqual(
      wrong.map((line) => line.split(' ')[1]),
      ['systems/0/waysIn/printer/flow', 'systems/0/waysIn/printer/x'],
    );
  });

  it('has times with a zone and keeps them as UTC', () => {
    const timed = change(`sha256: ${HASH}`, `sha256: ${HASH}\n        validUntil: 2027-01-31T00:00:00+01:00`);
    assert.equal(read(timed).systems[0]?.credentials?.[0]?.validUntil, '2027-01-30T23:00:00.000Z');
  });

  it('tells every fault with its line, in Swedish, and never repeats what may be a key', () => {
    const text = `organisation:
  number: "162021004749"
  name: K
  returnAddress: { name: Kommun A, lines: [Torget 1], postalCode: x, city: Staden }
units:
  - code: Bygg
    name: Byggnadsnämnden
    envelopeCode: 4711
    colour: red
flows:
  - code: beslut
    name: Beslut
    unit: finns-inte
    digitalHours: 721
    sensitivity: sensitive
    notification: noticeOnly
    sendWindow: { from: "25:00", to: "20:00", weekdays: [1, 1, 8] }
  - code: beslut
    name: Beslut igen
    unit: Bygg
    channelPolicy: onlyPaper
    eInvoice: ja
systems:
  - code: arenden
    name: Ärendesystemet
    unit: ingen
    flows: [beslut, beslut, annat]
    credentials:
      - kind: apiKey
        sha256: bd_hemlig
      - kind: certificate
        sha256: ${HASH}
        validFrom: 2027-02-31T00:00:00Z
  - code: andra
    name: Andra systemet
    flows: beslut
    credentials:
      - kind: certificate
        sha256: ${HASH}
        validFrom: 2027-01-01T00:00:00Z
        validUntil: 2026-01-01T00:00:00Z
    waysIn: { brevduva: {} }
`;
    const found = faults(text);
    assert.deepEqual(
      found.map((line) => line.split(' ').slice(0, 2).join(' ')),
      [
        '1:1 organisation/support',
        '2:3 organisation/number',
        '3:3 organisation/name',
        '4:55 organisation/returnAddress/postalCode',
        '6:5 units/0/code',
        '8:5 units/0/envelopeCode',
        '9:5 units/0/colour',
        '13:5 flows/0/unit',
        '14:5 flows/0/digitalHours',
        '16:5 flows/0/notification',
        '17:19 flows/0/sendWindow/from',
        '17:47 flows/0/sendWindow/weekdays',
        '17:64 flows/0/sendWindow/weekdays/2',
        '18:5 flows/1/code',
        '20:5 flows/1/unit',
        '21:5 flows/1/channelPolicy',
        '22:5 flows/1/eInvoice',
        '26:5 systems/0/unit',
        '27:21 systems/0/flows/1',
        '27:29 systems/0/flows/2',
        '30:9 systems/0/credentials/0/sha256',
        '33:9 systems/0/credentials/1/validFrom',
        '36:5 systems/1/flows',
        '39:9 systems/1/credentials/0/sha256',
        '41:9 systems/1/credentials/0/validUntil',
        '42:15 systems/1/waysIn/brevduva',
      ],
      found.join('\n'),
    );
    const all = found.join('\n');
    assert.match(all, /kontrollsiffra/);
    assert.match(all, /Enheten finns-inte finns inte i filen/);
    assert.match(all, /mellan 1 och 720/);
    assert.match(all, /Certifikatet hör redan till systemet arenden/);
    assert.match(all, /En nyckel i klartext får aldrig stå i filen/);
    assert.match(all, /Fältet finns inte\. Här kan stå: code, name, envelopeCode/);
    assert.doesNotMatch(all, /bd_hemlig/);
  });

  it('lets no flow that is sensitive, or invoices, be postcards', () => {
    const card = (more: string) => faults(SMALL.replace('    name: Beslut\n', `$&    paperFormat: postcard\n${more}`));
    assert.equal(
      read(SMALL.replace('    name: Beslut\n', '$&    paperFormat: postcard\n')).flows[0]?.paperFormat,
      'postcard',
    );
    assert.match(card('    sensitivity: sensitive\n').join(), /paperFormat Ett känsligt flöde kan inte gå som vykort/);
    assert.match(card('    eInvoice: true\n').join(), /paperFormat En faktura får inte plats på ett vykort/);
    assert.match(card('    envelope: barcode\n').join(), /envelope Ett vykort har inget kuvert/);
    assert.match(card('    firstPage: own\n').join(), /firstPage Ett vykort har ingen förstasida/);
  });

  it('lets a flow use the unit’s own envelopes only where the unit has some that the layout has', () => {
    const flow = (text: string) => text.replace('    name: Beslut\n', '$&    envelope: barcode\n');
    const sizes = (more: string) => change('    envelopeCode: "4711"\n', `$&    envelopeSizes: ${more}\n`);
    assert.equal(read(flow(SMALL)).flows[0]?.envelope, 'barcode');
    assert.match(
      faults(flow(change('    envelopeCode: "4711"\n', ''))).join(),
      /flows\/0\/envelope Enheten bygg har inga streckkodskuvert \(envelopeCode\)/,
    );
    assert.deepEqual(read(flow(sizes('[C4, C5]'))).units[0]?.envelopeSizes, ['C5', 'C4']);
    for (const wrong of ['[C5, C5]', '[B5]']) {
      assert.match(faults(sizes(wrong)).join(), /envelopeSizes Kuvertens storlekar är E65, C5, C4/, wrong);
    }
  });

  it('tells what is no YAML where it stands', () => {
    assert.match(faults('a: [1\nb: 2')[0] ?? '', /^2:1 {2}/);
    assert.match(faults('a: 1\na: 2')[0] ?? '', /^2:1 {2}Fältet står två gånger/);
    assert.match(faults(`${SMALL}---\n${SMALL}`)[0] ?? '', /inte flera dokument/);
    assert.match(faults('')[0] ?? '', /^1:1 {2}Här ska det stå fält/);
    assert.match(faults('- a')[0] ?? '', /^1:1 {2}Här ska det stå fält/);
    assert.match(faults('x'.repeat(2_000_001))[0] ?? '', /större än/);
  });

  it('is not blown up by aliases of aliases', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let n = 1; n < 12; n += 1) {
      lines.push(`a${n}: &a${n} [${Array.from({ length: 10 }, () => `*a${n - 1}`).join(', ')}]`);
    }
    assert.match(faults(lines.join('\n'))[0] ?? '', /för många alias/);
  });

  it('written and read again is the same, whatever the texts', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const made = randomConfiguration(MUNICIPALITY, seededRandom(seed));
      const file = writeConfiguration(made);
      const again = read(file);
      assert.deepEqual(compareConfiguration(made, again), [], `seed ${seed}\n${file}`);
      assert.equal(writeConfiguration(again), file, `seed ${seed}`);
    }
  });
});

it('every field is described in docs/operations/configuration.md, and no other', () => {
  const page = readFileSync(new URL('../../../docs/operations/configuration.md', import.meta.url), 'utf8');
  const odd = `odd: 1
organisation: { odd: 1, returnAddress: { odd: 1 }, support: { odd: 1 }, laneWeights: { odd: 1 }, prices: { odd: 1 }, creditor: { odd: 1 }, dispatchers: [{ odd: 1 }], printLayouts: [{ odd: 1, markZone: { odd: 1 }, envelopes: [{ odd: 1, window: { odd: 1 }, quietZone: { odd: 1 } }] }] }
units: [{ odd: 1 }]
templates: [{ odd: 1 }]
printShops: [{ odd: 1, handOver: { way: sftp, odd: 1 }, cutOffs: [{ odd: 1 }] }]
flows: [{ odd: 1, sendWindow: { odd: 1 } }]
systems: [{ odd: 1, waysIn: { odd: 1 }, credentials: [{ odd: 1 }] }]
`;
  const told = faults(odd).flatMap(
    (line) => / \S*odd Fältet finns inte\. Här kan stå: (.*)\.$/.exec(line)?.[1]?.split(', ') ?? [],
  );
  assert.ok(told.length > 45, told.join(' '));
  const missing = told.filter((field) => !page.includes(`\`${field}\``) && !page.includes(`## ${field}`));
  assert.deepEqual(missing, []);
  const described = [...page.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(([, names = '']) =>
    names.replaceAll('`', '').split(', '),
  );
  assert.ok(described.length > 35);
  const known = new Set<string>([...told, ...CREDENTIAL_KINDS]);
  assert.deepEqual(
    described.filter((field) => !known.has(field)),
    [],
  );
});

describe('print shops', () => {
  const shops = (text: string) => change('systems:\n', `printShops:\n${text}systems:\n`);
  const FULL = `  - code: tryck
    name: Tryckeriet
    handOver: { way: sftp, host: tryck.example, user: kommun, hostKey: "SHA256:${'a'.repeat(43)}" }
    cutOffs: [{ at: "14:00" }]
    batchBy: [postage, envelope]
    receipts: posted
`;

  it('have defaults, and keys in one order', () => {
    const [shop] = read(shops(FULL)).printShops;
    assert.deepEqual(shop?.cutOffs, [{ at: '14:00', weekdays: [1, 2, 3, 4, 5] }]);
    assert.deepEqual(shop?.batchBy, ['envelope', 'postage']);
    assert.equal(shop?.handOver.way === 'sftp' && shop.handOver.port, 22);
    assert.equal(shop?.postedHours, 72);
  });

  it('are refused with every fault: a key in the file, a way up, a cut-off that is none, a flow that cannot know which', () => {
    const bad = FULL.replace('user: kommun,', 'user: kommun, password: hemligt, directory: ../andra,')
      .replace('14:00', '25:00')
      .replace('[postage, envelope]', '[postage, postage]');
    const told = faults(shops(`${bad}  - { code: annat, name: Annat }\n`)).join('\n');
    assert.match(told, /handOver\/password Fältet finns inte/);
    assert.match(told, /handOver\/directory/);
    assert.match(told, /cutOffs\/0\/at/);
    assert.match(told, /batchBy/);
    assert.match(told, /flows\/0\/printShop Det finns flera tryckerier/);
  });
});

describe('comparing', () => {
  const base = read(SMALL);
  const diff = (from: string | RegExp, to: string) => compareConfiguration(base, read(change(from, to)));

  it('finds nothing between the same, whatever the order in the file', () => {
    assert.deepEqual(compareConfiguration(base, read(SMALL)), []);
    const more = '  - { code: a, name: Enhet A }\n  - { code: b, name: Enhet B }\n';
    const other = '  - { code: b, name: Enhet B }\n  - { code: a, name: Enhet A }\n';
    const one = read(change('flows:\n', `${more}flows:\n`));
    assert.deepEqual(compareConfiguration(one, read(change('flows:\n', `${other}flows:\n`))), []);
  });

  it('tells field by field', () => {
    assert.deepEqual(diff('city: Staden', 'city: Byn'), [
      { kind: 'changed', path: 'organisation', field: 'returnAddress.city', before: 'Staden', after: 'Byn' },
    ]);
    assert.deepEqual(diff('    unit: bygg\n', '    unit: bygg\n    sendWindow: { from: "08:00", to: "20:00" }\n'), [
      {
        kind: 'changed',
        path: 'flows/beslut',
        field: 'sendWindow',
        before: null,
        after: { from: '08:00', to: '20:00', weekdays: [1, 2, 3, 4, 5, 6, 7] },
      },
    ]);
    assert.deepEqual(diff('flows: [beslut]', 'flows: []'), [
      { kind: 'changed', path: 'systems/arenden', field: 'flows', before: ['beslut'], after: [] },
    ]);
  });

  it('tells what comes and goes, credentials apart', () => {
    const [gone, ...rest] = diff(/flows:\n[\s\S]*/, 'flows: []\nsystems: []\n');
    assert.deepEqual(
      [gone?.kind, gone?.path, rest[0]?.kind, rest[0]?.path],
      ['removed', 'flows/beslut', 'removed', 'systems/arenden'],
    );
    const other = 'cd'.repeat(32);
    assert.deepEqual(
      diff(HASH, other).map(({ kind, path }) => `${kind} ${path}`),
      [
        'added systems/arenden/credentials/apiKey-cdcdcdcdcdcdcdcd',
        'removed systems/arenden/credentials/apiKey-abababababababab',
      ],
    );
    assert.deepEqual(diff(/ {4}credentials:[\s\S]*/, ''), [], 'a file that says nothing of credentials leaves them');
  });

  it('of an organisation that is new everything is added', () => {
    const changes = compareConfiguration(undefined, base);
    assert.deepEqual(
      changes.map(({ kind, path }) => `${kind} ${path}`),
      [
        'added organisation',
        'added units/bygg',
        'added flows/beslut',
        'added systems/arenden',
        'added systems/arenden/credentials/apiKey-abababababababab',
      ],
    );
  });

  it('there are no changes exactly when the two are the same', () => {
    for (let seed = 0; seed < 100; seed += 1) {
      const number = MUNICIPALITY as OrganizationNumber;
      const a = randomConfiguration(number, seededRandom(seed));
      const b = randomConfiguration(number, seededRandom(seed + 1000));
      assert.deepEqual(compareConfiguration(a, a), []);
      assert.ok(compareConfiguration(a, b).length > 0);
    }
  });
});

describe('templates', () => {
  const withTemplate = (more: string, flow = '') =>
    SMALL.replace(
      'flows:\n',
      `templates:\n  - code: skolval\n    name: Skolval\n    subject: Välj skola för {Barn}\n${more}flows:\n`,
    ).replace('    unit: bygg\nsystems', `    unit: bygg\n${flow}systems`);

  it('stand in the file with places to fill, their document in it or beside it, and come out as they went in', () => {
    const text = withTemplate(
      '    message: "Hej {Namn}!\\n\\nVälj nu."\n    document: { file: mallar/skolval.typ }\n',
      '    template: skolval\n',
    );
    const asked: string[] = [];
    const result = readConfiguration(text, (path) => {
      asked.push(path);
      return '= Välj skola\n\n#value("Namn")\n';
    });
    assert.ok(result.ok, JSON.stringify(result));
    assert.deepEqual(asked, ['mallar/skolval.typ']);
    const { templates, flows } = result.configuration;
    assert.deepEqual(templates, [
      {
        ...{ code: 'skolval', name: 'Skolval', language: 'svSE', subject: 'Välj skola för {Barn}' },
        ...{
          contentType: 'text/plain',
          message: 'Hej {Namn}!\n\nVälj nu.',
          document: '= Välj skola\n\n#value("Namn")\n',
        },
      },
    ]);
    assert.equal(flows[0]?.templateCode, 'skolval');
    assert.deepEqual(compareConfiguration(result.configuration, read(writeConfiguration(result.configuration))), []);
  });

  it('are judged with the file', () => {
    assert.deepEqual(
      faults(
        withTemplate('    message: "Hej {Namn"\n    document: { file: ../hemligt.typ }\n', '    template: annan\n'),
      ),
      [
        '14:5 templates/0/message Rad 1: { är ingen platshållare. Skriv {Kolumnens namn}, eller {{ och }} för klamrar som ska stå kvar.',
        '15:17 templates/0/document/file Fältet ska vara en fil i konfigurationsfilens mapp eller under den.',
        '20:5 flows/0/template Mallen annan finns inte i filen.',
      ],
    );
    const missing = faults(withTemplate('    message: Hej\n    document: { file: finns-inte.typ }\n'));
    assert.deepEqual(missing, [
      '15:17 templates/0/document/file Filen finns-inte.typ finns inte bredvid konfigurationsfilen, eller är för stor.',
    ]);
  });

  it('are read beside the configuration file only, whatever links lie there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'brevduva-mallar-'));
    await writeFile(join(folder, 'a.typ'), '= Å');
    await symlink('/etc/passwd', join(folder, 'ut.typ'));
    const files = filesBeside(folder);
    assert.deepEqual(
      [files('a.typ'), files('ut.typ'), files('../x'), files('finns-inte'), files('.')],
      ['= Å', undefined, undefined, undefined, undefined],
    );
    await rm(folder, { recursive: true });
  });

  it('whose document cannot be typeset are refused with line and message', async () => {
    const document = '#import "/brevduva.typ": letter, value\n#show: letter\n#vale("Namn")\n';
    const configuration = read(withTemplate(`    message: Hej\n    document: ${JSON.stringify(document)}\n`));
    await assert.rejects(requireTemplates(configuration), (error: AppError) => {
      assert.equal(error.code, 'HUB_CONFIGURATION_INVALID');
      assert.deepEqual(error.faults, [
        {
          code: 'HUB_CONFIGURATION_FAULT',
          path: 'templates/skolval/document',
          text: 'Mallens dokument har ett fel. (rad 3: unknown variable: vale)',
        },
      ]);
      return true;
    });
    const sound = read(
      withTemplate(`    message: Hej\n    document: ${JSON.stringify(document.replace('vale', 'value'))}\n`),
    );
    await requireTemplates(sound);
  });
});
