import { alert, createTexts, formatNumber, html, link, type SafeHtml, time } from '@brevduva/ui';
import { CHECK_EVERY_MS } from '../noSilentEnd.ts';
import type { SilentEnd } from '../silentEnds.ts';
import type { LatestCheck } from '../sql/noSilentEnd.ts';
import type { ConsoleRequest } from './shell.ts';

/** The check has missed several turns: nobody knows any more whether all is well. */
const LATE_MS = 6 * CHECK_EVERY_MS;
const LETTER_KINDS: readonly string[] = ['letter', 'case', 'notice'];

/** Whether everything has an end or a next step, as of the last check; what has not is named with the oldest. */
export function endsAlert({ lang, now }: ConsoleRequest, { checkedAt, silentEnds }: LatestCheck): SafeHtml {
  const texts = silentEndTexts(lang);
  const at = html`${texts.checked} ${time(checkedAt, lang, { style: 'relative', now })}.`;
  if (silentEnds.length > 0) {
    const lines = silentEnds.map((found) => html`<li>${endLine(found, lang)}</li>`);
    const content = html`<p>${texts.brokenText} ${at}</p><ul class="bd-list">${lines}</ul>`;
    return alert({ tone: 'danger', title: texts.broken, content });
  }
  if (now.getTime() - checkedAt.getTime() > LATE_MS) {
    return alert({ tone: 'warning', title: texts.late, content: at });
  }
  return alert({ tone: 'success', content: html`${texts.allEnd} ${at}` });
}

function endLine({ kind, count, since, examples }: SilentEnd, lang: ConsoleRequest['lang']): SafeHtml {
  const texts = silentEndTexts(lang);
  const isLetter = LETTER_KINDS.some((start) => kind.startsWith(start));
  const shown = examples.map((id) => (isLetter ? html`${link(id.slice(-12), `/brev/${id}`)} ` : html`${id} `));
  const when = time(new Date(since), lang);
  return html`${texts[kind]}: ${formatNumber(count, lang)} (${texts.oldest} ${when}). ${shown}`;
}

export const silentEndTexts = createTexts({
  sv: {
    allEnd: 'Alla brev har ett slut eller en tid för nästa steg.',
    broken: 'Allt har inte ett slut',
    brokenText: 'Det här går inte vidare av sig självt. Lämna det till den som sköter Brevduva.',
    late: 'Kontrollen att alla brev har ett slut går inte',
    checked: 'Kontrollerat',
    oldest: 'äldst sedan',
    letterNotTaken: 'Brev som ingen tar trots att tiden är inne',
    letterDueTooLate: 'Brev som väntar på en orimligt avlägsen tid',
    letterNowhere: 'Brev i ett steg som deras kanal inte har',
    letterTooLong: 'Brev som försökts längre än något steg gör',
    letterNoCase: 'Brev som ska ligga hos en person men saknar ärende',
    caseAstray: 'Ärenden utan brev, ägare eller åtgärd',
    caseForgotten: 'Ärenden vars tid gick ut för över två veckor sedan',
    letterUnproven: 'Levererade eller utskrivna brev utan kvittens',
    handInForgotten: 'Inlämnat att reda ut, vars tid gick ut för över två veckor sedan',
    formNotTaken: 'Formulär som ingen tar trots att tiden är inne',
    formForgotten: 'Formulär som inte kommit fram, hos en person sedan över två veckor',
    printJobStuck: 'Utskrifter från skrivaren som varken lästs eller stängts',
    printOrderNotTaken: 'Brev på papper som ingen batch tar trots att stopptiden är förbi',
    printBatchNotTaken: 'Utskriftsbatcher som ingen lämnar över trots att tiden är inne',
    printBatchUnwatched: 'Lämnade batcher som tryckeriet inte svarat om, utan ärende',
    printCaseForgotten: 'Ärenden om tryckerier vars tid gick ut för över två veckor sedan',
    filesStuck: 'Inlämnade filer som ingen har arbetat vidare med',
    noticeNotTaken: 'Sms och e-post som ingen tar trots att tiden är inne',
    mailingForgotten: 'Utskick som varken släppts, avbrutits eller besvarats',
  },
  en: {
    allEnd: 'Every letter has an end, or a time for its next step.',
    broken: 'Not everything has an end',
    brokenText: 'This does not go on by itself. Hand it to whoever runs Brevduva.',
    late: 'The check that every letter has an end does not run',
    checked: 'Checked',
    oldest: 'the oldest since',
    letterNotTaken: 'Letters that are due and nobody takes',
    letterDueTooLate: 'Letters that wait for a time unreasonably far away',
    letterNowhere: 'Letters at a stage that their channel does not have',
    letterTooLong: 'Letters tried for longer than any stage does',
    letterNoCase: 'Letters said to be with a person, without a case',
    caseAstray: 'Cases without a letter, an owner or a next action',
    caseForgotten: 'Cases whose time ended more than two weeks ago',
    letterUnproven: 'Delivered or printed letters without a receipt',
    handInForgotten: 'Hand-ins to sort out whose time ended more than two weeks ago',
    formNotTaken: 'Forms that are due and nobody takes',
    formForgotten: 'Forms that did not arrive, with a person for more than two weeks',
    printJobStuck: 'Print jobs neither read nor closed',
    printOrderNotTaken: 'Letters on paper that no batch takes though the cut-off has passed',
    printBatchNotTaken: 'Print batches that are due and nobody hands over',
    printBatchUnwatched: 'Batches that the print shop has not told of, without a case',
    printCaseForgotten: 'Cases about print shops whose time ended more than two weeks ago',
    filesStuck: 'Handed-in files that nobody has gone on with',
    noticeNotTaken: 'SMS and e-mail that are due and nobody takes',
    mailingForgotten: 'Mailings neither released, cancelled nor answered',
  },
});
