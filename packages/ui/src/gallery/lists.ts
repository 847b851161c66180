import { alert } from '../components/alert.ts';
import { badge } from '../components/badge.ts';
import { actionForm, link, linkButton } from '../components/button.ts';
import { caseCard } from '../components/caseCard.ts';
import { select, textField } from '../components/field.ts';
import { card, grid, pageHeading, section, tabs } from '../components/layout.ts';
import { cursorPagination, emptyState, filterForm, pagination, stats } from '../components/list.ts';
import { shareBar } from '../components/shareBar.ts';
import { table } from '../components/table.ts';
import { time } from '../components/time.ts';
import { formatNumber, formatRecipientId } from '../format.ts';
import { html, type SafeHtml } from '../html.ts';
import type { Language } from '../language.ts';
import type { Tone } from '../tone.ts';

const NOW = new Date('2026-10-25T09:12:00Z');

/** The console's list page: figures, filter, table, cases, nothing found. */
export function galleryLists(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  return html`${pageHeading({
    lang,
    title: sv ? 'Försändelser' : 'Letters',
    lead: sv
      ? 'Alla brev som verksamhetssystemen har lämnat in, och vad som hände med dem.'
      : 'Every letter the business systems handed in, and what became of it.',
    actions: [linkButton({ text: sv ? 'Skicka ett brev' : 'Send a letter', href: '/new', icon: 'send' })],
  })}
${alert({ tone: 'success', live: true, content: sv ? 'Brevet skickas på papper.' : 'The letter goes on paper.' })}
${figures(lang)}
${tabs({
  label: sv ? 'Urval' : 'Selection',
  items: [
    { text: sv ? 'Alla' : 'All', href: '?', current: true },
    { text: sv ? 'På väg' : 'On their way', href: '?state=open', count: 41 },
    { text: sv ? 'Hos handläggare' : 'With a caseworker', href: '?state=manual', count: 3 },
  ],
})}
${filter(lang)}
${letters(lang)}
${pagination({ lang, page: 4, pageCount: 12, href: (page) => `?page=${page}` })}
${cursorPagination({ lang, nextHref: '?after=x', shown: { count: 50, total: 12345 }, label: sv ? 'Fler försändelser' : 'More letters' })}
${section({ title: sv ? 'Ärenden' : 'Cases', content: grid([lateCase(lang), calmCase(lang)]) })}
${emptyState({
  title: sv ? 'Inga försändelser stämmer med filtret' : 'No letters match the filter',
  text: sv ? 'Pröva ett annat datum eller rensa filtret.' : 'Try another date or clear the filter.',
  action: linkButton({ text: sv ? 'Rensa filter' : 'Clear filters', href: '?', variant: 'secondary' }),
})}`;
}

function figures(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  const tiles = stats([
    { label: sv ? 'Inlämnade i dag' : 'Handed in today', value: formatNumber(12_345, lang), href: '?day=today' },
    { label: sv ? 'Framme' : 'Delivered', value: formatNumber(12_192, lang), note: '98,8 %', tone: 'success' },
    { label: sv ? 'Väntar på handläggare' : 'Waiting for a person', value: 3, tone: 'warning', href: '/cases' },
    { label: sv ? 'Sparat porto' : 'Postage saved', value: '87 410 kr', note: sv ? 'i oktober' : 'in October' },
  ]);
  const channels = shareBar({
    lang,
    label: sv ? 'Kanal, senaste 30 dagarna' : 'Channel, last 30 days',
    parts: [
      { label: sv ? 'Digital brevlåda' : 'Digital mailbox', count: 98_210, series: 1 },
      { label: sv ? 'E-faktura' : 'E-invoice', count: 12_004, series: 2 },
      { label: sv ? 'Papper' : 'Paper', count: 21_502, series: 3 },
      { label: sv ? 'Handläggare' : 'Caseworker', count: 310, series: 4 },
    ],
  });
  return html`${tiles}${card({ content: channels })}`;
}

function filter(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  return filterForm({
    lang,
    action: '/lists',
    label: sv ? 'Filtrera försändelser' : 'Filter letters',
    resetHref: '/lists',
    fields: [
      textField({ name: 'q', label: sv ? 'Mottagare eller ärende' : 'Recipient or subject', type: 'search' }),
      select({
        name: 'state',
        label: sv ? 'Läge' : 'State',
        emptyText: sv ? 'Alla' : 'All',
        choices: [{ value: 'done', text: sv ? 'Framme' : 'Delivered' }],
      }),
      textField({ name: 'from', label: sv ? 'Från och med' : 'From', type: 'date', value: '2026-10-01' }),
    ],
  });
}

function letters(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  return table({
    caption: sv ? 'Senaste försändelserna' : 'Latest letters',
    rows: lettersOf(lang),
    columns: [
      { header: sv ? 'Ärende' : 'Subject', rowHeader: true, cell: (row) => link(row.subject, '/letter') },
      { header: sv ? 'Mottagare' : 'Recipient', nowrap: true, cell: (row) => formatRecipientId(row.recipient) },
      { header: sv ? 'Flöde' : 'Flow', cell: (row) => row.flow },
      { header: sv ? 'Läge' : 'State', nowrap: true, cell: (row) => badge({ tone: row.tone, text: row.state }) },
      { header: sv ? 'Kostnad' : 'Cost', align: 'end', nowrap: true, cell: (row) => row.cost },
      {
        header: sv ? 'Inlämnad' : 'Handed in',
        nowrap: true,
        sort: { href: '?sort=-at', direction: 'descending' },
        cell: (row) => time(row.at, lang),
      },
    ],
  });
}

interface SampleLetter {
  subject: string;
  recipient: string;
  flow: string;
  state: string;
  tone: Tone;
  cost: string;
  at: Date;
}

function lettersOf(lang: Language): SampleLetter[] {
  const sv = lang === 'sv';
  const letter = (subject: string, recipient: string, state: string, tone: Tone, cost: string, at: string) => ({
    subject,
    recipient,
    state,
    tone,
    cost,
    at: new Date(at),
    flow: sv ? 'Barnomsorg, avgiftsbeslut' : 'Childcare, fee decisions',
  });
  return [
    letter(
      'Beslut om barnomsorgsavgift',
      '191212121212',
      sv ? 'Framme' : 'Delivered',
      'success',
      '0,42 kr',
      '2026-10-25T08:01:00Z',
    ),
    letter(
      'Kallelse till hälsosamtal i årskurs åtta',
      '200001012384',
      sv ? 'På väg' : 'On its way',
      'info',
      '–',
      '2026-10-25T00:30:00Z',
    ),
    letter(
      'Faktura 2026-10 <script>alert("hej")</script>',
      '162021005489',
      sv ? 'Hos handläggare' : 'With a caseworker',
      'warning',
      '–',
      '2026-10-25T01:30:00Z',
    ),
    letter(
      'Beslut om bygglov, Ångströmsvägen 14',
      '195003072260',
      sv ? 'Utskrivet' : 'Printed',
      'neutral',
      '9,80 kr',
      '2026-10-24T12:00:00Z',
    ),
    letter(
      'Påminnelse',
      '198507099805',
      sv ? 'Gick inte att leverera' : 'Could not be delivered',
      'danger',
      '–',
      '2026-10-23T12:00:00Z',
    ),
  ];
}

function lateCase(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  return caseCard({
    lang,
    now: NOW,
    title: sv ? 'Kallelse till hälsosamtal' : 'Invitation to a health check',
    href: '/case/1',
    reason: sv ? 'Mottagaren saknar digital brevlåda och postadress.' : 'The recipient has no mailbox and no address.',
    nextAction: sv ? 'Skriv en adress, eller avbryt brevet.' : 'Write an address, or cancel the letter.',
    deadline: new Date('2026-10-24T15:00:00Z'),
    facts: [{ term: sv ? 'Mottagare' : 'Recipient', description: '20000101-2384' }],
    actions: [
      linkButton({ text: sv ? 'Skicka på papper' : 'Send on paper', href: '/case/1/paper', icon: 'printer' }),
      actionForm({
        action: '/case/1/cancel',
        csrfToken: 't',
        submit: { text: sv ? 'Avbryt brevet' : 'Cancel the letter', variant: 'tertiary', danger: true },
      }),
    ],
  });
}

function calmCase(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  return caseCard({
    lang,
    now: NOW,
    title: sv ? 'Faktura 2026-10' : 'Invoice 2026-10',
    href: '/case/2',
    reason: sv ? 'Operatören avvisade brevet: innehållet är för stort.' : 'The operator refused the letter: too large.',
    owner: 'Örjan Ålund',
    deadline: new Date('2026-10-26T07:00:00Z'),
    actions: [
      actionForm({
        action: '/case/2/retry',
        csrfToken: 't',
        submit: { text: sv ? 'Försök igen' : 'Try again', variant: 'secondary', icon: 'refresh' },
      }),
    ],
  });
}
