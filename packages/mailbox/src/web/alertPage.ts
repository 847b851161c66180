import {
  actionForm,
  alert as alertFrame,
  badge,
  card,
  checkbox,
  descriptionList,
  html,
  pageHeading,
  type SafeHtml,
  stack,
  textField,
} from '@brevduva/ui';
import type { AlertAddressRow, AlertChannel } from '../sql/alertAddress.ts';
import { type AlertPageTexts, alertPageTexts } from './alertTexts.ts';
import { mailboxPage, type Shell } from './layout.ts';
import { membershipTexts } from './membershipTexts.ts';
import { ALERTS_PATH, alertPath, SETTINGS_PATH } from './paths.ts';

/** One way, and the address that it has. */
export interface AlertWay {
  readonly channel: AlertChannel;
  readonly entered: (Pick<AlertAddressRow, 'state' | 'namesSender'> & { readonly address: string }) | undefined;
}

/** What was typed into one of the forms, and what is wrong with it. */
export interface AlertFault {
  readonly channel: AlertChannel;
  readonly field: 'address' | 'code';
  readonly typed: string;
  readonly text: string;
}

/** Where the holder wants to be told of new mail. */
export function alertPage(
  shell: Shell,
  { ways, fault }: { ways: readonly AlertWay[]; fault?: AlertFault | undefined },
): string {
  const { lang } = shell;
  const text = alertPageTexts(lang);
  const heading = pageHeading({
    lang,
    title: text.title,
    lead: text.lead,
    ...(shell.mailbox?.hasSettings === true
      ? { breadcrumbs: [{ text: membershipTexts(lang).settings, href: SETTINGS_PATH }] }
      : {}),
  });
  const cards = ways.map((way) => wayCard(shell, way, fault?.channel === way.channel ? fault : undefined, text));
  return mailboxPage(shell, {
    title: text.title,
    content: html`${heading}
${stack(...cards)}`,
    place: 'settings',
    width: 'narrow',
  });
}

function wayCard(shell: Shell, way: AlertWay, fault: AlertFault | undefined, text: AlertPageTexts): SafeHtml {
  const { channel, entered } = way;
  if (entered === undefined) return card({ title: text[channel], content: addressForm(shell, way, fault, text) });
  const content = [
    entered.state === 'broken' && alertFrame({ tone: 'warning', content: text.brokenText }),
    descriptionList([{ term: text.address, description: html`${entered.address} ${stateBadge(entered.state, text)}` }]),
    entered.state === 'unconfirmed' && codeForm(shell, channel, entered.address, fault, text),
    entered.state === 'working' && choiceForm(shell, channel, entered.namesSender, text),
    entered.state !== 'working' && addressForm(shell, way, fault, text),
    actionForm({
      action: alertPath(channel, 'remove'),
      csrfToken: csrf(shell),
      submit: { text: text.remove, variant: 'tertiary', context: text[channel] },
    }),
  ];
  return card({ title: text[channel], content: stack(...content.filter((each) => each !== false)) });
}

function addressForm(
  shell: Shell,
  { channel, entered }: AlertWay,
  fault: AlertFault | undefined,
  text: AlertPageTexts,
): SafeHtml {
  const isSms = channel === 'sms';
  const field = textField({
    name: 'address',
    id: `address-${channel}`,
    label: isSms ? text.smsLabel : text.emailLabel,
    type: isSms ? 'tel' : 'email',
    autocomplete: isSms ? 'tel' : 'email',
    ...(isSms ? { description: text.smsHint } : {}),
    value: fault?.field === 'address' ? fault.typed : '',
    error: fault?.field === 'address' ? fault.text : undefined,
  });
  return actionForm({
    action: alertPath(channel, 'address'),
    csrfToken: csrf(shell),
    fields: html`${field}${senderChoice(channel, entered?.namesSender ?? false, text)}`,
    submit: { text: text.sendCode, variant: entered === undefined ? 'primary' : 'secondary', context: text[channel] },
  });
}

function codeForm(
  shell: Shell,
  channel: AlertChannel,
  address: string,
  fault: AlertFault | undefined,
  text: AlertPageTexts,
): SafeHtml {
  return actionForm({
    action: alertPath(channel, 'confirm'),
    csrfToken: csrf(shell),
    fields: textField({
      name: 'code',
      id: `code-${channel}`,
      label: text.codeLabel,
      description: text.codeHint(address),
      inputMode: 'numeric',
      autocomplete: 'one-time-code',
      size: 8,
      maxLength: 10,
      error: fault?.field === 'code' ? fault.text : undefined,
    }),
    submit: { text: text.confirm, context: text[channel] },
  });
}

function choiceForm(shell: Shell, channel: AlertChannel, namesSender: boolean, text: AlertPageTexts): SafeHtml {
  return actionForm({
    action: alertPath(channel, 'choices'),
    csrfToken: csrf(shell),
    fields: senderChoice(channel, namesSender, text),
    submit: { text: text.save, variant: 'secondary', context: text[channel] },
  });
}

function senderChoice(channel: AlertChannel, checked: boolean, text: AlertPageTexts): SafeHtml {
  const description = text.namesSenderHint;
  return checkbox({ name: 'namesSender', id: `sender-${channel}`, label: text.namesSender, description, checked });
}

function stateBadge(state: AlertAddressRow['state'], text: AlertPageTexts): SafeHtml {
  if (state === 'working') return badge({ text: text.working, tone: 'success' });
  return state === 'broken'
    ? badge({ text: text.broken, tone: 'warning' })
    : badge({ text: text.unconfirmed, tone: 'info' });
}

function csrf({ user }: Shell): string {
  return user?.csrfToken ?? '';
}

/** For the page of settings: what is chosen, and whether it works. */
export function alertSummary(shell: Shell, addresses: readonly Pick<AlertAddressRow, 'channel' | 'state'>[]): SafeHtml {
  const text = alertPageTexts(shell.lang);
  const working = addresses.filter(({ state }) => state === 'working').map(({ channel }) => text[channel]);
  const isBroken = addresses.some(({ state }) => state === 'broken');
  const words = working.length === 0 ? text.settingsNone : text.settingsSome(working.join(', '));
  return card({
    title: text.title,
    content: html`${isBroken && alertFrame({ tone: 'warning', content: text.settingsBroken })}<p>${words}</p><p><a
 class="ds-button" data-variant="secondary" href="${ALERTS_PATH}">${text.settingsButton}</a></p>`,
  });
}
