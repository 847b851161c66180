import {
  badge,
  card,
  createTexts,
  descriptionList,
  emptyState,
  formatMoney,
  html,
  type Language,
  link,
  linkButton,
  page,
  pageHeading,
  type SafeHtml,
  stack,
  table,
  time,
} from '@brevduva/ui';
import { type BankInvoice, readBankInvoice } from './readBankInvoice.ts';
import type { KeptInvoice } from './store.ts';

export interface BankVisit {
  readonly lang: Language;
  readonly nonce: string;
}

const texts = createTexts({
  sv: {
    brand: 'Utvecklingsbanken',
    title: 'E-fakturor',
    lead: 'Fakturor som den här banken har fått i stället för att de gick som digital post eller på papper. Banken är påhittad, och alla kunder också.',
    none: 'Inga fakturor än',
    noneText: 'Skicka en faktura till någon som vill ha e-faktura, så visas den här.',
    invoice: 'Faktura',
    from: 'Från',
    to: 'Till',
    amount: 'Belopp',
    tax: 'Varav moms',
    due: 'Betalas senast',
    account: 'Konto',
    reference: 'Referens',
    what: 'Avser',
    status: 'Status',
    delivered: 'Mottagen',
    rejected: 'Avvisad',
    received: 'Kom in',
    address: 'E-fakturaadress',
    pdf: 'Visa PDF',
    back: 'Alla fakturor',
    unread: 'Går inte att läsa',
  },
  en: {
    brand: 'The development bank',
    title: 'E-invoices',
    lead: 'Invoices that came to this bank instead of going as digital mail or on paper. The bank is made up, and so are its customers.',
    none: 'No invoices yet',
    noneText: 'Send an invoice to somebody who wants e-invoices, and it is shown here.',
    invoice: 'Invoice',
    from: 'From',
    to: 'To',
    amount: 'Amount',
    tax: 'Of which VAT',
    due: 'Due date',
    account: 'Account',
    reference: 'Reference',
    what: 'For',
    status: 'Status',
    delivered: 'Received',
    rejected: 'Rejected',
    received: 'Came in',
    address: 'E-invoice address',
    pdf: 'Show PDF',
    back: 'All invoices',
    unread: 'Cannot be read',
  },
});

/** What the bank's customers have been sent, the newest first. */
export function bankListPage(visit: BankVisit, invoices: readonly KeptInvoice[]): string {
  const words = texts(visit.lang);
  const rows = invoices.map((kept) => ({ kept, read: readBankInvoice(kept.xml) }));
  const list = table({
    caption: words.title,
    captionHidden: true,
    rows,
    empty: emptyState({ title: words.none, text: words.noneText }),
    columns: [
      {
        header: words.invoice,
        cell: ({ kept, read }) => link(read?.number || words.unread, withLang(`/fakturor/${kept.id}`, visit)),
      },
      { header: words.from, cell: ({ read }) => read?.seller ?? '' },
      { header: words.to, cell: ({ read }) => read?.buyer ?? '' },
      { header: words.amount, cell: ({ read }) => (read ? money(read.amount, read.currency, visit.lang) : '') },
      { header: words.due, cell: ({ read }) => read?.dueDate ?? '' },
      { header: words.status, cell: ({ kept }) => statusBadge(kept, visit.lang) },
    ],
  });
  const heading = pageHeading({ lang: visit.lang, title: words.title, lead: words.lead });
  return whole(visit, words.title, html`${heading}${list}`, '/');
}

/** One invoice, as the customer sees it before she pays. */
export function bankInvoicePage(visit: BankVisit, kept: KeptInvoice): string {
  const words = texts(visit.lang);
  const read = readBankInvoice(kept.xml);
  const title = `${words.invoice} ${read?.number ?? kept.id}`;
  const facts = [
    ...(read === undefined ? [] : invoiceFacts(read, visit.lang)),
    { term: words.status, description: statusBadge(kept, visit.lang) },
    ...(kept.reason === undefined ? [] : [{ term: words.rejected, description: kept.reason }]),
    { term: words.received, description: time(new Date(kept.receivedAt), visit.lang) },
    { term: words.address, description: kept.receiver },
  ];
  const pdf =
    read?.pdf !== undefined && linkButton({ href: `/fakturor/${kept.id}/pdf`, text: words.pdf, variant: 'primary' });
  const content = stack(
    pageHeading({ lang: visit.lang, title }),
    card({ content: descriptionList(facts, { layout: 'columns' }) }),
    html`${pdf} ${linkButton({ href: withLang('/', visit), text: words.back, variant: 'secondary' })}`,
  );
  return whole(visit, title, content, `/fakturor/${kept.id}`);
}

function invoiceFacts(read: BankInvoice, lang: Language) {
  const words = texts(lang);
  return [
    { term: words.from, description: read.seller },
    { term: words.to, description: read.buyer },
    { term: words.what, description: read.what },
    { term: words.amount, description: money(read.amount, read.currency, lang) },
    { term: words.tax, description: money(read.tax, read.currency, lang) },
    { term: words.due, description: read.dueDate },
    { term: words.account, description: read.account },
    { term: words.reference, description: read.reference },
  ];
}

/** Hundredths by moving the point, and not by counting. */
function money(written: string, currency: string, lang: Language): string {
  const [, whole, places = ''] = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(written) ?? [];
  if (whole === undefined || (currency !== 'SEK' && currency !== 'EUR')) return `${written} ${currency}`;
  return formatMoney(BigInt(`${whole}${places.padEnd(2, '0')}`), currency, lang);
}

function statusBadge({ status }: KeptInvoice, lang: Language): SafeHtml {
  return badge({ text: texts(lang)[status], tone: status === 'delivered' ? 'success' : 'warning' });
}

function withLang(path: string, { lang }: BankVisit): string {
  return lang === 'sv' ? path : `${path}?lang=${lang}`;
}

function whole({ lang, nonce }: BankVisit, title: string, content: SafeHtml, path: string): string {
  const brand = { name: texts(lang).brand, home: '/', theme: 'slate', header: 'filled' } as const;
  return page({
    lang,
    title,
    brand,
    nonce,
    content,
    languageHref: (language) => withLang(path, { lang: language, nonce }),
  });
}
