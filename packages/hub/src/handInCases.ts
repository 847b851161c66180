import { appError, type Clock, type Fault, type Pool } from '@brevduva/base';
import type { ContentStore } from './content.ts';
import { HUB_ERRORS } from './errors.ts';
import type { Intake } from './intake/accept.ts';
import { PDF_CONTENT_TYPE } from './intake/draft.ts';
import type { AddressInput } from './paper/address.ts';
import { discardHandInCase, type HandInCase, selectHandInCase } from './sql/handInCases.ts';
import { selectSystemById } from './sql/systems.ts';
import { recipientNumber } from './waysIn/printer/recipientNumber.ts';

/** What a person found out of what was handed in. Empty texts count as nothing said. */
export interface FoundOut {
  /** A number as people write it. */
  readonly recipient: string;
  readonly subject: string;
  readonly reference: string;
  readonly address: AddressInput;
  readonly protectedIdentity: boolean;
}

/** What a person does with a hand-in that did not become a letter by itself; of two at once, one is first and the other is told. */
export interface HandInCaseActions {
  /**
   * Hands the letter in under the key of its pages, through the same intake as every letter, and closes the case with it.
   *
   * @returns the letter's id.
   * @throws AppError HUB_LETTER_INVALID and HUB_LETTER_TOO_LARGE with every fault, HUB_CASE_CLOSED, HUB_CASE_NOT_FOUND
   */
  handIn(organisationId: string, caseId: string, by: string, found: FoundOut): Promise<string>;
  /**
   * Ends the case without a letter, with a word on why.
   *
   * @throws AppError HUB_LETTER_INVALID when no word is said, or too many; HUB_CASE_CLOSED, HUB_CASE_NOT_FOUND
   */
  discard(organisationId: string, caseId: string, by: string, note: string): Promise<void>;
}

export const NOTE_CHARACTERS_MAX = 500;
/** For what was handed in before its text was kept. */
const ANY_MESSAGE = 'Brevet finns i den bifogade filen.';

export function createHandInCaseActions(options: {
  readonly pool: Pool;
  readonly content: ContentStore;
  readonly intake: Intake;
  readonly clock: Clock;
}): HandInCaseActions {
  const { pool, content, intake, clock } = options;
  return {
    async handIn(organisationId, caseId, by, found) {
      const handIn = await requireOpen(pool, organisationId, caseId);
      const system = await selectSystemById(pool, organisationId, handIn.systemId);
      if (system === undefined) throw new Error(`system ${handIn.systemId} does not exist`);
      const { filename, hash, key } = handIn;
      const bytes = (await content.get(organisationId, [hash])).get(hash.toString('hex')) ?? Buffer.alloc(0);
      const { letterId } = await intake.accept(
        {
          json: letterOf(handIn, found, clock.now()),
          parts: [{ filename, contentType: PDF_CONTENT_TYPE, bytes }],
          faults: [],
          idempotencyKey: key,
          closes: { handInCaseId: caseId, by },
        },
        system,
      );
      return letterId;
    },
    async discard(organisationId, caseId, by, note) {
      await requireOpen(pool, organisationId, caseId);
      const faults = noteFaults(note);
      if (faults.length > 0) throw appError(HUB_ERRORS, 'HUB_LETTER_INVALID', { faults });
      const isClosed = await discardHandInCase(pool, organisationId, caseId, { by, note: note.trim() });
      if (!isClosed) throw appError(HUB_ERRORS, 'HUB_CASE_CLOSED');
    },
  };
}

async function requireOpen(pool: Pool, organisationId: string, caseId: string): Promise<HandInCase> {
  const found = await selectHandInCase(pool, organisationId, caseId);
  if (found === undefined) throw appError(HUB_ERRORS, 'HUB_CASE_NOT_FOUND');
  if (found.closedAt !== null) throw appError(HUB_ERRORS, 'HUB_CASE_CLOSED');
  return found;
}

/** As REST would have it: what was left empty is left out. */
function letterOf({ flowCode, detail }: HandInCase, found: FoundOut, now: Date): Record<string, unknown> {
  const [subject, reference] = [found.subject.trim(), found.reference.trim()];
  return {
    flow: flowCode,
    recipient: recipientNumber(found.recipient, now) ?? found.recipient.trim(),
    body: { text: detail.message ?? ANY_MESSAGE },
    ...(subject !== '' && { subject }),
    ...(reference !== '' && { reference }),
    ...(isWritten(found.address) && { address: found.address }),
    ...(found.protectedIdentity && { protectedIdentity: true }),
  };
}

function isWritten({ lines = [], ...fields }: AddressInput): boolean {
  return [...Object.values(fields), ...lines].some((text) => text !== undefined && text.trim() !== '');
}

/** What is wrong with a word on why something was ended by hand. */
export function noteFaults(note: string): Fault[] {
  const length = [...note.trim()].length;
  if (length === 0) return [noteFault('HUB_FIELD_REQUIRED')];
  if (/[^\P{Cc}\n\r\t]/u.test(note)) return [noteFault('HUB_FIELD_CHARACTER')];
  return length > NOTE_CHARACTERS_MAX ? [noteFault('HUB_FIELD_TOO_LONG')] : [];
}

function noteFault(code: 'HUB_FIELD_REQUIRED' | 'HUB_FIELD_CHARACTER' | 'HUB_FIELD_TOO_LONG'): Fault {
  return { code, path: 'note', text: HUB_ERRORS[code].text };
}
