import { AppError, type Fault, inTransaction, type Queryable } from '@brevduva/base';
import { distinctContents, type PreparedContent } from '../content.ts';
import { type HandIn, judge } from '../intake/accept.ts';
import { fault, readDraft } from '../intake/draft.ts';
import type { BusinessSystem } from '../organisation/businessSystem.ts';
import { insertRecipients, type RecipientRow } from '../sql/mailingRecipients.ts';
import { type FillOptions, requireFilling, withShared } from './fill.ts';
import type { MailingKey } from './mailing.ts';
import { ownRecipient } from './prepareContent.ts';

/** A letter with content of its own, under an id that is the same however often it is handed in. */
export interface OwnLetter {
  readonly id: string;
  readonly handIn: Pick<HandIn, 'json' | 'parts'>;
}

export interface OwnLettersAnswer {
  readonly added: ReadonlySet<string>;
  /** By the letter's id. */
  readonly faults: ReadonlyMap<string, readonly Fault[]>;
}

export interface OwnLettersOptions extends FillOptions {
  /** Asked in the transaction that stores: which of the sound letters are to be added. */
  readonly reserve: (client: Queryable, ids: readonly string[]) => Promise<ReadonlySet<string>>;
}

/** So many are judged at once: the PDF inspector has a few processes. */
const JUDGED_AT_ONCE = 8;

/**
 * Adds a bunch of letters to a mailing with one statement: for ways in that read a hundred thousand files one after the other. Sound ones
 * are added, the others told. Nobody else may fill the mailing meanwhile; who is there already must not be handed in again.
 *
 * @throws AppError HUB_MAILING_NOT_FILLING, HUB_MAILING_CANCELLED, HUB_MAILING_NOT_FOUND, BASE_OVERLOADED
 */
export async function addOwnLetters(
  mailing: MailingKey,
  letters: readonly OwnLetter[],
  system: BusinessSystem,
  options: OwnLettersOptions,
): Promise<OwnLettersAnswer> {
  const faults = new Map<string, readonly Fault[]>();
  const sound: { row: RecipientRow; contents: readonly PreparedContent[] }[] = [];
  for (let start = 0; start < letters.length; start += JUDGED_AT_ONCE) {
    const bunch = letters.slice(start, start + JUDGED_AT_ONCE);
    const judged = await Promise.all(bunch.map((letter) => judgeOwn(letter, system, options)));
    for (const [n, { id }] of bunch.entries()) {
      const found = judged[n];
      if (found === undefined) continue;
      if ('faults' in found) faults.set(id, found.faults);
      else sound.push(found);
    }
  }
  const answer = await inTransaction(options.pool, async (client) => {
    const facts = await requireFilling(client, mailing);
    const measured = sound.map(({ row, contents }) => {
      const { envelopeBytes, tooLarge } = withShared(row.envelopeBytes, facts);
      return { row: { ...row, envelopeBytes }, contents, tooLarge };
    });
    for (const { row, tooLarge } of measured) if (tooLarge !== undefined) faults.set(row.id, [tooLarge]);
    const fitting = measured.filter(({ tooLarge }) => tooLarge === undefined);
    const ids = fitting.map(({ row }) => row.id);
    const wanted = await options.reserve(client, ids);
    const rows = fitting.filter(({ row }) => wanted.has(row.id));
    const added = await insertRecipients(
      client,
      mailing,
      rows.map(({ row }) => row),
      distinctContents(rows.flatMap((each) => each.contents)),
    );
    return { added, wanted };
  });
  for (const id of answer.wanted) {
    if (!answer.added.has(id)) faults.set(id, [fault('HUB_MAILING_DUPLICATE', 'recipient')]);
  }
  return { added: answer.added, faults };
}

async function judgeOwn({ id, handIn }: OwnLetter, system: BusinessSystem, options: FillOptions) {
  const read = readDraft(handIn.json, handIn.parts);
  try {
    const { letter } = await judge(read.draft, read.faults, system, options);
    return ownRecipient({ ...letter, id }, system.organisationId, options.content);
  } catch (error) {
    if (!(error instanceof AppError) || error.faults.length === 0) throw error;
    return { faults: error.faults };
  }
}
