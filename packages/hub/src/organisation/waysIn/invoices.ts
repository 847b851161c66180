import type { ObjectReader } from '../objectReader.ts';
import type { WayInContext } from '../waysIn.ts';

/** Invoices as PEPPOL BIS Billing 3 has them, each with its PDF inside, left in the system's folder. */
export interface InvoicesSettings {
  /** The flow of all of them. */
  readonly flow: string;
  /** Where the recipient's number stands; tried in order until one finds something. */
  readonly recipient: readonly RecipientRule[];
  /** With `{document}`, `{number}` and `{sender}` in place of the invoice's own. */
  readonly subject: string;
  /** The text beside the PDF, with the same words in braces. */
  readonly message: string;
  /** `letter`: a credit note goes as a letter that asks for no payment. */
  readonly creditNotes: 'refuse' | 'letter';
}

/** A place for the customer's number: electronic address, party identification, or legal registration. */
export interface RecipientRule {
  readonly at: RecipientPlace;
  /** Only a number of this scheme; of any, or none, unless given. */
  readonly scheme?: string;
}

export const RECIPIENT_PLACES = ['endpoint', 'party', 'legalEntity'] as const;
export type RecipientPlace = (typeof RECIPIENT_PLACES)[number];

/** Swedish organisation numbers in the ISO 6523 list. */
const ORGANISATION_SCHEME = '0007';
/** A personal number has no scheme of its own in PEPPOL; where a system writes it is for the configuration to say. */
const RECIPIENT_DEFAULT: readonly RecipientRule[] = [
  { at: 'legalEntity', scheme: ORGANISATION_SCHEME },
  { at: 'endpoint', scheme: ORGANISATION_SCHEME },
  { at: 'party', scheme: ORGANISATION_SCHEME },
];
const SCHEME = { pattern: /^[A-Z0-9:]{1,20}$/, patternText: 'ska vara ett schema, till exempel 0007' };
const SUBJECT = '{document} {number} från {sender}';
const MESSAGE = '{document} {number} från {sender} finns i den bifogade filen.';
const MESSAGE_CHARACTERS_MAX = 1_000;
/** What may stand in braces. */
export const INVOICE_WORDS = ['document', 'number', 'sender'] as const;

/** Reads the part `invoices` of a system's ways in; faults go to the reader. */
export function readInvoices(part: ObjectReader, { flows }: WayInContext): InvoicesSettings {
  const flow = part.text('flow');
  if (flow !== '' && !flows.includes(flow)) part.fault('flow', `Systemet får inte skicka flödet ${flow}.`);
  const recipient = part.objects('recipient').map(readRule);
  return {
    flow,
    recipient: recipient.length > 0 ? recipient : RECIPIENT_DEFAULT,
    subject: readTemplate(part, 'subject') ?? SUBJECT,
    message: readTemplate(part, 'message', { charsMax: MESSAGE_CHARACTERS_MAX }) ?? MESSAGE,
    creditNotes: part.choice('creditNotes', ['refuse', 'letter'] as const, 'refuse'),
  };
}

function readRule(rule: ObjectReader): RecipientRule {
  const at = rule.choice('at', RECIPIENT_PLACES);
  const scheme = rule.optionalText('scheme', SCHEME);
  rule.end();
  return { at, ...(scheme !== undefined && { scheme }) };
}

function readTemplate(part: ObjectReader, field: string, rule: { charsMax?: number } = {}): string | undefined {
  const text = part.optionalText(field, rule);
  const unknown = [...(text ?? '').matchAll(/\{([^{}]*)\}/g)].filter(
    ([, word]) => !INVOICE_WORDS.some((each) => each === word),
  );
  for (const [whole] of unknown) {
    part.fault(field, `${whole} finns inte. Inom klamrar kan stå: ${INVOICE_WORDS.join(', ')}.`);
  }
  return text;
}
