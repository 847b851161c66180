import type { OrganizationNumber } from '@brevduva/protocol';
import { LANES, type Lane } from '../../src/letter.ts';
import {
  type CredentialSettings,
  type FlowSettings,
  type OrganisationConfiguration,
  type SystemSettings,
  sortConfiguration,
} from '../../src/organisation/configuration.ts';
import { CREDENTIAL_KINDS } from '../../src/organisation/credential.ts';
import { STANDARD_LAYOUT } from '../../src/paper/printLayout.ts';
import { type HandOver, PROMISES } from '../../src/printShop/printShop.ts';

export type Random = (below: number) => number;

/** The same numbers for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((((t ^ (t >>> 14)) >>> 0) * below) / 2 ** 32) | 0;
  };
}

/** Texts that file formats stumble on. */
const TEXTS = [
  'Bygglov',
  'no',
  '0800',
  '1e3',
  'null',
  '~',
  '- a',
  'a: b',
  '# inte en kommentar',
  '"citat"',
  "O'Hara",
  '{a}',
  '[b]',
  '&x',
  '*x',
  '!tag',
  'åäö ÅÄÖ é',
  '👍 bra',
  'a  b',
  '%',
  '@x',
  '`x`',
  'true',
  '2026-01-01',
  '|',
  '>',
  '\\n',
  'x'.repeat(255),
  '0x1f',
  '.5',
  '=',
];
/** Of organisations that are no sender in the tests. */
const DISPATCHER_NUMBERS = ['165568402266', '165591628135'];
const LANE_NAMES = Object.keys(LANES) as Lane[];

/** A configuration that is right, of any shape and size up to a dozen of each. */
export function randomConfiguration(number: OrganizationNumber, random: Random): OrganisationConfiguration {
  const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
  const maybe = <T>(make: () => T): T | undefined => (random(2) === 0 ? make() : undefined);
  const between = (min: number, max: number) => min + random(max - min + 1);
  const codes = (prefix: string, max: number) => {
    const all = Array.from({ length: 12 }, (_, n) => `${prefix}${n === 3 ? '-x' : ''}${n}`);
    return all.filter(() => random(12) < max).concat(`${prefix}-alltid`);
  };
  const name = () => `${pick(TEXTS)} ${random(100)}`.slice(0, 255);
  const units = codes('e', 6).map((code, n) => ({
    code,
    name: name(),
    envelopeCode: maybe(() => `${n}-${random(1e6)}`),
    envelopeSizes: maybe(() => ['C5' as const, 'C4' as const].slice(random(2))),
  }));
  const templates = codes('m', 4).map((code) => ({
    code,
    name: name(),
    language: pick(['svSE', 'en-GB']),
    subject: 'Till {Namn}',
    contentType: 'text/plain' as const,
    message: `Hej {Namn}!\n\n  ${name().replace(/[{}]/g, '$&$&')}\nMed vänlig hälsning\n`,
    // Trying one takes a process; the tests of templates do.
    document: undefined,
  }));
  const creditor = maybe(() => ({
    vatNumber: 'SE202100474801',
    ...(random(2) === 0 ? { endpoint: '0007:2021004748' } : {}),
    vatExemption: 'Momsfri kommunal avgift',
  }));
  const printLayouts = codes('l', 2)
    .filter(() => random(2) === 0)
    .map((code) => ({ ...STANDARD_LAYOUT, code, sheetWeightGrams: pick([5, 5.6]), marginMm: random(6) }));
  const printShops = codes('t', 2).map((code) => ({
    code,
    name: name(),
    handOver: pick<HandOver>([
      { way: 'folder' },
      {
        way: 'sftp',
        host: 'tryck.example',
        port: between(1, 65_535),
        user: 'kommun_a',
        hostKey: `SHA256:${'a'.repeat(43)}`,
        directory: pick(['.', '/in', 'a/b']),
      },
    ]),
    cutOffs: pick([[], [{ at: '14:00', weekdays: [1, 2, 3, 4, 5] }]]),
    lettersMax: between(1, 100_000),
    files: pick(['one', 'each'] as const),
    batchBy: pick([[], ['envelope', 'postage'] as const, ['unit'] as const]),
    receipts: pick(PROMISES),
    acknowledgedHours: between(1, 720),
    producedHours: between(1, 720),
    postedHours: between(1, 720),
  }));
  const unitCodes = units.map(({ code }) => code);
  const flow = (code: string): FlowSettings => {
    const isPaper = random(4) === 0;
    const isEInvoice = !isPaper && random(2) === 0;
    const sensitivity = pick(['normal', 'sensitive'] as const);
    const owner = pick(units);
    const notifications =
      sensitivity === 'normal'
        ? (['none', 'noticeOnly', 'withLetter', 'whenUnread'] as const)
        : (['none', 'withLetter'] as const);
    const channelPolicy = isPaper ? 'paperOnly' : pick(['digitalFirst', 'digitalOnly'] as const);
    const unread =
      channelPolicy === 'digitalFirst' && random(2) === 0
        ? {
            unreadDays: between(1, 365),
            unreadAction: 'print' as const,
            unreadUntold: pick(['case', 'nothing'] as const),
          }
        : { unreadDays: undefined, unreadAction: 'nothing' as const, unreadUntold: 'nothing' as const };
    const isCard = sensitivity === 'normal' && !isEInvoice && random(4) === 0;
    return {
      code,
      name: name(),
      unit: owner.code,
      channelPolicy,
      templateCode: maybe(() => pick(templates).code),
      defaultSubject: maybe(() => pick(TEXTS)),
      sensitivity,
      replyAllowed: random(2) === 0,
      retentionDays: between(366, 3650),
      postageClass: pick(['economy', 'priority']),
      printLayout: !isCard && printLayouts.length > 0 ? maybe(() => pick(printLayouts).code) : undefined,
      paperFormat: isCard ? 'postcard' : 'letter',
      duplex: random(2) === 0,
      colour: random(2) === 0,
      firstPage: isCard ? 'cover' : pick(['cover', 'own', 'auto']),
      envelope: isCard || owner.envelopeCode === undefined ? 'window' : pick(['window', 'barcode']),
      pdfAccessibility: pick(['off', 'warn', 'stop']),
      // Of several, a flow names one.
      printShop: maybe(() => pick(printShops).code) ?? printShops[0]?.code,
      notification: isPaper ? 'none' : pick(notifications),
      notice: undefined,
      digitalHours: between(1, 720),
      caseHours: between(1, 720),
      lifetimeHours: maybe(() => between(1, 8760)),
      eInvoice: isEInvoice,
      eInvoiceWaitHours: isEInvoice ? maybe(() => between(1, 72)) : undefined,
      eInvoiceVatPercent: isEInvoice && creditor !== undefined ? maybe(() => pick([0, 6, 12, 25])) : undefined,
      dispatcher: code.length % 2 === 0 ? 'own' : undefined,
      approvalOver: maybe(() => random(1000)),
      lane: pick(LANE_NAMES),
      sendWindow: maybe(() => ({
        from: '08:00',
        to: `1${random(10)}:30`,
        weekdays: [1, 2, 3, 4, 5, 6, 7].slice(random(6)),
      })),
      schedulingAllowed: random(2) === 0,
      ...unread,
      onFlaggedAddress: pick(['case', 'send']),
    };
  };
  const flows = codes('f', 6).map(flow);
  const credential = (n: number): CredentialSettings => {
    const from = maybe(() => new Date(Date.UTC(2026, random(12), between(1, 28), random(24))).toISOString());
    return {
      kind: pick(CREDENTIAL_KINDS),
      // Of the organisation and its place, so that no two have the same.
      sha256: `${number}${String(n).padStart(4, '0')}${String(random(1e9)).padStart(9, '0')}`.padEnd(64, 'a'),
      label: pick(['', ...TEXTS]),
      validFrom: from,
      validUntil: maybe(() => new Date(Date.UTC(2028, random(12), 1)).toISOString()),
    };
  };
  const system = (code: string, n: number): SystemSettings => ({
    code,
    name: name(),
    unit: maybe(() => pick(unitCodes)),
    lane: pick(LANE_NAMES),
    flows: flows.map((one) => one.code).filter(() => random(2) === 0),
    waysIn: {},
    credentials: Array.from({ length: random(4) }, (_, m) => credential(n * 10 + m)),
  });
  const own = seededRandom(flows.length * 31 + units.length);
  const dispatchers = DISPATCHER_NUMBERS.slice(own(DISPATCHER_NUMBERS.length + 1)).map((dispatcher, n) => ({
    code: `d${n}`,
    number: dispatcher as OrganizationNumber,
    name: TEXTS[own(TEXTS.length)] ?? '',
    url: 'https://a.example/Message/v3',
    takes: own(2) === 0 ? ('digital' as const) : ('digitalAndPaper' as const),
    asksRegister: own(2) === 0 ? ('us' as const) : ('them' as const),
    addresses: own(2) === 0 ? ('register' as const) : ('metadata' as const),
    allFlows: n === 0 && own(2) === 0,
    pendingHours: 1 + own(720),
    pollFirstSeconds: 1 + own(3600),
    pollMinutesMax: 1 + own(1440),
  }));
  return sortConfiguration({
    organisation: {
      dispatchers,
      number,
      name: name(),
      returnAddress: { name: 'Kommun A', lines: ['Torget 1'], postalCode: '123 45', city: pick(['Staden', 'Örebro']) },
      support: {
        text: pick(TEXTS),
        ...(random(2) === 0 ? { url: 'https://a.example/x' } : {}),
        ...(random(2) === 0 ? { phone: '010-123 45 67' } : {}),
        ...(random(2) === 0 ? { email: 'a@b.example' } : {}),
      },
      notices: undefined,
      laneWeights: { interactive: between(1, 100), normal: between(1, 100), bulk: between(1, 100) },
      prices:
        between(0, 1) === 0
          ? undefined
          : {
              digital: between(0, 500),
              eInvoice: between(0, 500),
              postageEconomy: 700,
              postagePriority: 1500,
              envelope: 50,
              sheet: between(0, 99),
              smsPart: between(0, 100),
              email: between(0, 10),
            },
      creditor,
      printLayouts,
    },
    units,
    templates,
    printShops,
    flows,
    systems: codes('s', 5).map(system),
  });
}
