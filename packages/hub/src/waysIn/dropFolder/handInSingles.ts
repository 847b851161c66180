import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { judge } from '../../intake/accept.ts';
import { readDraft } from '../../intake/draft.ts';
import { selectHandedInFiles } from '../../sql/fileLetters.ts';
import { isThere } from './folders.ts';
import {
  faultsOf,
  type HandInContext,
  heldBack,
  isRead,
  type ReadLetter,
  readLetter,
  refusedRow,
  resultRow,
} from './handIn.ts';
import type { OpenDelivery } from './openDelivery.ts';
import type { ResultRow } from './result.ts';

/** Noted when a delivery has been judged as a whole: from here its letters go, also after the node has died and the rules have changed. */
const JUDGED = '.judged';

/**
 * Hands the letters of a small delivery in one by one. Where a fault stops the whole delivery, all are judged before any is sent.
 *
 * @throws whatever is no judgement of a letter: the work is to be done again.
 */
export async function handInSingles(open: OpenDelivery, context: HandInContext): Promise<ResultRow[]> {
  if (context.onFault === 'refuse' && !(await isThere(join(context.folder, JUDGED)))) {
    const judged = await judgeAll(open, context);
    if (open.faults.length > 0 || judged.some(({ outcome }) => outcome === 'refused')) return heldBack(judged);
    await writeFile(join(context.folder, JUDGED), '', { flush: true });
  }
  const rows: ResultRow[] = [];
  const seen = new Map<string, number>();
  for (const row of open.letters) {
    const letter = await readLetter(row, open, seen);
    rows.push(isRead(letter) ? await accept(letter, context) : letter);
    context.crashPoint?.('dropFolder:handedIn');
    await context.renew();
  }
  return rows;
}

async function judgeAll(open: OpenDelivery, context: HandInContext): Promise<ResultRow[]> {
  const rows: ResultRow[] = [];
  const seen = new Map<string, number>();
  for (const row of open.letters) {
    const letter = await readLetter(row, open, seen);
    rows.push(isRead(letter) ? await judgeOne(letter, context) : letter);
    await context.renew();
  }
  return rows;
}

async function judgeOne({ row, key, handIn }: ReadLetter, context: HandInContext): Promise<ResultRow> {
  const known = await knownRow(row, key, context);
  if (known !== undefined) return known;
  const { draft, faults } = readDraft(handIn.json, handIn.parts);
  try {
    await judge(draft, faults, context.system, context.judging);
    return resultRow(row, 'accepted');
  } catch (error) {
    return refusedRow(row, faultsOf(error));
  }
}

async function accept({ row, key, handIn }: ReadLetter, context: HandInContext): Promise<ResultRow> {
  const known = await knownRow(row, key, context);
  if (known !== undefined) return known;
  try {
    const given = { ...handIn, faults: [], idempotencyKey: key, lane: 'normal' as const };
    const { letterId, replay } = await context.intake.accept(given, context.system);
    return resultRow(row, replay ? 'duplicate' : 'accepted', letterId);
  } catch (error) {
    return refusedRow(row, faultsOf(error));
  }
}

async function knownRow(row: ReadLetter['row'], key: string, context: HandInContext): Promise<ResultRow | undefined> {
  const found = (await selectHandedInFiles(context.pool, context.system, [key], context.delivery)).get(key);
  return found && resultRow(row, found.isOwn ? 'accepted' : 'duplicate', found.letterId);
}
