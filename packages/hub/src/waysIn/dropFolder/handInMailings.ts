import { createHash } from 'node:crypto';
import type { Queryable } from '@brevduva/base';
import type { Mailing } from '../../mailing/mailing.ts';
import { addOwnLetters } from '../../mailing/ownLetters.ts';
import { deleteFileLetters, reserveFileLetters, selectHandedInFiles } from '../../sql/fileLetters.ts';
import { selectMailingRecipientIds } from '../../sql/mailingRecipients.ts';
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
import type { DeliveryResult, ResultMailing, ResultRow } from './result.ts';

/** A bunch is stored with one statement: so many letters, and so many bytes of them, are in memory together. */
const BUNCH_LETTERS_MAX = 100;
const BUNCH_BYTES_MAX = 8 * 1024 * 1024;

/**
 * Puts the letters of a large delivery into mailings, one for each flow, that are not released yet: nothing is a letter before
 * {@link releaseMailings}. Files are read one after the other and never held together.
 */
export async function fillMailings(
  open: OpenDelivery,
  context: HandInContext,
): Promise<{ rows: ResultRow[]; mailings: ResultMailing[] }> {
  const mailings = new Map<string, OpenMailing>();
  const rows: ResultRow[] = [];
  const seen = new Map<string, number>();
  let bunch: PlacedLetter[] = [];
  let bunchBytes = 0;
  const store = async () => {
    for (const stored of await storeBunch(bunch, mailings, context)) rows[stored.at] = stored.row;
    bunch = [];
    bunchBytes = 0;
    context.crashPoint?.('dropFolder:stored');
    await context.renew();
  };
  for (const [at, row] of open.letters.entries()) {
    const letter = await readLetter(row, open, seen);
    if (!isRead(letter)) {
      rows[at] = letter;
      continue;
    }
    bunch.push({ ...letter, at });
    bunchBytes += letter.handIn.parts[0].bytes.length;
    if (bunch.length >= BUNCH_LETTERS_MAX || bunchBytes >= BUNCH_BYTES_MAX) await store();
  }
  if (bunch.length > 0) await store();
  const isFaulty = open.faults.length > 0 || rows.some(({ outcome }) => outcome === 'refused');
  const begun = [...mailings.values()].map(({ mailing }) => mailing);
  const isRefused = context.onFault === 'refuse' && isFaulty;
  const told = begun.map(({ id, flowCode, state }) => ({ id, flow: flowCode, state }));
  return { rows: isRefused ? heldBack(rows) : rows, mailings: told };
}

/** Ends the mailings of a delivery that is refused as a whole. Done again, it changes nothing. */
export async function cancelMailings(result: DeliveryResult, context: HandInContext): Promise<DeliveryResult> {
  for (const { id } of result.mailings)
    await context.mailings.cancel(id, context.system, { name: context.system.name });
  await deleteFileLetters(context.pool, context.delivery.organisationId, context.delivery.id);
  return { ...result, mailings: [] };
}

/** Releases the mailings of a delivery whose result has been written down. Done again, it changes nothing. */
export async function releaseMailings(result: DeliveryResult, context: HandInContext): Promise<DeliveryResult> {
  const mailings: ResultMailing[] = [];
  for (const { id, flow } of result.mailings) {
    const state = await context.mailings
      .commit(id, context.system, { name: context.system.name })
      .then((mailing) => mailing.state)
      .catch(stateWithout);
    if (state !== undefined) mailings.push({ id, flow, state });
  }
  return { ...result, mailings };
}

/** Nothing but duplicates: the mailing is empty. Or a person has cancelled it meanwhile. */
function stateWithout(error: { code?: string }): 'cancelled' | undefined {
  if (error.code === 'HUB_MAILING_EMPTY') return undefined;
  if (error.code === 'HUB_MAILING_CANCELLED') return 'cancelled';
  throw error;
}

interface OpenMailing {
  readonly mailing: Mailing;
  /** From an earlier try. */
  readonly there: ReadonlySet<string>;
}

/** With its place among the delivery's letters. */
interface PlacedLetter extends ReadLetter {
  readonly at: number;
}

interface Placed {
  readonly at: number;
  readonly row: ResultRow;
}

async function storeBunch(
  bunch: readonly PlacedLetter[],
  mailings: Map<string, OpenMailing>,
  context: HandInContext,
): Promise<Placed[]> {
  const keys = bunch.map(({ key }) => key);
  const known = await selectHandedInFiles(context.pool, context.system, keys, context.delivery);
  const { id: deliveryId } = context.delivery;
  const placed: Placed[] = [];
  const fresh = new Map<string, PlacedLetter[]>();
  for (const letter of bunch) {
    const found = known.get(letter.key);
    if (found !== undefined && found.letterId !== letterIdOf(deliveryId, letter.at)) {
      placed.push({ at: letter.at, row: resultRow(letter.row, 'duplicate', found.letterId) });
      continue;
    }
    fresh.set(letter.row.flow, [...(fresh.get(letter.row.flow) ?? []), letter]);
  }
  for (const [flow, letters] of fresh) placed.push(...(await storeFlow(flow, letters, mailings, context)));
  return placed;
}

async function storeFlow(
  flow: string,
  letters: readonly PlacedLetter[],
  mailings: Map<string, OpenMailing>,
  context: HandInContext,
): Promise<Placed[]> {
  const open = mailings.get(flow) ?? (await openMailing(flow, context));
  if ('faults' in open) return letters.map(({ at, row }) => ({ at, row: refusedRow(row, open.faults) }));
  mailings.set(flow, open);
  const { mailing, there } = open;
  const keyed = new Map(letters.map((letter) => [letterIdOf(context.delivery.id, letter.at), letter]));
  const missing = [...keyed].flatMap(([id, { handIn }]) => (there.has(id) ? [] : [{ id, handIn }]));
  const taken = new Map<string, string>();
  // In the transaction that adds them: the same letter in another file at the same instant waits here, and is told as a duplicate.
  const reserve = async (client: Queryable, ids: readonly string[]) => {
    const wanted = ids.map((letterId) => ({ letterId, key: keyed.get(letterId)?.key ?? '' }));
    const others = await reserveFileLetters(client, context.system, context.delivery.id, wanted);
    for (const { letterId, key } of wanted) {
      const other = others.get(key);
      if (other !== undefined) taken.set(letterId, other);
    }
    return new Set(ids.filter((id) => !taken.has(id)));
  };
  const { faults } = await addOwnLetters(mailing, missing, context.system, { ...context.judging, reserve });
  return [...keyed].map(([id, { at, row }]) => {
    const found = faults.get(id);
    if (found !== undefined) return { at, row: refusedRow(row, found) };
    const other = taken.get(id);
    return { at, row: other === undefined ? resultRow(row, 'accepted', id) : resultRow(row, 'duplicate', other) };
  });
}

async function openMailing(
  flow: string,
  context: HandInContext,
): Promise<OpenMailing | { faults: { code: string; path: string; text: string }[] }> {
  const { delivery, mailings, system, pool } = context;
  const name = delivery.name.slice(0, NAME_CHARACTERS_MAX);
  // The same at every try: what stands in the letters is each letter's own.
  const handIn = {
    json: { name, flow, subject: name, body: { text: 'Varje brev i utskicket har sin egen text.' } },
    ...{ parts: [], faults: [], idempotencyKey: `file-${delivery.id}-${flow}` },
  };
  try {
    const { mailing } = await mailings.create(handIn, system, { name: system.name });
    return { mailing, there: await selectMailingRecipientIds(pool, mailing) };
  } catch (error) {
    return { faults: faultsOf(error) };
  }
}

const NAME_CHARACTERS_MAX = 255;

/** The same row of the same delivery is the same letter, however often a node begins anew. A UUID of version 8 (RFC 9562). */
function letterIdOf(deliveryId: string, at: number): string {
  const bytes = createHash('sha256').update(`${deliveryId} ${at}`).digest().subarray(0, 16);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
