import {
  actionForm,
  alert,
  buttonRow,
  card,
  errorSummary,
  formatNumber,
  grid,
  html,
  link,
  linkButton,
  pageHeading,
  type SafeHtml,
  section,
  shareBar,
  split,
  stack,
  stats,
  textArea,
  time,
} from '@brevduva/ui';
import type { MailingForecast } from '../../mailing/forecast.ts';
import type { Mailing } from '../../mailing/mailing.ts';
import type { MailingStory } from '../../sql/mailingViews.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { previewCard, type ShownPreview } from './previewCard.ts';
import { type MailingTexts, mailingTexts } from './texts.ts';
import { warningsAlert } from './warningsAlert.ts';
import { kronor } from './words.ts';

export interface ApprovalPageData {
  readonly story: MailingStory;
  /** `approve`: by a second person. `release`: by who made it here in the console. */
  readonly mode: 'approve' | 'release';
  /** The last mailing to the same list. */
  readonly sentBefore: Mailing['sentBefore'];
  /** Undefined while FaR does not answer. */
  readonly forecast: MailingForecast | undefined;
  readonly previews: readonly ShownPreview[];
  /** She made the mailing herself. */
  readonly isOwn: boolean;
  /** It was sent back and asked for again since she opened the page. */
  readonly hasChanged: boolean;
  /** She sent it back without saying why. */
  readonly isReasonMissing: boolean;
}

export const REASON_CHARACTERS_MAX = 1_000;

/** What the second person sees before she says yes or no. */
export function approvalPage(request: ConsoleRequest, data: ApprovalPageData): string {
  const { lang } = request;
  const texts = mailingTexts(lang);
  const { mailing } = data.story;
  const notice = alert({ tone: 'danger', title: texts.changedTitle, content: texts.changed, live: true });
  return consolePage(request, {
    title: `${texts.approval}: ${mailing.name}`,
    area: 'mailings',
    notices: data.hasChanged ? [notice] : [],
    hasErrors: data.isReasonMissing,
    content: html`${data.isReasonMissing && errorSummary({ lang, errors: [{ fieldId: 'reason', text: texts.reasonMissing }] })}
${pageHeading({
  lang,
  title: mailing.name,
  lead: texts.approvalLead,
  breadcrumbs: [
    { text: texts.mailings, href: '/utskick' },
    { text: mailing.name, href: `/utskick/${mailing.id}` },
  ],
})}
${stack(
  sentBeforeAlert(data, lang, texts),
  warningsAlert(request, mailing),
  forecastSection(request, data, texts),
  previewSection(request, data, texts),
  answerSection(request, data, texts),
)}`,
  });
}

function sentBeforeAlert(
  { sentBefore }: ApprovalPageData,
  lang: ConsoleRequest['lang'],
  texts: MailingTexts,
): SafeHtml | false {
  if (sentBefore === undefined) return false;
  const { id, name, at } = sentBefore;
  const content = html`${texts.sentBefore} ${link(name, `/utskick/${id}`)}, ${time(at, lang)}.`;
  return alert({ tone: 'warning', title: texts.sentBeforeTitle, content });
}

function forecastSection(
  { lang }: ConsoleRequest,
  { story, forecast }: ApprovalPageData,
  texts: MailingTexts,
): SafeHtml {
  const recipients = { label: texts.recipients, value: formatNumber(story.mailing.recipients, lang) };
  if (forecast === undefined) {
    return stack(
      stats([recipients]),
      alert({ tone: 'warning', title: texts.registerDown, content: texts.registerDownText }),
    );
  }
  const { reach, cost } = forecast;
  const isNotice = NOTICE_REACHES.some(({ kind }) => kind !== 'case' && reach[kind] > 0);
  const parts = (isNotice ? NOTICE_REACHES : REACHES).map(({ kind, series }) => ({
    label: texts[`reach_${kind}`],
    count: reach[kind],
    series,
  }));
  const note = isNotice
    ? texts.costNotices(kronor(cost.notices, lang))
    : texts.costNote(kronor(cost.eInvoice, lang), kronor(cost.digital, lang), kronor(cost.paper, lang));
  return stack(
    stats([
      recipients,
      { label: texts.costTotal, value: kronor(cost.total, lang), note },
      ...(isNotice
        ? []
        : [{ label: texts.costAllPaper, value: kronor(cost.ifAllOnPaper, lang), note: texts.costAllPaperNote }]),
    ]),
    card({ content: shareBar({ lang, label: texts.reach, parts }) }),
  );
}

const REACHES = [
  { kind: 'eInvoice', series: 5 },
  { kind: 'digital', series: 1 },
  { kind: 'paper', series: 2 },
  { kind: 'address', series: 3 },
  { kind: 'case', series: 4 },
] as const;

/** A notice is no letter, and never goes on paper by itself. */
const NOTICE_REACHES = [
  { kind: 'notification', series: 1 },
  { kind: 'sms', series: 2 },
  { kind: 'email', series: 3 },
  { kind: 'unnotified', series: 4 },
  { kind: 'case', series: 5 },
] as const;

function previewSection(request: ConsoleRequest, { story, previews }: ApprovalPageData, texts: MailingTexts): SafeHtml {
  const title = story.mailing.recipients > previews.length ? texts.previews : texts.previewsFew;
  if (previews.length === 0) {
    return section({ title, content: alert({ tone: 'info', content: texts.noPreviews }) });
  }
  const all = linkButton({
    text: texts.previewAny,
    href: `/utskick/${story.mailing.id}/mottagare`,
    variant: 'secondary',
  });
  const cards = grid(previews.map((shown) => previewCard(request, story.mailing.id, shown)));
  return section({ title, content: cards, actions: all });
}

function answerSection(request: ConsoleRequest, data: ApprovalPageData, texts: MailingTexts): SafeHtml {
  const { lang } = request;
  const { story, isOwn } = data;
  if (data.mode === 'release') return releaseSection(request, story, texts);
  if (!request.mayApprove || isOwn) {
    const content = isOwn ? texts.ownMailing : texts.notApprover;
    return section({ title: texts.answer, content: alert({ tone: 'info', content }) });
  }
  const common = {
    csrfToken: request.user.csrfToken,
    hidden: { begard: story.events.at(-1)?.id ?? '' },
  };
  const path = `/utskick/${story.mailing.id}`;
  return section({
    title: texts.answer,
    content: split({
      main: card({
        title: texts.approve,
        headingLevel: 3,
        content: stack(
          html`<p>${texts.approveHelp(formatNumber(story.mailing.recipients, lang))}</p>`,
          actionForm({ ...common, action: `${path}/godkann`, submit: { text: texts.approve, icon: 'check' } }),
        ),
      }),
      aside: card({
        title: texts.sendBack,
        headingLevel: 3,
        content: stack(
          html`<p>${texts.sendBackHelp}</p>`,
          actionForm({
            ...common,
            action: `${path}/skicka-tillbaka`,
            fields: textArea({
              name: 'reason',
              label: texts.reason,
              description: texts.reasonHelp,
              rows: 3,
              required: true,
              error: data.isReasonMissing ? texts.reasonMissing : undefined,
            }),
            submit: { text: texts.sendBack, variant: 'secondary' },
          }),
        ),
      }),
      asideLabel: texts.sendBack,
    }),
  });
}

/** For who made it: release it, or ask a second person where the flow wants one. */
function releaseSection(request: ConsoleRequest, { mailing }: MailingStory, texts: MailingTexts): SafeHtml {
  const { lang } = request;
  const { id, recipients, approvalOver } = mailing;
  const count = formatNumber(recipients, lang);
  const mustAsk = approvalOver !== undefined && recipients > approvalOver;
  const title = mustAsk ? texts.askApproval : texts.release;
  const help = mustAsk ? texts.askApprovalHelp(formatNumber(approvalOver, lang)) : texts.approveHelp(count);
  const cancel = linkButton({ text: texts.cancel, href: `/utskick/${id}/avbryt`, variant: 'secondary' });
  const release = actionForm({
    action: `/utskick/${id}/slapp`,
    csrfToken: request.user.csrfToken,
    submit: { text: title, icon: 'send' },
  });
  const content = request.mayAct
    ? stack(html`<p>${help}</p>`, buttonRow([release, cancel]))
    : html`<p>${texts.releaseByCaseworker}</p>`;
  return section({ title: texts.goOn, content: card({ content }) });
}
