import {
  alert,
  card,
  decisionTable,
  descriptionList,
  formatBytes,
  formatNumber,
  html,
  messageFrame,
  messageText,
  type PipelineStage,
  pageHeading,
  pdfFrame,
  pipeline,
  type SafeHtml,
  section,
  split,
  stack,
  time,
  timeline,
  xmlView,
} from '@brevduva/ui';
import { CASE_REASONS } from '../caseReasons.ts';
import { eventText } from '../events.ts';
import { printedLines } from '../paper/address.ts';
import type { LetterStory, StoryDecision, StoryEvent } from '../sql/letterStory.ts';
import { STAGES } from '../states.ts';
import { type CaseFormState, casePanel } from './casePanel.ts';
import { type ConsoleRequest, consolePage } from './shell.ts';
import { type ConsoleTexts, consoleTexts } from './texts.ts';
import { channelName, recipientName, stateBadge } from './words.ts';

export interface LetterPageData {
  readonly story: LetterStory;
  readonly bodyText: string;
  /** The exact request to the operator, when the letter has been sealed. */
  readonly sealedXml: { readonly xml: string; readonly sha256: string } | undefined;
  readonly caseForm: CaseFormState | undefined;
}

/** One letter's whole story. */
export function letterPage(request: ConsoleRequest, data: LetterPageData): string {
  const { lang } = request;
  const texts = consoleTexts(lang);
  const { letter, openCase } = data.story;
  const caseAlert =
    openCase && alert({ tone: 'warning', title: CASE_REASONS[openCase.reason].text, content: openCase.nextAction });
  return consolePage(request, {
    title: letter.subject,
    area: 'letters',
    notices: caseAlert ? [caseAlert] : [],
    hasErrors: (data.caseForm?.faults.length ?? 0) > 0,
    content: html`${pageHeading({
      lang,
      title: letter.subject,
      status: stateBadge(letter.state, texts),
      breadcrumbs: [{ text: texts.letters, href: '/brev' }],
    })}
${pipeline({ label: texts.progress, stages: stagesOf(data.story, texts), lang })}
${split({
  main: stack(
    openCase && casePanel(request, data.story, openCase, data.caseForm),
    section({
      title: texts.story,
      content: timeline({ label: texts.story, entries: data.story.events.map(entry), lang }),
    }),
    decisions(request, data.story.decisions, texts),
    contents(request, data, texts),
    data.sealedXml &&
      section({ title: texts.exactXml, content: sealedView(request, letter.id, data.sealedXml, texts) }),
  ),
  aside: stack(factsCard(request, data.story, texts), receiptsCard(request, data.story, texts)),
  asideLabel: texts.facts,
})}`,
  });
}

function sealedView(
  request: ConsoleRequest,
  letterId: string,
  sealed: { xml: string; sha256: string },
  texts: ConsoleTexts,
): SafeHtml {
  return stack(
    descriptionList([
      { term: texts.checksum, description: html`<code class="bd-code-inline">${sealed.sha256}</code>` },
    ]),
    xmlView({
      lang: request.lang,
      label: 'deliverSecure',
      xml: sealed.xml,
      downloadHref: `/brev/${letterId}/deliverSecure.xml`,
    }),
  );
}

/** Where the letter stands among the stages; those behind it are done, those its channel lacks are passed over by the table. */
function stagesOf({ letter, openCase }: LetterStory, texts: ConsoleTexts): PipelineStage[] {
  const reached = letter.stage ?? openCase?.stage ?? (letter.state === 'cancelled' ? 'resolve' : undefined);
  const position = reached === undefined ? STAGES.length : STAGES.indexOf(reached);
  const here = letter.state === 'case' ? 'manual' : letter.state === 'cancelled' ? 'failed' : 'active';
  return [
    { name: texts.stage_intake, state: 'done' },
    ...STAGES.map((stage, n): PipelineStage => {
      const isPassedOver = stage === 'seal' && letter.channel === 'paper';
      const state = isPassedOver ? 'skipped' : n < position ? 'done' : n === position ? here : 'waiting';
      return { name: texts[`stage_${stage}`], state };
    }),
  ];
}

function entry(event: StoryEvent) {
  const { title, tone } = eventText(event.kind);
  const detail = Object.entries(event.detail);
  const reason = event.detail['reason'];
  return {
    at: event.at,
    title,
    tone,
    actor: event.actor === 'system' ? 'Brevduva' : event.actor,
    ...(typeof reason === 'string' && event.kind === 'channelDecided' ? { text: reason } : {}),
    ...(detail.length === 0 ? {} : { details: keyValues(event.detail) }),
  };
}

/** Keys and values of a record as they are stored: this is evidence, not prose. */
function keyValues(record: Readonly<Record<string, unknown>>): SafeHtml {
  return descriptionList(Object.entries(record).map(([term, value]) => ({ term, description: plain(value) })));
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function decisions(request: ConsoleRequest, list: readonly StoryDecision[], texts: ConsoleTexts): SafeHtml | false {
  if (list.length === 0) return false;
  const tables = list.map((decision, n) =>
    stack(
      decisionTable({
        lang: request.lang,
        id: `beslut-${n + 1}`,
        caption: texts.decisionNumber(String(n + 1)),
        facts: [
          { term: texts.channel, description: texts[`channel_${decision.channel as 'digital' | 'paper' | 'case'}`] },
          { term: texts.asked, description: keyValues(decision.question) },
          { term: texts.answer, description: keyValues(decision.answer) },
        ],
        rules: decision.tried.map(({ rule, won, why }) => ({
          rule: texts[`rule_${rule}` as keyof ConsoleTexts] as string,
          verdict: won ? 'won' : 'lost',
          reason: why,
        })),
      }),
    ),
  );
  return section({ title: texts.decision, content: stack(...tables) });
}

function contents(request: ConsoleRequest, { story, bodyText }: LetterPageData, texts: ConsoleTexts): SafeHtml {
  const { letter, attachments } = story;
  const { lang } = request;
  const isHtml = letter.bodyContentType === 'text/html';
  const body = isHtml
    ? messageFrame({ lang, title: texts.message, href: `/brev/${letter.id}/text` })
    : messageText(bodyText);
  const files = attachments.map((file) =>
    pdfFrame({
      lang,
      title: `${texts.attachments}: ${file.filename}`,
      href: `/brev/${letter.id}/bilagor/${file.position}`,
      fileName: file.filename,
      bytes: file.plainBytes,
    }),
  );
  const print =
    letter.printHash &&
    pdfFrame({ lang, title: texts.printSheet, href: `/brev/${letter.id}/utskrift`, fileName: 'utskrift.pdf' });
  return section({
    title: texts.content,
    content: stack(card({ title: texts.message, headingLevel: 3, content: body }), ...files, print),
  });
}

function factsCard(request: ConsoleRequest, { letter }: LetterStory, texts: ConsoleTexts): SafeHtml {
  const { lang } = request;
  const waiting = letter.stage !== null && letter.attempts > 0;
  return card({
    title: texts.facts,
    content: descriptionList([
      { term: texts.recipient, description: recipientName(letter, texts) },
      { term: texts.address, description: addressOf(request, letter, texts) },
      { term: texts.channel, description: channelName(letter.channel, texts) },
      ...(letter.supplier ? [{ term: texts.operator, description: letter.supplier.Name }] : []),
      { term: texts.flow, description: letter.flowName },
      { term: texts.unit, description: letter.unitName },
      { term: texts.system, description: letter.systemName },
      ...(letter.reference ? [{ term: texts.reference, description: letter.reference }] : []),
      { term: texts.accepted, description: time(letter.createdAt, lang) },
      { term: texts.size, description: formatBytes(letter.envelopeBytes, lang) },
      ...(letter.print ? [{ term: texts.sheets, description: formatNumber(letter.print.sheets, lang) }] : []),
      ...(waiting ? [{ term: texts.nextTry, description: time(letter.dueAt, lang) }] : []),
      ...(waiting ? [{ term: texts.attempts, description: formatNumber(letter.attempts, lang) }] : []),
      { term: 'Id', description: html`<code class="bd-code-inline">${letter.id}</code>` },
    ]),
  });
}

function addressOf(_request: ConsoleRequest, letter: LetterStory['letter'], texts: ConsoleTexts): SafeHtml | string {
  if (letter.address === null) return texts.noAddress;
  if (letter.protectedIdentity) return texts.protectedRecipient;
  return html`${printedLines(letter.address).map((line) => html`${line}<br>`)}`;
}

function receiptsCard(request: ConsoleRequest, { receipts }: LetterStory, texts: ConsoleTexts): SafeHtml | false {
  if (receipts.length === 0) return false;
  return card({
    title: texts.receipts,
    content: stack(
      ...receipts.map((receipt) =>
        descriptionList([
          {
            term: receipt.delivered ? texts.receiptDelivered : texts.receiptNotDelivered,
            description: time(receipt.at, request.lang),
          },
          ...Object.entries(receipt.proof).map(([term, value]) => ({ term, description: plain(value) })),
        ]),
      ),
    ),
  });
}
