import { newId } from '@brevduva/base';
import type { ClaimedLetter } from '../letter.ts';
import {
  type PrintOrderFacts,
  type PrintShopSettings,
  shopOf,
  sortKeyOf,
  untilCutOffMs,
} from '../printShop/printShop.ts';
import type { StageResult, StageWork } from './stage.ts';

/**
 * Orders the letter's print: it waits for its print shop's next batch. The order is written together with the letter's new place, so that a
 * letter is never ordered twice, and never forgotten between the two.
 */
export const deliverPaper: StageWork = async (letters, context, report) => {
  const shops = await context.printShopsOf([...new Set(letters.map(({ organisationId }) => organisationId))]);
  const now = context.clock.now();
  await report(letters.map((letter) => orderOne(letter, shops.get(letter.organisationId) ?? [], now)));
};

function orderOne(letter: ClaimedLetter, shops: readonly PrintShopSettings[], now: Date): StageResult {
  const { printHash, address, print } = letter;
  if (printHash === undefined || address === undefined || print === undefined) {
    return { letter, outcome: { kind: 'manual', reason: 'handOverFailed', detail: { missing: 'print' } }, events: [] };
  }
  const shop = shopOf(shops, letter.flow.printShop);
  const facts: PrintOrderFacts = {
    unit: letter.flow.unitCode,
    flow: letter.flow.code,
    ...print,
    postageClass: letter.flow.postageClass,
    addressCountry: address.country ?? 'SE',
  };
  const dueInMs = untilCutOffMs(shop.cutOffs, now);
  const sendsAt = new Date(now.getTime() + dueInMs).toISOString();
  return {
    letter,
    outcome: { kind: 'done' },
    printOrder: { id: newId(), shopCode: shop.code, sortKey: sortKeyOf(shop, facts), dueInMs, printHash, facts },
    events: dueInMs === 0 ? [] : [{ kind: 'waitsForBatch', detail: { printShop: shop.name, cutOff: sendsAt } }],
  };
}
