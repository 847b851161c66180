import {
  card,
  copyable,
  type Description,
  descriptionList,
  formatDay,
  formatMoney,
  html,
  type Language,
  type SafeHtml,
} from '@brevduva/ui';
import type { Payment } from '../content/payment.ts';
import { mailboxTexts } from './texts.ts';

/** What is to be paid, each value ready to be copied into the bank's page. */
export function paymentCard(lang: Language, payment: Payment): SafeHtml {
  const text = mailboxTexts(lang);
  const { amountHundredths, currency, dueDate, method, account, reference } = payment;
  const amount = BigInt(amountHundredths);
  const row = (id: string, term: string, shown: string, copied?: string): Description => ({
    term,
    description: copyable({
      lang,
      id: `payment-${id}`,
      label: term,
      shown,
      ...(copied === undefined ? {} : { copied }),
    }),
  });
  const rows = [
    row('amount', text.payAmount, formatMoney(amount, currency, lang), plainAmount(amount)),
    row('due', text.payBy, formatDay(dueDate, lang), dueDate),
    row('account', method === 'bankgiro' ? text.bankgiro : text.plusgiro, accountText(method, account)),
    ...(reference === undefined ? [] : [row('reference', referenceTerm(reference, text), reference)]),
  ];
  return card({
    title: text.toPay,
    content: html`${descriptionList(rows)}<p class="bd-hint">${text.payHint}</p>`,
  });
}

/** As a bank's page takes it: no spaces, decimal comma. */
function plainAmount(hundredths: bigint): string {
  const digits = String(hundredths).padStart(3, '0');
  return `${digits.slice(0, -2)},${digits.slice(-2)}`;
}

/** With its hyphen; a number that is none of the giro systems' is shown as its sender wrote it. */
function accountText(method: Payment['method'], account: string): string {
  const isDigits = method === 'bankgiro' ? /^\d{7,8}$/.test(account) : /^\d{2,8}$/.test(account);
  const after = method === 'bankgiro' ? 4 : 1;
  return isDigits ? `${account.slice(0, -after)}-${account.slice(-after)}` : account;
}

function referenceTerm(reference: string, text: ReturnType<typeof mailboxTexts>): string {
  return /^\d{2,25}$/.test(reference) ? text.ocr : text.payMessage;
}
