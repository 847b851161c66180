import { AppError, type Fault, inTransaction, mapSome, type Pool, type Queryable } from '@brevduva/base';
import { distinctContents, type PreparedContent } from '../content.ts';
import { type HandIn, type JudgeOptions, judge, keptInvoiceXml } from '../intake/accept.ts';
import { fault, readDraft } from '../intake/draft.ts';
import type { BusinessSystem } from '../organisation/businessSystem.ts';
import { onceMoreIfErased } from '../sql/content.ts';
import { type IntakeFacts, selectIntakeFacts } from '../sql/intakeFacts.ts';
import { insertRecipients, type RecipientRow } from '../sql/mailingRecipients.ts';
import { type FillOptions, requireFilling, withShared } from './fill.ts';
import type { MailingKey } from './mailing.ts';
import { ownRecipient } from './prepareContent.ts';

/** A letter with content of its own, under an id that is the same however often it is handed in. */
export interface OwnLetter {
  readonly id: string;
  readonly handIn: Pick<HandIn, 'json' | 'parts' | 'invoiceXml'>;
}

/** By the letter's id. */
export type OwnFaults = ReadonlyMap<string, readonly Fault[]>;

/** Letters that have been judged by themselves, ready to be stored. */
export interface JudgedLetters {
  readonly sound: readonly { readonly row: RecipientRow; readonly contents: readonly PreparedContent[] }[];
  readonly faults: OwnFaults;
}

/** Which of the sound letters are to be added; asked in the transaction that stores them. */
export type ReserveLetters = (client: Queryable, ids: readonly string[]) => Promise<ReadonlySet<string>>;

/** So many are under way at once: enough for the processes that read PDFs never to wait, and no more in memory than that. */
const JUDGED_AT_ONCE = 16;

/**
 * Judges a bunch of letters for a mailing and seals their contents; nothing is stored. For ways in that read a hundred thousand files: the
 * next bunch is judged while {@link addOwnLetters} stores this one. The flow is asked for once for the whole bunch.
 *
 * @throws AppError BASE_OVERLOADED
 */
export async function judgeOwnLetters(
  letters: readonly OwnLetter[],
  system: BusinessSystem,
  options: FillOptions,
): Promise<JudgedLetters> {
  const factsOf = rememberFacts(options.pool, system);
  const judged = await mapSome(letters, JUDGED_AT_ONCE, (letter) => judgeOwn(letter, system, { ...options, factsOf }));
  const faults = letters.flatMap(({ id }, n) => {
    const found = judged[n];
    return found !== undefined && 'faults' in found ? [[id, found.faults] as const] : [];
  });
  return { sound: judged.flatMap((each) => ('faults' in each ? [] : [each])), faults: new Map(faults) };
}

/**
 * Adds judged letters to a mailing with one statement. Nobody else may fill the mailing meanwhile; who is there already must not be handed
 * in again.
 *
 * @returns what is wrong with letters that were sound by themselves.
 * @throws AppError HUB_MAILING_NOT_FILLING, HUB_MAILING_CANCELLED, HUB_MAILING_NOT_FOUND
 */
export async function addOwnLetters(
  mailing: MailingKey,
  sound: JudgedLetters['sound'],
  { pool, reserve }: { readonly pool: Pool; readonly reserve: ReserveLetters },
): Promise<OwnFaults> {
  const faults = new Map<string, readonly Fault[]>();
  const add = async (client: Queryable) => {
    const facts = await requireFilling(client, mailing);
    const measured = sound.map(({ row, contents }) => {
      const { envelopeBytes, tooLarge } = withShared(row.envelopeBytes, facts);
      return { row: { ...row, envelopeBytes }, contents, tooLarge };
    });
    for (const { row, tooLarge } of measured) if (tooLarge !== undefined) faults.set(row.id, [tooLarge]);
    const fitting = measured.filter(({ tooLarge }) => tooLarge === undefined);
    const ids = fitting.map(({ row }) => row.id);
    const wanted = await reserve(client, ids);
    const letters = fitting.filter(({ row }) => wanted.has(row.id));
    const contents = distinctContents(letters.flatMap((each) => each.contents));
    const rows = letters.map(({ row }) => row);
    return { added: await insertRecipients(client, mailing, rows, contents), wanted };
  };
  const { added, wanted } = await onceMoreIfErased(() => inTransaction(pool, add));
  for (const id of wanted) if (!added.has(id)) faults.set(id, [fault('HUB_MAILING_DUPLICATE', 'recipient')]);
  return faults;
}

/** Asks for each flow once. */
function rememberFacts(pool: Pool, system: BusinessSystem): NonNullable<JudgeOptions['factsOf']> {
  const asked = new Map<string, Promise<IntakeFacts>>();
  return (flowCode) => {
    const facts = asked.get(flowCode) ?? selectIntakeFacts(pool, system, flowCode);
    asked.set(flowCode, facts);
    return facts;
  };
}

async function judgeOwn({ id, handIn }: OwnLetter, system: BusinessSystem, options: FillOptions) {
  const read = readDraft(handIn.json, handIn.parts);
  try {
    const { letter, flow } = await judge(read.draft, read.faults, system, options);
    const xml = keptInvoiceXml(handIn.invoiceXml, letter, flow.facts);
    return ownRecipient({ ...letter, id }, system.organisationId, options.content, xml);
  } catch (error) {
    if (!(error instanceof AppError) || error.faults.length === 0) throw error;
    return { faults: error.faults };
  }
}
