import {
  alert,
  attributes,
  badge,
  card,
  type Description,
  descriptionList,
  formatNumber,
  html,
  link,
  linkButton,
  pageHeading,
  type SafeHtml,
  section,
  split,
  stack,
  stats,
  table,
  time,
} from '@brevduva/ui';
import type { FileDeliveryStory } from '../../sql/fileDeliveryViews.ts';
import type { ResultRow } from '../../waysIn/dropFolder/result.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { consoleTexts } from '../texts.ts';
import { deliveryBadge } from './listPage.ts';
import { type FileTexts, fileTexts } from './texts.ts';

export interface FilePageData {
  readonly delivery: FileDeliveryStory;
  /** This node can give out the result file. */
  readonly hasResultFile: boolean;
}

/** One delivery: what became of each row, and where its letters are. */
export function filePage(request: ConsoleRequest, { delivery, hasResultFile }: FilePageData): string {
  const { lang } = request;
  const texts = fileTexts(lang);
  const download = linkButton({
    text: texts.download,
    href: `/filinlamningar/${delivery.id}/resultat.csv`,
    download: '',
    icon: 'download',
  });
  return consolePage(request, {
    title: delivery.name,
    area: 'letters',
    content: html`${pageHeading({
      lang,
      title: delivery.name,
      lead: delivery.systemName,
      status: deliveryBadge(delivery.state, texts),
      breadcrumbs: [
        { text: consoleTexts(lang).letters, href: '/brev' },
        { text: texts.files, href: '/filinlamningar' },
      ],
      actions: hasResultFile ? [download] : [],
    })}
${split({
  main: stack(answerSection(delivery, texts, request), rowsSection(delivery, texts, request)),
  aside: stack(factsCard(delivery, texts, request)),
  asideLabel: texts.facts,
})}`,
  });
}

function answerSection(delivery: FileDeliveryStory, texts: FileTexts, { lang }: ConsoleRequest): SafeHtml {
  if (delivery.state === 'working') return alert({ tone: 'info', content: texts.working });
  const figures = stats([
    { label: texts.letters, value: formatNumber(delivery.accepted, lang) },
    { label: texts.duplicates, value: formatNumber(delivery.duplicates, lang) },
    { label: texts.refused, value: formatNumber(delivery.refused, lang) },
  ]);
  return html`${delivery.state === 'failed' && alert({ tone: 'warning', content: texts.failedHint })}${figures}`;
}

function rowsSection(delivery: FileDeliveryStory, texts: FileTexts, { lang }: ConsoleRequest): SafeHtml | false {
  const { toldRows, accepted, duplicates, refused, state } = delivery;
  if (toldRows.length === 0) return false;
  const total = accepted + duplicates + refused;
  const number = (n: number) => formatNumber(n, lang);
  const hint = html`<p class="bd-hint">${texts.rowsOf(number(toldRows.length), number(total))}</p>`;
  const rows = table({
    caption: texts.rows,
    captionHidden: true,
    rows: toldRows,
    emphasize: ({ outcome }) => outcome === 'refused',
    columns: [
      { header: texts.line, cell: ({ line }) => line ?? '–', rowHeader: true, nowrap: true },
      { header: texts.outcome, cell: ({ outcome }) => outcomeBadge(outcome, texts), nowrap: true },
      { header: texts.faults, cell: ({ faults }) => faultList(faults) },
      { header: texts.file, cell: ({ file }) => file ?? '' },
      { header: texts.reference, cell: ({ reference }) => reference ?? '' },
      { header: texts.letter, cell: (row) => letterLink(row, delivery, texts), nowrap: true },
    ],
  });
  return section({
    title: texts.rows,
    content: html`${state !== 'working' && total > toldRows.length && hint}${rows}`,
  });
}

/** The texts are those of the result file, which is for the system's own people and in Swedish. */
function faultList(faults: ResultRow['faults']): SafeHtml | false {
  if (faults.length === 0) return false;
  const lines = faults.map(
    ({ code, field, text }) =>
      html`<li><span${attributes({ lang: 'sv' })}>${text}</span> <code>${code}</code>${field !== undefined && html` <code>${field}</code>`}</li>`,
  );
  return html`<ul class="bd-list">${lines}</ul>`;
}

/** A letter of a mailing that has not been released is none yet. */
function letterLink(
  { letterId, outcome }: ResultRow,
  { mailings }: FileDeliveryStory,
  texts: FileTexts,
): SafeHtml | false {
  const isReleased = outcome === 'duplicate' || mailings.every(({ state }) => state === 'committed');
  return letterId !== undefined && isReleased && link(texts.showLetter, `/brev/${letterId}`);
}

function outcomeBadge(outcome: ResultRow['outcome'], texts: FileTexts): SafeHtml {
  const tone = ({ accepted: 'success', duplicate: 'neutral', refused: 'danger', heldBack: 'warning' } as const)[
    outcome
  ];
  return badge({ text: texts[`outcome_${outcome}`], tone });
}

function factsCard(delivery: FileDeliveryStory, texts: FileTexts, { lang }: ConsoleRequest): SafeHtml {
  const { endedAt, understoodAs, mailings, attempts } = delivery;
  const facts: Description[] = [
    { term: texts.system, description: delivery.systemName },
    { term: texts.kind, description: texts[`kind_${delivery.kind}`] },
    ...(understoodAs === '' ? [] : [{ term: texts.understoodAs, description: understoodAs }]),
    { term: texts.came, description: time(delivery.claimedAt, lang) },
    ...(endedAt === null ? [] : [{ term: texts.ended, description: time(endedAt, lang) }]),
    ...(attempts > 1 ? [{ term: texts.tries, description: formatNumber(attempts, lang) }] : []),
    ...(mailings.length === 0 ? [] : [{ term: texts.mailings, description: mailingLinks(delivery, texts) }]),
  ];
  return card({ title: texts.facts, content: descriptionList(facts) });
}

function mailingLinks({ mailings }: FileDeliveryStory, texts: FileTexts): SafeHtml[] {
  return mailings.map(({ id, flow }) => html`<div>${link(texts.toMailing(flow), `/utskick/${id}`)}</div>`);
}
