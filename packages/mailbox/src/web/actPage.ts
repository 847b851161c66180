import { descriptionList, html, linkButton, pageHeading, type SafeHtml, stack, time } from '@brevduva/ui';
import { type Refusal, readRefusal } from '../membership/refusal.ts';
import type { Purpose, SigningOrderRow } from '../sql/signingOrder.ts';
import { mailboxPage, type Shell } from './layout.ts';
import { type MembershipTexts, membershipTexts } from './membershipTexts.ts';
import { actPath, CLOSE_PATH, OPEN_PATH, SENDERS_PATH, SETTINGS_PATH } from './paths.ts';
import { signedTextCard } from './signedText.ts';

/** Where an act that is not done stands, in plain words, and what the person can do. */
export function actPage(shell: Shell, order: SigningOrderRow): string {
  const { lang } = shell;
  const { title, lead, actions } = wordsFor(order, membershipTexts(lang));
  const facts =
    order.state === 'refused' && readRefusal(order.refusal) === 'other' ? referenceOf(shell, order) : undefined;
  const content = html`${pageHeading({ lang, title, lead })}
${facts}
<div class="bd-button-row">${actions}</div>`;
  return mailboxPage(shell, { title, content, width: 'narrow' });
}

/** One act out of the history: when, with what outcome, and the very text. */
export function signedActPage(shell: Shell, order: SigningOrderRow): string {
  const { lang } = shell;
  const text = membershipTexts(lang);
  const rows = [
    { term: text.historyWhat, description: actName(order.purpose, text) },
    { term: text.actSignedAt, description: time(order.collectedAt ?? order.createdAt, lang, { style: 'long' }) },
    { term: text.historyResult, description: resultWords(order, text) },
  ];
  const content = html`${pageHeading({
    lang,
    title: text.actTitle,
    breadcrumbs: [{ text: text.settings, href: SETTINGS_PATH }],
  })}
${stack(descriptionList(rows), signedTextCard({ lang, title: text.whatYouSigned, text: order.text }))}`;
  return mailboxPage(shell, { title: text.actTitle, content, place: 'settings', width: 'narrow' });
}

/** What the person did, as the history names it. */
export function actName(purpose: Purpose, text: MembershipTexts): string {
  const names: Readonly<Record<Purpose, string>> = {
    register: text.actRegister,
    changeServiceSupplier: text.actMove,
    storeAccountPreferences: text.actSenders,
    deregister: text.actClose,
  };
  return names[purpose];
}

/** What came of something that was signed. */
export function resultWords({ state, refusal }: SigningOrderRow, text: MembershipTexts): string {
  if (state === 'done') return text.resultDone;
  if (state === 'signed' || state === 'sent') return text.resultOpen;
  if (state !== 'refused') return text.resultRefused;
  return `${text.resultRefused}: ${lowerFirst(refusalWords(readRefusal(refusal), text).title)}`;
}

interface Words {
  title: string;
  lead: string;
  actions: readonly SafeHtml[];
}

function wordsFor({ id, state, purpose, signUrl, refusal }: SigningOrderRow, text: MembershipTexts): Words {
  const again = linkButton({ text: text.again, href: beginPath(purpose) });
  switch (state) {
    case 'begun':
    case 'ordered': {
      const sign = linkButton({ text: text.signButton, href: signUrl ?? actPath(id), icon: 'seal' });
      const later = linkButton({ text: text.signLater, href: beginPath(purpose), variant: 'tertiary' });
      return { title: text.signTitle, lead: text.signLead, actions: [sign, later] };
    }
    case 'signed':
    case 'sent': {
      const look = linkButton({ text: text.goesOnButton, href: actPath(id), icon: 'refresh' });
      return { title: text.goesOnTitle, lead: text.goesOnLead, actions: [look] };
    }
    case 'cancelled':
      return { title: text.cancelledTitle, lead: text.cancelledLead, actions: [again] };
    case 'expired':
      return { title: text.expiredTitle, lead: text.expiredLead, actions: [again] };
    case 'replaced':
      return { title: text.replacedTitle, lead: text.replacedLead, actions: [toInbox(text)] };
    case 'done':
      return { title: text.actTitle, lead: text.resultDone, actions: [toInbox(text)] };
    case 'refused':
      return refusedWords(readRefusal(refusal), purpose, text);
  }
}

function refusedWords(refusal: Refusal, purpose: Purpose, text: MembershipTexts): Words {
  const words = refusalWords(refusal, text);
  return { title: words.title, lead: words.text, actions: refusalActions(refusal, purpose, text) };
}

function refusalActions(refusal: Refusal, purpose: Purpose, text: MembershipTexts): SafeHtml[] {
  switch (refusal) {
    // There is nothing that she could do here.
    case 'minor':
    case 'protectedIdentity':
    case 'unknownPerson':
      return [];
    case 'alreadyOpen':
      return [linkButton({ text: text.refusedExistsButton, href: OPEN_PATH })];
    case 'noMailbox':
    case 'changedMeanwhile':
      return [linkButton({ text: text.refusedChangedButton, href: OPEN_PATH })];
    default:
      return [linkButton({ text: text.again, href: beginPath(purpose) })];
  }
}

function refusalWords(refusal: Refusal, text: MembershipTexts): { title: string; text: string } {
  const words: Readonly<Record<Refusal, readonly [title: string, text: string]>> = {
    minor: [text.refusedMinorTitle, text.refusedMinorText],
    protectedIdentity: [text.refusedProtectedTitle, text.refusedProtectedText],
    unknownPerson: [text.refusedUnknownTitle, text.refusedUnknownText],
    alreadyOpen: [text.refusedExistsTitle, text.refusedExistsText],
    noMailbox: [text.refusedNoneTitle, text.refusedNoneText],
    changedMeanwhile: [text.refusedChangedTitle, text.refusedChangedText],
    signature: [text.refusedSignatureTitle, text.refusedSignatureText],
    tooLate: [text.refusedLateTitle, text.refusedLateText],
    populationRegister: [text.refusedPopulationTitle, text.refusedPopulationText],
    senders: [text.refusedSendersTitle, text.refusedSendersText],
    eId: [text.refusedEIdTitle, text.refusedEIdText],
    other: [text.refusedOtherTitle, text.refusedOtherText],
  };
  const [title, lead] = words[refusal];
  return { title, text: lead };
}

/** The page where an act of this kind begins. */
function beginPath(purpose: Purpose): string {
  if (purpose === 'storeAccountPreferences') return SENDERS_PATH;
  return purpose === 'deregister' ? CLOSE_PATH : OPEN_PATH;
}

function toInbox(text: MembershipTexts): SafeHtml {
  return linkButton({ text: text.toInbox, href: '/inbox', variant: 'secondary' });
}

function referenceOf({ lang }: Shell, { id, faultCode }: SigningOrderRow): SafeHtml {
  const reference = faultCode === null ? id : `${id} · ${faultCode}`;
  return descriptionList([{ term: membershipTexts(lang).reference, description: html`<code>${reference}</code>` }]);
}

function lowerFirst(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}
