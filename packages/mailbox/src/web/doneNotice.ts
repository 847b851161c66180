import { isUuid } from '@brevduva/base';
import { alert, type Language, type SafeHtml } from '@brevduva/ui';
import type { MailboxUserRow } from '../sql/mailboxUser.ts';
import { findOrder, type Purpose } from '../sql/signingOrder.ts';
import { type MembershipTexts, membershipTexts } from './membershipTexts.ts';
import { firstOf } from './search.ts';
import type { WebDependencies } from './visit.http.ts';

/** Tells once more, on the page that one lands on, what was just done. Only for an act that the person herself has done. */
export async function doneNotice(
  { pool }: WebDependencies,
  { user, lang, orderId }: { user: MailboxUserRow; lang: Language; orderId: string | string[] | undefined },
): Promise<SafeHtml | undefined> {
  const id = firstOf(orderId);
  if (!isUuid(id)) return undefined;
  const order = await findOrder(pool, user.id, id);
  if (order?.state !== 'done') return undefined;
  return alert({ tone: 'success', content: words(order.purpose, membershipTexts(lang)), live: true });
}

function words(purpose: Purpose, text: MembershipTexts): string {
  const of: Readonly<Record<Purpose, string>> = {
    register: text.doneRegister,
    changeServiceSupplier: text.doneMove,
    storeAccountPreferences: text.doneSenders,
    deregister: text.doneClose,
  };
  return of[purpose];
}
