import {
  alert,
  badge,
  card,
  descriptionList,
  html,
  link,
  linkButton,
  pageHeading,
  type SafeHtml,
  split,
  table,
  time,
} from '@brevduva/ui';
import type { AccountRow } from '../sql/account.ts';
import type { AlertAddressRow } from '../sql/alertAddress.ts';
import type { SigningOrderRow } from '../sql/signingOrder.ts';
import { actName, resultWords } from './actPage.ts';
import { alertSummary } from './alertPage.ts';
import { mailboxPage, type Shell } from './layout.ts';
import { type MembershipTexts, membershipTexts } from './membershipTexts.ts';
import { CLOSE_PATH, SENDERS_PATH, signedActPath } from './paths.ts';

export interface SettingsView {
  mailbox: AccountRow;
  /** Names of the senders that are turned away; undefined when the register does not answer. */
  declined: readonly string[] | undefined;
  history: readonly SigningOrderRow[];
  /** Undefined where nobody can be told of new mail. */
  alerts: readonly AlertAddressRow[] | undefined;
  notices: readonly SafeHtml[];
}

const NAMES_SHOWN_MAX = 8;

/** The mailbox itself: who keeps it, whose mail it takes, what was signed, and the way out. */
export function settingsPage(shell: Shell, view: SettingsView): string {
  const { lang } = shell;
  const text = membershipTexts(lang);
  const isOpen = view.mailbox.state === 'active';
  const content = html`${pageHeading({ lang, title: text.settings })}
${split({
  main: [
    isOpen && sendersCard(shell, view),
    isOpen && view.alerts !== undefined && alertSummary(shell, view.alerts),
    historyCard(shell, view),
  ],
  aside: [mailboxCard(shell, view), isOpen && leaveCard(text)],
  asideLabel: text.yourMailbox,
})}`;
  return mailboxPage(shell, { title: text.settings, content, notices: view.notices, place: 'settings' });
}

function sendersCard({ lang }: Shell, { declined }: SettingsView): SafeHtml {
  const text = membershipTexts(lang);
  const button = linkButton({ text: text.sendersButton, href: SENDERS_PATH, variant: 'secondary' });
  return card({ title: text.senders, content: html`${declinedWords(declined, text)}<p>${button}</p>` });
}

function declinedWords(declined: readonly string[] | undefined, text: MembershipTexts): SafeHtml {
  if (declined === undefined) return alert({ tone: 'warning', content: text.sendersUnknown });
  if (declined.length === 0) return html`<p>${text.sendersAll}</p>`;
  const shown = declined.slice(0, NAMES_SHOWN_MAX).map((name) => html`<li>${name}</li>`);
  const more = declined.length - shown.length;
  return html`<p>${text.sendersSome(declined.length)}</p><ul class="bd-list">${shown}${
    more > 0 && html`<li>${text.sendersMore(more)}</li>`
  }</ul>`;
}

function historyCard({ lang }: Shell, { history }: SettingsView): SafeHtml {
  const text = membershipTexts(lang);
  const rows = table({
    caption: text.history,
    captionHidden: true,
    rows: history,
    empty: html`<p class="bd-muted">${text.historyEmpty}</p>`,
    columns: [
      { header: text.historyWhen, nowrap: true, cell: (row) => time(row.collectedAt ?? row.createdAt, lang) },
      { header: text.historyWhat, rowHeader: true, cell: (row) => actLink(row, text) },
      { header: text.historyResult, cell: (row) => resultWords(row, text) },
    ],
  });
  return card({ title: text.history, content: rows });
}

function actLink(row: SigningOrderRow, text: MembershipTexts): SafeHtml {
  return link(actName(row.purpose, text), signedActPath(row.id));
}

function mailboxCard({ lang, brand, user }: Shell, { mailbox }: SettingsView): SafeHtml {
  const text = membershipTexts(lang);
  return card({
    title: text.yourMailbox,
    content: descriptionList([
      { term: text.holder, description: user?.name ?? '' },
      { term: text.operator, description: brand.name },
      { term: text.status, description: stateBadge(mailbox, text) },
    ]),
  });
}

function stateBadge({ state, movedTo }: AccountRow, text: MembershipTexts): SafeHtml {
  switch (state) {
    case 'active':
      return badge({ text: text.statusActive, tone: 'success' });
    case 'opening':
      return badge({ text: text.statusOpening, tone: 'info' });
    case 'pending':
      return badge({ text: text.statusPending, tone: 'info' });
    case 'moved':
      return badge({ text: text.statusMoved(movedTo ?? ''), tone: 'neutral' });
    case 'closed':
      return badge({ text: text.statusClosed, tone: 'neutral' });
  }
}

function leaveCard(text: MembershipTexts): SafeHtml {
  return card({
    title: text.moveAway,
    content: html`<p>${text.moveAwayText}</p><p>${link(text.closeTitle, CLOSE_PATH)}</p>`,
  });
}
