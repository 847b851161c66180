import {
  badge,
  card,
  type Description,
  descriptionList,
  formatBytes,
  formatMoney,
  formatNumber,
  html,
  link,
  type SafeHtml,
  stack,
  time,
} from '@brevduva/ui';
import { giroAccountText } from '../invoice/giroAccount.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { printedLines } from '../paper/address.ts';
import type { LetterStory } from '../sql/letterStory.ts';
import { STATE_GROUPS } from '../states.ts';
import { detailList } from './details.ts';
import { formPageTexts } from './forms/texts.ts';
import { printShopTexts } from './printShops/texts.ts';
import type { ConsoleRequest } from './shell.ts';
import { type ConsoleTexts, consoleTexts } from './texts.ts';
import { channelName, recipientName } from './words.ts';

/** What the letter is. */
export function factsCard({ lang }: ConsoleRequest, { letter }: LetterStory): SafeHtml {
  const texts = consoleTexts(lang);
  const items: (Description | false)[] = [
    { term: texts.recipient, description: recipientName(letter, texts) },
    letter.erasedAt === null && { term: texts.address, description: addressOf(letter, texts) },
    { term: texts.channel, description: channelName(letter.channel, texts) },
    letter.supplier !== null && {
      // Whom it was handed to: an operator, or who dispatches in our place.
      term: letter.channel === 'dispatcher' ? texts.channel_dispatcher : texts.operator,
      description: letter.supplier.Name,
    },
    { term: texts.flow, description: letter.flowName },
    { term: texts.unit, description: letter.unitName },
    { term: texts.system, description: letter.systemName },
    letter.reference !== null && { term: texts.reference, description: letter.reference },
    letter.form !== null && {
      term: formPageTexts(lang).answers,
      description: link(letter.form.name, `/formular/${letter.form.id}`),
    },
    letter.invoice !== null && {
      term: texts.toPay,
      description: letter.protectedIdentity ? texts.protectedRecipient : paymentOf(letter.invoice, lang, texts),
    },
    { term: texts.accepted, description: time(letter.createdAt, lang) },
    letter.erasedAt !== null && { term: texts.erasedAt, description: time(letter.erasedAt, lang) },
    { term: texts.size, description: formatBytes(letter.envelopeBytes, lang) },
    letter.print !== null && { term: texts.sheets, description: formatNumber(letter.print.sheets, lang) },
    letter.printOrder !== null && {
      term: printShopTexts(lang).atShop,
      description: printOrderOf(letter.printOrder, lang),
    },
    ...waiting(letter, lang, texts),
    { term: texts.letterId, description: html`<code class="bd-code-inline">${letter.id}</code>` },
  ];
  return card({ title: texts.facts, content: descriptionList(items.filter((item) => item !== false)) });
}

function waiting(letter: LetterStory['letter'], lang: ConsoleRequest['lang'], texts: ConsoleTexts): Description[] {
  if (!STATE_GROUPS[letter.state].open || letter.attempts === 0) return [];
  return [
    { term: texts.attempts, description: formatNumber(letter.attempts, lang) },
    { term: texts.nextTry, description: time(letter.dueAt, lang, { style: 'exact' }) },
  ];
}

function printOrderOf(
  { batchId, shop, state }: NonNullable<LetterStory['letter']['printOrder']>,
  lang: ConsoleRequest['lang'],
): SafeHtml {
  const texts = printShopTexts(lang);
  const words = `${shop}: ${texts[`letter_${state}`]}`;
  return batchId === null ? html`${words}` : html`${words}<br>${link(texts.showBatch, `/utskriftsbatcher/${batchId}`)}`;
}

function paymentOf(invoice: Invoice, lang: ConsoleRequest['lang'], texts: ConsoleTexts): SafeHtml {
  const { amountHundredths, currency, dueDate, account, reference } = invoice;
  const lines = [
    formatMoney(BigInt(amountHundredths), currency, lang),
    texts.payBy(dueDate),
    `${texts[account.kind]} ${giroAccountText(account)}`,
    ...(reference === undefined
      ? []
      : [`${reference.kind === 'ocr' ? texts.ocr : texts.paymentMessage} ${reference.text}`]),
  ];
  return html`${lines.map((line) => html`${line}<br>`)}`;
}

function addressOf(letter: LetterStory['letter'], texts: ConsoleTexts): SafeHtml | string {
  if (letter.protectedIdentity) return texts.protectedRecipient;
  if (letter.address === null) return texts.noAddress;
  return html`${printedLines(letter.address).map((line) => html`${line}<br>`)}`;
}

/** Who says that the letter arrived, and by which proof. */
export function receiptsCard({ lang }: ConsoleRequest, { receipts }: LetterStory): SafeHtml | false {
  if (receipts.length === 0) return false;
  const texts = consoleTexts(lang);
  const items = receipts.map(({ at, channel, delivered, proof }) => {
    const text = delivered ? texts.receiptDelivered : texts.receiptNotDelivered;
    return stack(
      html`<p>${badge({ tone: delivered ? 'success' : 'warning', text })} ${texts[`channel_${channel}`]}, ${time(at, lang)}</p>`,
      detailList(proof, lang, 'rows'),
    );
  });
  return card({ title: texts.receipts, content: stack(...items) });
}
