import { readMailAddress, SMS_PARTS_MAX } from '@brevduva/base';
import {
  FIRST_PAGES,
  FLOW_ENVELOPES,
  LANES,
  type Lane,
  NOTICE_CHANNELS,
  type SendWindow,
  type SupportInfo,
  UNREAD_ACTIONS,
} from '../letter.ts';
import { DEFAULT_NOTICE, type NoticeSettings, type OrganisationNotices } from '../notices/noticeSettings.ts';
import { checkPostalAddress, type PostalAddress } from '../paper/address.ts';
import { ENVELOPE_KINDS } from '../paper/printLayout.ts';
import { PAPER_FORMATS } from '../paper/printSheet.ts';
import { DEFAULT_PRICES, type Prices } from '../prices.ts';
import type {
  CredentialSettings,
  FlowSettings,
  OrganisationConfiguration,
  OrganisationSettings,
  SystemSettings,
  UnitSettings,
} from './configuration.ts';
import { CREDENTIAL_KINDS } from './credential.ts';
import type { ReadFileBeside } from './filesBeside.ts';
import { type ObjectReader, type PathFault, readObject } from './objectReader.ts';
import { readCreditor } from './readCreditor.ts';
import { readDispatcher } from './readDispatcher.ts';
import { readOrganizationNumber } from './readOrganizationNumber.ts';
import { readPrintLayout } from './readPrintLayout.ts';
import { readPrintShop } from './readPrintShop.ts';
import { readTemplate } from './readTemplate.ts';
import { checkWaysIn } from './waysIn.ts';

/** Lower-case letters, digits and hyphens: a code stands in addresses, folders and login names. */
const CODE = {
  pattern: /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
  patternText: 'ska ha 1–40 tecken: a–z, 0–9 och bindestreck inuti',
};
const TIME_OF_DAY = { pattern: /^(?:[01]\d|2[0-3]):[0-5]\d$/, patternText: 'ska vara ett klockslag, som 08:00' };
const ENVELOPE_CODE = { pattern: /^[0-9A-Z-]{1,20}$/, patternText: 'ska ha 1–20 siffror, versaler eller bindestreck' };
const PHONE = { pattern: /^[+0-9][0-9 ()-]{4,29}$/, patternText: 'ska vara ett telefonnummer' };
const EMAIL = { pattern: /^[^\s@]+@[^\s@]+\.[^\s@.]+$/, patternText: 'ska vara en e-postadress' };
const WEB_ADDRESS = { pattern: /^https?:\/\/[^\s/]+\.[^\s]+$/, patternText: 'ska vara en webbadress' };
const TIMESTAMP = {
  pattern: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/,
  patternText: 'ska vara en tidpunkt med tidszon, som 2027-01-31T00:00:00+01:00',
};
const SHA256 = {
  pattern: /^(?:[0-9a-f]{64}|[0-9A-F]{64}|(?:[0-9A-F]{2}:){31}[0-9A-F]{2}|SHA256:[A-Za-z0-9+/]{43}=?)$/,
  patternText:
    'ska vara en SHA-256 (64 hexadecimala siffror, eller SHA256:…). En nyckel i klartext får aldrig stå i filen',
};
const LANE_NAMES = Object.keys(LANES) as Lane[];
const WEIGHT = { min: 1, max: 100 };
const CASE_HOURS = { min: 1, max: 720 };
const NAME_CHARS_MIN = 2;

/** Reads a configuration from plain values, in their order; every fault of shape goes to `faults`. What refers to what is judged later. */
export function readSettings(value: unknown, faults: PathFault[], files?: ReadFileBeside): OrganisationConfiguration {
  const top = readObject(value, '', faults);
  const configuration = {
    organisation: readOrganisation(top.object('organisation')),
    units: top.objects('units').map(readUnit),
    templates: top.objects('templates').map((at) => readTemplate(at, CODE, files)),
    printShops: top.objects('printShops').map((at) => readPrintShop(at, { code: CODE, timeOfDay: TIME_OF_DAY })),
    flows: top.objects('flows').map(readFlow),
    systems: top.objects('systems').map(readSystem),
  };
  top.end();
  return configuration;
}

function readOrganisation(at: ObjectReader): OrganisationSettings {
  const settings = {
    number: readOrganizationNumber(at),
    name: readName(at),
    returnAddress: readAddress(at.object('returnAddress')),
    support: readSupport(at.object('support')),
    laneWeights: readWeights(at.optionalObject('laneWeights')),
    prices: readPrices(at.optionalObject('prices')),
    creditor: readCreditor(at.optionalObject('creditor')),
    printLayouts: at.objects('printLayouts').map((layout) => readPrintLayout(layout, CODE)),
    dispatchers: at.objects('dispatchers').map((one) => readDispatcher(one, CODE)),
    notices: readNotices(at.optionalObject('notices')),
  };
  at.end();
  return settings;
}

function readName(at: ObjectReader): string {
  const name = at.text('name');
  if (name.length === 1) at.fault('name', `Namnet ska ha minst ${NAME_CHARS_MIN} tecken.`);
  return name;
}

function readAddress(at: ObjectReader): PostalAddress {
  const lines = at.texts('lines');
  const checked = checkPostalAddress({
    name: at.optionalText('name'),
    careOf: at.optionalText('careOf'),
    lines,
    postalCode: at.optionalText('postalCode'),
    city: at.optionalText('city'),
    country: at.optionalText('country'),
  });
  at.end();
  if (checked.ok) return checked.address;
  for (const { path, text } of checked.faults) at.fault(path, text);
  return { name: '', lines, city: '' };
}

function readSupport(at: ObjectReader): SupportInfo {
  const url = at.optionalText('url', WEB_ADDRESS);
  const phone = at.optionalText('phone', PHONE);
  const email = at.optionalText('email', EMAIL);
  const support = {
    text: at.text('text'),
    ...(url === undefined ? {} : { url }),
    ...(phone === undefined ? {} : { phone }),
    ...(email === undefined ? {} : { email }),
  };
  at.end();
  return support;
}

const WEIGHT_DEFAULT = 10;

function readWeights(at: ObjectReader | undefined): OrganisationSettings['laneWeights'] {
  const weight = (lane: Lane) => at?.optionalInteger(lane, WEIGHT) ?? WEIGHT_DEFAULT;
  const weights = { interactive: weight('interactive'), normal: weight('normal'), bulk: weight('bulk') };
  at?.end();
  return weights;
}

/** Ten thousand kronor: a slip of the decimal point is seen. */
const PRICE = { min: 0, max: 1_000_000 };

function readPrices(at: ObjectReader | undefined): Prices | undefined {
  if (at === undefined) return undefined;
  const prices = {
    digital: at.integer('digital', PRICE),
    eInvoice: at.optionalInteger('eInvoice', PRICE) ?? DEFAULT_PRICES.eInvoice,
    postageEconomy: at.integer('postageEconomy', PRICE),
    postagePriority: at.integer('postagePriority', PRICE),
    envelope: at.integer('envelope', PRICE),
    sheet: at.integer('sheet', PRICE),
    smsPart: at.optionalInteger('smsPart', PRICE) ?? DEFAULT_PRICES.smsPart,
    email: at.optionalInteger('email', PRICE) ?? DEFAULT_PRICES.email,
  };
  at.end();
  return prices;
}

function readNotices(at: ObjectReader | undefined): OrganisationNotices | undefined {
  if (at === undefined) return undefined;
  const notices = {
    fromName: at.optionalText('fromName', { charsMax: FROM_NAME_CHARS_MAX }),
    replyTo: at.optionalText('replyTo'),
    smsHours: readWindow(at.optionalObject('smsHours')),
  };
  if (notices.replyTo !== undefined && readMailAddress(notices.replyTo) === undefined) {
    at.fault('replyTo', 'Fältet ska vara en e-postadress.');
  }
  at.end();
  return notices;
}

const FROM_NAME_CHARS_MAX = 100;

function readUnit(at: ObjectReader): UnitSettings {
  const unit = {
    code: at.text('code', CODE),
    name: readName(at),
    envelopeCode: at.optionalText('envelopeCode', ENVELOPE_CODE),
    envelopeSizes: readSizes(at),
  };
  at.end();
  return unit;
}

function readSizes(at: ObjectReader): UnitSettings['envelopeSizes'] {
  const written = at.texts('envelopeSizes');
  const sizes = ENVELOPE_KINDS.filter((kind) => written.includes(kind));
  if (sizes.length !== written.length) {
    at.fault('envelopeSizes', `Kuvertens storlekar är ${ENVELOPE_KINDS.join(', ')}, var och en högst en gång.`);
  }
  return sizes.length === 0 ? undefined : sizes;
}

/** Of a flow of which the file says only what it must. */
const HOURS_DEFAULT = 48;
const RETENTION_DAYS_DEFAULT = 365;

function readFlow(at: ObjectReader): FlowSettings {
  const flow: FlowSettings = {
    code: at.text('code', CODE),
    name: readName(at),
    unit: at.text('unit', CODE),
    channelPolicy: at.choice('channelPolicy', ['digitalFirst', 'digitalOnly', 'paperOnly'], 'digitalFirst'),
    templateCode: at.optionalText('template', CODE),
    defaultSubject: at.optionalText('defaultSubject'),
    sensitivity: at.choice('sensitivity', ['normal', 'sensitive'], 'normal'),
    replyAllowed: at.flag('replyAllowed', false),
    retentionDays: at.optionalInteger('retentionDays', { min: 1, max: 3650 }) ?? RETENTION_DAYS_DEFAULT,
    postageClass: at.choice('postageClass', ['economy', 'priority'], 'economy'),
    printLayout: at.optionalText('printLayout', CODE),
    paperFormat: at.choice('paperFormat', PAPER_FORMATS, 'letter'),
    duplex: at.flag('duplex', true),
    colour: at.flag('colour', false),
    firstPage: at.choice('firstPage', FIRST_PAGES, 'cover'),
    envelope: at.choice('envelope', FLOW_ENVELOPES, 'window'),
    pdfAccessibility: at.choice('pdfAccessibility', ['off', 'warn', 'stop'], 'off'),
    printShop: at.optionalText('printShop', CODE),
    notification: at.choice('notification', ['none', 'noticeOnly', 'withLetter', 'whenUnread'], 'none'),
    notice: readNotice(at.optionalObject('notice')),
    digitalHours: at.optionalInteger('digitalHours', CASE_HOURS) ?? HOURS_DEFAULT,
    caseHours: at.optionalInteger('caseHours', CASE_HOURS) ?? HOURS_DEFAULT,
    lifetimeHours: at.optionalInteger('lifetimeHours', { min: 1, max: 8760 }),
    eInvoice: at.flag('eInvoice', false),
    eInvoiceWaitHours: at.optionalInteger('eInvoiceWaitHours', EINVOICE_WAIT_HOURS),
    eInvoiceVatPercent: readVatPercent(at),
    dispatcher: at.optionalText('dispatcher', CODE),
    approvalOver: at.optionalInteger('approvalOver', { min: 0, max: 10_000_000 }),
    lane: at.choice('lane', LANE_NAMES, 'interactive'),
    sendWindow: readWindow(at.optionalObject('sendWindow')),
    schedulingAllowed: at.flag('schedulingAllowed', true),
    unreadDays: at.optionalInteger('unreadDays', { min: 1, max: 365 }),
    unreadAction: at.choice('unreadAction', UNREAD_ACTIONS, 'nothing'),
    unreadUntold: at.choice('unreadUntold', ['nothing', 'case'], 'nothing'),
    onFlaggedAddress: at.choice('onFlaggedAddress', ['case', 'send'], 'case'),
  };
  at.end();
  return flow;
}

/** Longer than a letter waits for any register, before a person has it (pipeline.ts), would mean nothing. */
const EINVOICE_WAIT_HOURS = { min: 1, max: 72 };
/** What is exempt, and the rates there are in Sweden (SE-R-006). */
const VAT_PERCENTS = [0, 6, 12, 25];

function readVatPercent(at: ObjectReader): number | undefined {
  const percent = at.optionalInteger('eInvoiceVatPercent', { min: 0, max: 100 });
  if (percent === undefined || VAT_PERCENTS.includes(percent)) return percent;
  at.fault('eInvoiceVatPercent', `Momsen ska vara någon av ${VAT_PERCENTS.join(', ')} procent.`);
  return undefined;
}

const WORDS_MAX = 200;
const DOMAINS_MAX = 50;
const DOMAIN = {
  pattern: /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,}$/u,
  patternText: 'ska vara en domän, som kommun.se',
};

function readNotice(at: ObjectReader | undefined): NoticeSettings | undefined {
  if (at === undefined) return undefined;
  const channels = at.has('channels') ? at.texts('channels') : DEFAULT_NOTICE.channels;
  if (channels.length === 0) at.fault('channels', 'Listan är tom.');
  if (new Set(channels).size < channels.length) at.fault('channels', 'Samma kanal står två gånger.');
  const known = NOTICE_CHANNELS.filter((channel) => channels.includes(channel));
  const isKnown = channels.every((name) => known.some((channel) => channel === name));
  if (!isKnown) at.fault('channels', `Här kan stå: ${NOTICE_CHANNELS.join(', ')}.`);
  const notice: NoticeSettings = {
    channels: known.toSorted((a, b) => channels.indexOf(a) - channels.indexOf(b)),
    failure: at.choice('failure', ['none', 'case'], 'none'),
    smsHours: readWindow(at.optionalObject('smsHours')),
    forbiddenWords: at.texts('forbiddenWords'),
    linkDomains: at.texts('linkDomains', DOMAIN),
    smsPartsMax: at.optionalInteger('smsPartsMax', { min: 1, max: SMS_PARTS_MAX }) ?? DEFAULT_NOTICE.smsPartsMax,
  };
  const tooMany = (field: string, items: readonly string[], max: number) => {
    if (items.length > max) at.fault(field, `Listan har fler än ${max} rader.`);
  };
  tooMany('forbiddenWords', notice.forbiddenWords, WORDS_MAX);
  tooMany('linkDomains', notice.linkDomains, DOMAINS_MAX);
  at.end();
  return notice;
}

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

function readWindow(at: ObjectReader | undefined): SendWindow | undefined {
  if (at === undefined) return undefined;
  const from = at.text('from', TIME_OF_DAY);
  const to = at.text('to', TIME_OF_DAY);
  if (from !== '' && from === to) at.fault('to', 'Fönstret är tomt: det stänger när det öppnar.');
  const days = at.integers('weekdays', { min: 1, max: 7 });
  if (new Set(days).size < days.length) at.fault('weekdays', 'Samma veckodag står två gånger.');
  at.end();
  return { from, to, weekdays: days.length === 0 ? EVERY_DAY : days.toSorted((a, b) => a - b) };
}

function readSystem(at: ObjectReader): SystemSettings {
  const flows = at.texts('flows', CODE);
  const system: SystemSettings = {
    code: at.text('code', CODE),
    name: readName(at),
    unit: at.optionalText('unit', CODE),
    lane: at.choice('lane', LANE_NAMES, 'interactive'),
    flows,
    waysIn: checkWaysIn(at, { flows }),
    credentials: at.has('credentials') ? at.objects('credentials').map(readCredential) : undefined,
  };
  at.end();
  return system;
}

function readCredential(at: ObjectReader): CredentialSettings {
  const credential = {
    kind: at.choice('kind', CREDENTIAL_KINDS),
    sha256: plainHash(at.text('sha256', SHA256)),
    label: at.optionalText('label') ?? '',
    validFrom: readTimestamp(at, 'validFrom'),
    validUntil: readTimestamp(at, 'validUntil'),
  };
  const { validFrom, validUntil } = credential;
  if (validFrom !== undefined && validUntil !== undefined && validFrom >= validUntil) {
    at.fault('validUntil', 'Giltigheten slutar innan den börjar.');
  }
  at.end();
  return credential;
}

/** As openssl, ssh-keygen and sha256sum each write it; kept in one form. */
function plainHash(text: string): string {
  if (!text.startsWith('SHA256:')) return text.replaceAll(':', '').toLowerCase();
  return Buffer.from(text.slice('SHA256:'.length), 'base64').toString('hex');
}

function readTimestamp(at: ObjectReader, field: string): string | undefined {
  const text = at.optionalText(field, TIMESTAMP);
  if (text === undefined) return undefined;
  const time = new Date(text);
  // Date.parse takes 31 February for 3 March; a time that is not written back alike does not exist.
  const [, day = ''] = /^\d{4}-\d{2}-(\d{2})/.exec(text) ?? [];
  const atNoon = new Date(`${text.slice(0, 10)}T12:00:00Z`);
  if (!Number.isNaN(time.getTime()) && atNoon.getUTCDate() === Number(day)) return time.toISOString();
  at.fault(field, 'Tidpunkten finns inte.');
  return undefined;
}
