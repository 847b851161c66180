import type { Queryable } from '@brevduva/base';
import type { Mailing } from '../../mailing/mailing.ts';
import { addOwnLetters } from '../../mailing/ownLetters.ts';
import { withoutPlaceholders } from '../../mailing/placeholders.ts';
import { deleteFileLetters, reserveFileLetters } from '../../sql/fileLetters.ts';
import { type JudgedBunch, type JudgedFlow, judgeBunch, type PlacedRow, readBunches } from './bunches.ts';
import { faultsOf, type HandInContext, heldBack, refusedRow, resultRow } from './handIn.ts';
import type { OpenDelivery } from './openDelivery.ts';
import type { DeliveryResult, ResultMailing, ResultRow } from './result.ts';

/**
 * Puts the letters of a large delivery into mailings, one for each flow, that are not released yet: nothing is a letter before
 * {@link releaseMailings}. Two bunches are in memory: one is judged while the one before is stored.
 */
export async function fillMailings(
  open: OpenDelivery,
  context: HandInContext,
): Promise<{ rows: ResultRow[]; mailings: ResultMailing[] }> {
  const mailings = new Map<string, Mailing>();
  const rows: ResultRow[] = [];
  const store = async (bunch: JudgedBunch) => {
    for (const stored of await storeBunch(bunch, mailings, context)) rows[stored.at] = stored.row;
    context.crashPoint?.('dropFolder:stored');
    await context.renew();
  };
  let judged: JudgedBunch | undefined;
  for await (const bunch of readBunches(open, context.delivery.id)) {
    for (const { at, row } of bunch.unread) rows[at] = row;
    [judged] = await Promise.all([judgeBunch(bunch.letters, context), judged && store(judged)]);
  }
  if (judged !== undefined) await store(judged);
  const isFaulty = open.faults.length > 0 || rows.some(({ outcome }) => outcome === 'refused');
  const isRefused = context.onFault === 'refuse' && isFaulty;
  const told = [...mailings.values()].map(({ id, flowCode, state }) => ({ id, flow: flowCode, state }));
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

async function storeBunch(
  { settled, byFlow }: JudgedBunch,
  mailings: Map<string, Mailing>,
  context: HandInContext,
): Promise<PlacedRow[]> {
  const placed = [...settled];
  for (const [flow, letters] of byFlow) placed.push(...(await storeFlow(flow, letters, mailings, context)));
  return placed;
}

async function storeFlow(
  flow: string,
  { letters, judged }: JudgedFlow,
  mailings: Map<string, Mailing>,
  context: HandInContext,
): Promise<PlacedRow[]> {
  const mailing = mailings.get(flow) ?? (await openMailing(flow, context));
  if ('faults' in mailing) return letters.map(({ at, row }) => ({ at, row: refusedRow(row, mailing.faults) }));
  mailings.set(flow, mailing);
  const keys = new Map(letters.map(({ id, key }) => [id, key]));
  const taken = new Map<string, string>();
  // In the transaction that adds them: the same letter in another file at the same instant waits here, and is told as a duplicate.
  const reserve = async (client: Queryable, ids: readonly string[]) => {
    const wanted = ids.map((letterId) => ({ letterId, key: keys.get(letterId) ?? '' }));
    const others = await reserveFileLetters(client, context.system, context.delivery.id, wanted);
    for (const { letterId, key } of wanted) {
      const other = others.get(key);
      if (other !== undefined) taken.set(letterId, other);
    }
    return new Set(ids.filter((id) => !taken.has(id)));
  };
  const unstored = await addOwnLetters(mailing, judged.sound, { pool: context.pool, reserve });
  return letters.map(({ id, at, row }) => {
    const found = judged.faults.get(id) ?? unstored.get(id);
    if (found !== undefined) return { at, row: refusedRow(row, found) };
    const other = taken.get(id);
    return { at, row: other === undefined ? resultRow(row, 'accepted', id) : resultRow(row, 'duplicate', other) };
  });
}

async function openMailing(
  flow: string,
  context: HandInContext,
): Promise<Mailing | { faults: { code: string; path: string; text: string }[] }> {
  const { delivery, mailings, system } = context;
  const name = delivery.name.slice(0, NAME_CHARACTERS_MAX);
  // The same at every try: what stands in the letters is each letter's own.
  const handIn = {
    json: {
      name,
      flow,
      subject: withoutPlaceholders(name),
      body: { text: 'Varje brev i utskicket har sin egen text.' },
    },
    ...{ parts: [], faults: [], idempotencyKey: `file-${delivery.id}-${flow}` },
  };
  try {
    return (await mailings.create(handIn, system, { name: system.name })).mailing;
  } catch (error) {
    return { faults: faultsOf(error) };
  }
}

const NAME_CHARACTERS_MAX = 255;
