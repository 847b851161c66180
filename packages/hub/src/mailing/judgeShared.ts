import { appError, type Fault } from '@brevduva/base';
import { HUB_ERRORS } from '../errors.ts';
import { type JudgeOptions, judge } from '../intake/accept.ts';
import type { LetterDraft } from '../intake/draft.ts';
import type { ValidLetter } from '../intake/validate.ts';
import type { BusinessSystem } from '../organisation/businessSystem.ts';
import type { EnvelopeSize } from '../sql/mailings.ts';
import type { MailingDraft } from './mailingDraft.ts';
import { type MailingText, readMailingText } from './mailingText.ts';
import { withoutPlaceholders } from './placeholders.ts';

export interface SharedLetter {
  /** As a recipient would get it, with stand-ins in the places of values. */
  readonly letter: ValidLetter;
  readonly flowId: string;
  readonly envelope: EnvelopeSize;
  readonly text: MailingText;
  /** The body with its places open. */
  readonly body: { readonly contentType: string; readonly bytes: Buffer };
}

/**
 * What all recipients get is judged once, and measured without a reference and with two, which tells what any reference takes.
 *
 * @throws AppError HUB_MAILING_INVALID with every fault
 */
export async function judgeShared(
  draft: MailingDraft,
  shapeFaults: readonly Fault[],
  system: BusinessSystem,
  options: JudgeOptions,
): Promise<SharedLetter> {
  const { subject, body } = draft.letter;
  const read = readMailingText(subject ?? '', body);
  const faults = [...shapeFaults, ...read.faults];
  const filled = {
    ...draft.letter,
    subject: subject === undefined ? undefined : read.filledSubject,
    body: { ...body, text: read.filledBody },
  };
  const of = async (changed: Partial<LetterDraft>) => {
    const letter = { ...filled, reference: undefined, address: STAND_IN_ADDRESS, ...changed };
    return judge(letter, faults, system, options, draft.channelPolicy);
  };
  const { letter, flow } = await of({}).catch(asMailing);
  const [one, two, bare] = [await of({ reference: 'x' }), await of({ reference: 'xx' }), await of({ attachments: [] })];
  const perByte = two.letter.envelopeBytes - one.letter.envelopeBytes;
  const reference = one.letter.envelopeBytes - letter.envelopeBytes - perByte;
  const sharedAttachments = letter.envelopeBytes - bare.letter.envelopeBytes;
  return {
    letter,
    flowId: flow.id,
    envelope: { base: letter.envelopeBytes, reference, perByte, sharedAttachments },
    // The flow's own subject is a subject as it stands.
    text: { ...read.text, subject: subject ?? withoutPlaceholders(letter.subject) },
    body: { contentType: body.contentType, bytes: Buffer.from(body.text) },
  };
}

/** Sound, so that a flow that goes on paper has nothing to say of it. */
const STAND_IN_ADDRESS = { name: 'Namn', lines: ['Gatan 1'], postalCode: '111 11', city: 'Orten' };

function asMailing(error: unknown): never {
  const { code, faults } = error as { code?: string; faults?: readonly Fault[] };
  if (code !== 'HUB_LETTER_INVALID' && code !== 'HUB_LETTER_TOO_LARGE') throw error;
  throw appError(HUB_ERRORS, 'HUB_MAILING_INVALID', { faults: [...(faults ?? [])], cause: error });
}
