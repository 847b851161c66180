import {
  alert,
  buttonRow,
  card,
  type Description,
  descriptionList,
  formatNumber,
  html,
  type Language,
  linkButton,
  messageFrame,
  messageText,
  pageHeading,
  pdfFrame,
  type SafeHtml,
  section,
  split,
  stack,
  stats,
  type TimelineEntry,
  time,
  timeline,
} from '@brevduva/ui';
import { cancelledByItselfAt, MAILING_EVENT_TEXTS, type Mailing } from '../../mailing/mailing.ts';
import { CONSOLE_SYSTEM_CODE } from '../../sql/consoleSystem.ts';
import type { MailingEvent, MailingStory } from '../../sql/mailingViews.ts';
import { LETTER_STATES } from '../../states.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { consoleTexts } from '../texts.ts';
import { STATE_TONES } from '../words.ts';
import { type MailingTexts, mailingTexts } from './texts.ts';
import { warningsAlert } from './warningsAlert.ts';
import { mailingBadge } from './words.ts';

export interface MailingPageData {
  readonly story: MailingStory;
  /** What all get, as plain text; undefined when it is HTML or gone. */
  readonly bodyText: string | undefined;
  /** What the person just did. */
  readonly done: MailingDeed | undefined;
  /** She did something that somebody else had been first with. */
  readonly isConflict: boolean;
  /** After so long a mailing that is not released is cancelled by itself. */
  readonly fillingDays: number;
}

export const MAILING_DEEDS = ['approved', 'sentBack', 'cancelled', 'released', 'asked'] as const;
export type MailingDeed = (typeof MAILING_DEEDS)[number];

/** One mailing: what all get, how far it has come, and who did what. */
export function mailingPage(request: ConsoleRequest, data: MailingPageData): string {
  const { lang } = request;
  const texts = mailingTexts(lang);
  const { mailing, unitName } = data.story;
  return consolePage(request, {
    title: mailing.name,
    area: 'mailings',
    notices: noticesOf(request, data, texts),
    content: html`${pageHeading({
      lang,
      title: mailing.name,
      lead: texts.mailingLead(mailing.flowName, unitName),
      status: mailingBadge(mailing.state, texts),
      breadcrumbs: [{ text: texts.mailings, href: '/utskick' }],
    })}
${split({
  main: stack(
    warningsAlert(request, mailing),
    stateSection(request, data, texts),
    contentSection(request, data, texts),
  ),
  aside: stack(factsCard(request, data.story, texts), storyCard(request, data.story, texts)),
  asideLabel: texts.facts,
})}`,
  });
}

function noticesOf(
  { lang }: ConsoleRequest,
  { story, done, isConflict }: MailingPageData,
  texts: MailingTexts,
): SafeHtml[] {
  const last = story.events.at(-1);
  if (isConflict && last !== undefined) {
    const content = texts.conflict(last.actor, eventTitle(last, lang).toLowerCase());
    return [alert({ tone: 'danger', title: texts.conflictTitle, content, live: true })];
  }
  return done === undefined ? [] : [alert({ tone: 'success', content: texts[`${done}Notice`], live: true })];
}

/** Where it stands, and what can be done about it. */
function stateSection(request: ConsoleRequest, data: MailingPageData, texts: MailingTexts): SafeHtml | false {
  const { story, fillingDays } = data;
  const { mailing, events } = story;
  if (mailing.state === 'committed') return progressSection(request, story, texts);
  if (mailing.state === 'cancelled') return false;
  const cancel =
    request.mayAct && linkButton({ text: texts.cancel, href: `/utskick/${mailing.id}/avbryt`, variant: 'secondary' });
  if (mailing.state === 'awaitingApproval') {
    const text = request.mayApprove ? texts.toApproval : texts.toApprovalReader;
    const review = linkButton({ text, href: `/utskick/${mailing.id}/granska` });
    return card({
      content: stack(
        alert({ tone: 'warning', title: texts.awaits, content: texts.awaitsText }),
        buttonRow([review, cancel]),
      ),
    });
  }
  const isOwn = story.systemCode === CONSOLE_SYSTEM_CODE;
  const back = events.at(-1)?.kind === 'sentBack' ? events.at(-1) : undefined;
  const content = back
    ? texts.sentBackText(back.actor, String(back.detail['reason'] ?? ''))
    : isOwn
      ? texts.ownFillingText
      : texts.fillingText;
  const release = isOwn && linkButton({ text: texts.toRelease, href: `/utskick/${mailing.id}/granska` });
  return card({
    content: stack(
      alert({
        tone: back ? 'warning' : 'info',
        content: html`${content} ${leftAlone(mailing, fillingDays, request.lang)}`,
      }),
      (release || cancel) && buttonRow([release, cancel]),
    ),
  });
}

/** Said beforehand: what is left alone does not stay for ever. */
function leftAlone(mailing: Mailing, fillingDays: number, lang: Language): SafeHtml | undefined {
  const at = cancelledByItselfAt(mailing, fillingDays);
  const texts = mailingTexts(lang);
  return at && html`${texts.leftAlone} ${time(at, lang, { style: 'longDate' })}.`;
}

function progressSection({ lang }: ConsoleRequest, { mailing }: MailingStory, texts: MailingTexts): SafeHtml {
  const states = consoleTexts(lang);
  const tiles = LETTER_STATES.filter((state) => (mailing.letters[state] ?? 0) > 0).map((state) => ({
    label: states[`state_${state}`],
    value: formatNumber(mailing.letters[state] ?? 0, lang),
    href: `/brev?utskick=${mailing.id}&state=${state}`,
    tone: STATE_TONES[state],
  }));
  return section({
    title: texts.progress,
    content: stats(tiles),
    actions: linkButton({ text: texts.showLetters, href: `/brev?utskick=${mailing.id}`, variant: 'secondary' }),
  });
}

function contentSection({ lang }: ConsoleRequest, { story, bodyText }: MailingPageData, texts: MailingTexts): SafeHtml {
  const { mailing, bodyHash, attachments, erasedAt } = story;
  if (bodyHash === undefined) {
    return section({
      title: texts.contents,
      content: alert({ tone: 'info', content: erasedAt === null ? texts.contentGone : texts.contentErased }),
    });
  }
  const path = `/utskick/${mailing.id}`;
  const message =
    bodyText === undefined ? messageFrame({ lang, title: texts.message, href: `${path}/text` }) : messageText(bodyText);
  return section({
    title: texts.contents,
    content: stack(
      card({ title: mailing.subject, headingLevel: 3, content: message }),
      ...attachments.map((file, n) =>
        pdfFrame({
          lang,
          title: `${texts.attachment}: ${file.filename}`,
          href: `${path}/bilagor/${n}`,
          fileName: file.filename,
          bytes: file.plainBytes,
        }),
      ),
    ),
  });
}

function factsCard(
  { lang }: ConsoleRequest,
  { mailing, unitName, systemName }: MailingStory,
  texts: MailingTexts,
): SafeHtml {
  const { notBefore, expiresAt, channelPolicy, approvedBy, committedAt } = mailing;
  const items: (Description | undefined)[] = [
    mailing.state === 'cancelled'
      ? undefined
      : { term: texts.recipients, description: formatNumber(mailing.recipients, lang) },
    { term: texts.flow, description: mailing.flowName },
    { term: texts.unit, description: unitName },
    { term: texts.system, description: systemName },
    channelPolicy && { term: texts.policy, description: texts[`policy_${channelPolicy}`] },
    notBefore && { term: texts.notBefore, description: time(notBefore, lang) },
    expiresAt && { term: texts.expires, description: time(expiresAt, lang) },
    { term: texts.created, description: time(mailing.createdAt, lang) },
    { term: texts.createdBy, description: mailing.createdBy },
    approvedBy === undefined ? undefined : { term: texts.approvedBy, description: approvedBy },
    committedAt && { term: texts.released, description: time(committedAt, lang) },
  ];
  return card({ title: texts.facts, content: descriptionList(items.filter((item) => item !== undefined)) });
}

function storyCard({ lang }: ConsoleRequest, { events }: MailingStory, texts: MailingTexts): SafeHtml {
  const entries = events.map((event): TimelineEntry => {
    const text = detailOf(event, lang, texts);
    return {
      at: event.at,
      title: eventTitle(event, lang),
      actor: event.actor,
      ...EVENT_LOOKS[event.kind],
      ...(text === undefined ? {} : { text }),
    };
  });
  return card({ title: texts.story, content: timeline({ label: texts.story, entries, lang }) });
}

function eventTitle({ kind }: MailingEvent, lang: ConsoleRequest['lang']): string {
  return MAILING_EVENT_TEXTS[kind][lang === 'en' ? 'en' : 'title'];
}

const EVENT_LOOKS = {
  created: { tone: 'info', icon: 'inbox' },
  approvalAsked: { tone: 'warning', icon: 'hand' },
  approved: { tone: 'success', icon: 'checkCircle' },
  sentBack: { tone: 'warning', icon: 'refresh' },
  committed: { tone: 'success', icon: 'send' },
  cancelled: { tone: 'neutral', icon: 'ban' },
  erased: { tone: 'neutral', icon: 'ban' },
} as const;

function detailOf({ detail }: MailingEvent, lang: ConsoleRequest['lang'], texts: MailingTexts): string | undefined {
  const { reason, letters, recipients, untouchedDays } = detail;
  if (typeof untouchedDays === 'number') return texts.untouched(formatNumber(untouchedDays, lang));
  if (typeof reason === 'string') return texts.reasonGiven(reason);
  if (typeof letters === 'number') return texts.lettersMade(formatNumber(letters, lang));
  return typeof recipients === 'number' ? texts.recipientsCounted(formatNumber(recipients, lang)) : undefined;
}
