import { appError, type Fault } from '@brevduva/base';
import { HUB_ERRORS } from '../errors.ts';
import { type JudgeOptions, judge } from '../intake/accept.ts';
import { type DraftAttachment, type LetterDraft, PDF_CONTENT_TYPE } from '../intake/draft.ts';
import type { ValidLetter } from '../intake/validate.ts';
import type { BusinessSystem } from '../organisation/businessSystem.ts';
import type { PdfComposer } from '../pdf/compose.ts';
import type { PdfInspector } from '../pdf/inspect.ts';
import { ANY_DAY } from '../pdf/templateLetter.ts';
import { selectIntakeFacts } from '../sql/intakeFacts.ts';
import type { EnvelopeSize } from '../sql/mailings.ts';
import type { MailingDraft } from './mailingDraft.ts';
import { base64Bytes, type MailingText, readMailingText } from './mailingText.ts';
import { withoutPlaceholders } from './placeholders.ts';
import { templateLetter } from './templateLetter.ts';

/** What a template makes each letter's own PDF of. */
export interface MailingDocument {
  readonly code: string;
  readonly filename: string;
  readonly source: string;
}

/** What judges a mailing, with the typesetter of its document. */
export interface JudgeMailingOptions extends JudgeOptions {
  readonly composer: Pick<PdfComposer, 'composeTemplate'>;
}

export interface SharedLetter {
  /** As a recipient would get it, with stand-ins in the places of values. */
  readonly letter: ValidLetter;
  readonly flowId: string;
  readonly envelope: EnvelopeSize;
  readonly text: MailingText;
  /** The body with its places open. */
  readonly body: { readonly contentType: string; readonly bytes: Buffer };
  readonly document: (MailingDocument & { readonly pages: number }) | undefined;
}

/**
 * What all recipients get is judged once, and measured without a reference and with two, which tells what any reference takes. A document
 * is typeset once as if it were nobody's: its PDF stands in for everybody's, and its bytes are taken off again, for each letter has its own.
 *
 * @throws AppError HUB_MAILING_INVALID with every fault
 */
export async function judgeShared(
  draft: MailingDraft,
  shapeFaults: readonly Fault[],
  system: BusinessSystem,
  options: JudgeMailingOptions,
  document?: MailingDocument,
): Promise<SharedLetter> {
  const { subject, body } = draft.letter;
  const read = readMailingText(subject ?? '', body, document?.source);
  const made =
    document && (await tryDocument(document, { ...draft.letter, subject: read.filledSubject }, system, options));
  const faults = [...shapeFaults, ...read.faults, ...(made?.faults ?? [])];
  const own = made?.attachment === undefined ? [] : [made.attachment];
  const attachments = [...own, ...draft.letter.attachments];
  const filled = {
    ...draft.letter,
    attachments,
    subject: subject === undefined ? undefined : read.filledSubject,
    body: { ...body, text: read.filledBody },
  };
  const pdf = oncePerFile(options.pdf);
  const of = async (changed: Partial<LetterDraft>) => {
    const letter = { ...filled, reference: undefined, address: STAND_IN_ADDRESS, ...changed };
    return judge(letter, faults, system, { ...options, pdf, notBefore: draft.notBefore }, draft.channelPolicy);
  };
  const { letter, flow } = await of({}).catch(asMailing);
  const [one, two, bare] = [
    await of({ reference: 'x' }),
    await of({ reference: 'xx' }),
    await of({ attachments: own }),
  ];
  const perByte = two.letter.envelopeBytes - one.letter.envelopeBytes;
  const reference = one.letter.envelopeBytes - letter.envelopeBytes - perByte;
  const sharedAttachments = letter.envelopeBytes - bare.letter.envelopeBytes;
  const ownBytes = own.reduce((sum, { bytes }) => sum + base64Bytes(bytes.length), 0);
  return {
    letter: { ...letter, attachments: letter.attachments.slice(own.length) },
    flowId: flow.id,
    envelope: { base: letter.envelopeBytes - ownBytes, reference, perByte, sharedAttachments },
    // The flow's own subject is a subject as it stands.
    text: { ...read.text, subject: subject ?? withoutPlaceholders(letter.subject) },
    body: { contentType: body.contentType, bytes: Buffer.from(body.text) },
    document: document && { ...document, pages: letter.attachments[0]?.pages ?? 0 },
  };
}

/** The letter is measured four times; its files are the same each time. */
function oncePerFile({ inspectPdf, close }: PdfInspector): PdfInspector {
  const known = new Map<Buffer, ReturnType<PdfInspector['inspectPdf']>>();
  return {
    inspectPdf(bytes) {
      const inspected = known.get(bytes) ?? inspectPdf(bytes);
      known.set(bytes, inspected);
      return inspected;
    },
    close,
  };
}

async function tryDocument(
  { source, filename }: MailingDocument,
  draft: LetterDraft & { readonly subject: string },
  system: BusinessSystem,
  { pool, composer }: JudgeMailingOptions,
): Promise<{ faults: Fault[]; attachment?: DraftAttachment }> {
  const { organisation, flow } = await selectIntakeFacts(pool, system, draft.flow.replaceAll('\0', ''));
  const { subject, language } = draft;
  const unitName = flow?.facts.unitName ?? '';
  const facts = { subject, language, reference: undefined, address: undefined, date: ANY_DAY, values: undefined };
  const made = await composer.composeTemplate(templateLetter(source, { organisation, flow: { unitName }, ...facts }));
  if ('faults' in made) return { faults: made.faults.map(({ code, text }) => ({ code, path: 'template', text })) };
  return { faults: [], attachment: { filename, contentType: PDF_CONTENT_TYPE, bytes: made.pdf } };
}

/** Sound, so that a flow that goes on paper has nothing to say of it. */
const STAND_IN_ADDRESS = { name: 'Namn', lines: ['Gatan 1'], postalCode: '111 11', city: 'Orten' };

function asMailing(error: unknown): never {
  const { code, faults } = error as { code?: string; faults?: readonly Fault[] };
  if (code !== 'HUB_LETTER_INVALID' && code !== 'HUB_LETTER_TOO_LARGE') throw error;
  throw appError(HUB_ERRORS, 'HUB_MAILING_INVALID', { faults: [...(faults ?? [])], cause: error });
}
