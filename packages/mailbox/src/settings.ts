import { type AppError, appError, type Fault } from '@brevduva/base';
import {
  DEFAULT_ALGORITHMS,
  ENVELOPE_BYTES_MAX,
  parseOrganizationNumber,
  type SignatureAlgorithm,
} from '@brevduva/protocol';
import type { Brand } from '@brevduva/ui';
import type { OperatorRules } from './deliver/facts.ts';
import { ERRORS } from './errors.ts';

/** What makes one operator differ from another: all of it configuration. */
export interface OperatorSettings {
  organizationNumber: string;
  name: string;
  /** Internet domain by which FaR knows the operator (`AccountRequest/ServiceSupplier`). */
  domain?: string;
  /** How its web mailbox looks; unless given, the operator's name, a mailbox and a header in full colour. */
  brand?: Partial<Omit<Brand, 'home'>>;
  /** Default true. False: a body in text/html is refused with 5019. */
  acceptHtml?: boolean;
  /** Waits so long before it answers a delivery; the letter is committed already. Default 0. */
  delayMs?: number;
  /** Default RSA-SHA256 alone; SHA-1 only by naming it (FACTS n.7). */
  signatureAlgorithms?: readonly SignatureAlgorithm[];
  /** Default PDF, Word and calendar files (FACTS f). */
  attachmentTypes?: readonly string[];
  /** Default and most: 2 097 152 bytes of whole SOAP envelope (FACTS f). */
  envelopeBytesMax?: number;
  /** Default true: the inner signature may be a dispatcher's that serves the sender (FACTS n.8). */
  acceptDispatcherSignature?: boolean;
  /** How old the copy of FaR's senders and dispatchers may become. Default 300 000; 1000 to 86 400 000. */
  authorityRefreshMs?: number;
  /** How long the same notice counts as sent twice, not said twice. Default 604 800 000, a week; 0 to 31 536 000 000. */
  noticeDuplicateMs?: number;
  /** How many may get a forwarded letter in one call. Default 10; 1 to 1000. */
  forwardRecipientsMax?: number;
  /** Default false. True: a forwarded letter whose certificates have expired since is judged as of the day in its seal. */
  acceptExpiredOriginals?: boolean;
  /** Default false. True: a dispatcher or sender may ask which of its own deliveries have been opened (docs/read-status.md). */
  tellsReadStatus?: boolean;
}

/** The settings with every default filled in. */
export interface Operator extends OperatorRules {
  organizationNumber: string;
  name: string;
  domain: string | undefined;
  brand: Brand;
  delayMs: number;
  signatureAlgorithms: readonly SignatureAlgorithm[];
  authorityRefreshMs: number;
  noticeDuplicateMs: number;
  acceptExpiredOriginals: boolean;
  tellsReadStatus: boolean;
}

export const ATTACHMENT_TYPES: readonly string[] = [
  'application/pdf',
  'application/msword',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.template',
  'text/calendar',
];

const DELAY_MS_MAX = 600_000;
const AUTHORITY_REFRESH_MS = 300_000;
const AUTHORITY_REFRESH_MS_MIN = 1000;
const AUTHORITY_REFRESH_MS_MAX = 86_400_000;
const NOTICE_DUPLICATE_MS = 604_800_000;
const NOTICE_DUPLICATE_MS_MAX = 31_536_000_000;
/** Family and an accountant; the contract's thousand would store the whole letter a thousand times. */
const FORWARD_RECIPIENTS_MAX = 10;
/** A DeliveryHeader names no more. */
const RECIPIENTS_MAX = 1000;

/** @throws AppError MAILBOX_SETTINGS with every fault at once. */
export function readOperator(settings: OperatorSettings): Operator {
  const faults = operatorFaults(settings);
  if (faults.length > 0) {
    throw appError(ERRORS, 'MAILBOX_SETTINGS', { faults, detail: faults.map((fault) => fault.path).join(', ') });
  }
  return {
    organizationNumber: settings.organizationNumber,
    name: settings.name,
    domain: settings.domain,
    brand: { name: settings.name, logo: 'mailbox', header: 'filled', ...settings.brand, home: '/' },
    acceptHtml: settings.acceptHtml ?? true,
    acceptDispatcherSignature: settings.acceptDispatcherSignature ?? true,
    attachmentTypes: settings.attachmentTypes ?? ATTACHMENT_TYPES,
    envelopeBytesMax: settings.envelopeBytesMax ?? ENVELOPE_BYTES_MAX,
    delayMs: settings.delayMs ?? 0,
    signatureAlgorithms: settings.signatureAlgorithms ?? DEFAULT_ALGORITHMS,
    authorityRefreshMs: settings.authorityRefreshMs ?? AUTHORITY_REFRESH_MS,
    noticeDuplicateMs: settings.noticeDuplicateMs ?? NOTICE_DUPLICATE_MS,
    forwardRecipientsMax: settings.forwardRecipientsMax ?? FORWARD_RECIPIENTS_MAX,
    acceptExpiredOriginals: settings.acceptExpiredOriginals ?? false,
    tellsReadStatus: settings.tellsReadStatus ?? false,
  };
}

/** For an operator whose persons act by themselves, and whom FaR would know by nothing. */
export function missingDomain(): AppError {
  const fault = {
    code: 'MAILBOX_SETTINGS',
    path: 'operator.domain',
    text: 'Ange den domän som FaR känner operatören som.',
  };
  return appError(ERRORS, 'MAILBOX_SETTINGS', { faults: [fault], detail: fault.path });
}

function operatorFaults(settings: OperatorSettings): Fault[] {
  const { organizationNumber, name, delayMs = 0, envelopeBytesMax = ENVELOPE_BYTES_MAX } = settings;
  const rules: [path: string, holds: boolean, text: string][] = [
    ['organizationNumber', isOrganization(organizationNumber), 'Ange 16 och tio siffror med rätt kontrollsiffra.'],
    ['name', name.trim().length >= 2, 'Ange operatörens namn.'],
    ['delayMs', Number.isInteger(delayMs) && delayMs >= 0 && delayMs <= DELAY_MS_MAX, 'Ange 0–600000 millisekunder.'],
    ['envelopeBytesMax', envelopeBytesMax > 0 && envelopeBytesMax <= ENVELOPE_BYTES_MAX, 'Ange högst 2097152 byte.'],
    ...BOUNDS.map(({ name, min, max }): [string, boolean, string] => [
      name,
      isBetween(settings[name] ?? min, min, max),
      `Ange ett heltal, ${min}–${max}.`,
    ]),
    ['signatureAlgorithms', settings.signatureAlgorithms?.length !== 0, 'Ange minst en algoritm.'],
  ];
  return rules
    .filter(([, holds]) => !holds)
    .map(([path, , text]) => ({ code: 'MAILBOX_SETTINGS', path: `operator.${path}`, text }));
}

const BOUNDS = [
  { name: 'authorityRefreshMs', min: AUTHORITY_REFRESH_MS_MIN, max: AUTHORITY_REFRESH_MS_MAX },
  { name: 'noticeDuplicateMs', min: 0, max: NOTICE_DUPLICATE_MS_MAX },
  { name: 'forwardRecipientsMax', min: 1, max: RECIPIENTS_MAX },
] as const;

function isBetween(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

/** The number as the certificate has it: twelve characters. */
function isOrganization(text: string): boolean {
  const parsed = parseOrganizationNumber(text);
  return parsed.ok && parsed.id === text;
}
