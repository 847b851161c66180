import {
  badge,
  button,
  buttonRow,
  card,
  descriptionList,
  disclosure,
  emptyState,
  formatNumber,
  html,
  join,
  messageText,
  page,
  pageHeading,
  type SafeHtml,
  section,
  select,
  time,
} from '@brevduva/ui';
import type { SetFault } from '../faults.ts';
import { GATEWAY_FAULT_TEXTS, type GatewayParty } from './gatewayFaults.ts';
import type { SentMail, SentMessage, SentSms } from './messageStore.ts';

const LANG = 'sv';
const BRAND = { name: 'Utvecklingens utkorg', home: '/', theme: 'slate', header: 'filled' } as const;
const PARTY_TEXTS: Readonly<Record<GatewayParty, string>> = { epost: 'E-post', sms: 'SMS' };

export interface GatewayView {
  readonly nonce: string;
  readonly messages: readonly SentMessage[];
  readonly faults: readonly SetFault[];
}

/** Everything that the parties of this machine have sent as e-mail and SMS, and what is made to go wrong with it. */
export function gatewayPage({ nonce, messages, faults }: GatewayView): string {
  const heading = pageHeading({
    lang: LANG,
    title: 'Skickade e-brev och SMS',
    lead: 'Här hamnar allt som parterna i den här utvecklingsmiljön skickar. Ingenting lämnar datorn.',
  });
  const list =
    messages.length === 0
      ? emptyState({
          title: 'Inget är skickat ännu',
          text: 'Lämna in ett brev till någon som vill ha besked om ny post.',
        })
      : join(messages.map((each) => (each.kind === 'mail' ? mailCard(each) : smsCard(each))));
  const content = html`${heading}
${section({ title: 'Låt det gå fel', content: (['epost', 'sms'] as const).map((party) => faultForm(party, faults)) })}
${section({ title: `${formatNumber(messages.length, LANG)} meddelanden, det senaste först`, content: list })}
${messages.length > 0 && html`<form method="post" action="/clear">${buttonRow([button({ text: 'Töm listan', variant: 'secondary' })])}</form>`}`;
  return page({ lang: LANG, title: 'Skickat', brand: BRAND, nonce, width: 'narrow', content });
}

function faultForm(party: GatewayParty, faults: readonly SetFault[]): SafeHtml {
  const current = faults.find((each) => each.party === party)?.kind ?? '';
  const choices = [
    { value: '', text: 'Allt kommer fram' },
    ...Object.entries(GATEWAY_FAULT_TEXTS).map(([value, text]) => ({ value, text })),
  ];
  return html`<form method="post" action="/fault"><input type="hidden" name="party" value="${party}">
${select({ label: PARTY_TEXTS[party], name: 'kind', id: `fault-${party}`, choices, value: current })}
${buttonRow([button({ text: `Ändra för ${PARTY_TEXTS[party]}`, variant: 'secondary' })])}</form>`;
}

function mailCard(mail: SentMail): SafeHtml {
  const { dkim } = mail;
  return card({
    title: mail.subject,
    content: html`${descriptionList([
      { term: 'Skickat', description: time(mail.at, LANG) },
      { term: 'Från', description: mail.from },
      { term: 'Till', description: mail.to },
      {
        term: 'Underskrift (DKIM)',
        description: dkim === undefined ? 'ingen' : `${dkim.domain}, nyckeln ${dkim.selector}`,
      },
      { term: 'Studsar går till', description: mail.envelopeFrom },
      ...reportsOf(mail),
    ])}
${messageText(mail.text)}
${disclosure({ summary: `Brevhuvuden${mail.hasHtml ? ' (brevet finns även som HTML)' : ''}`, content: messageText(mail.headers) })}`,
  });
}

function smsCard(sms: SentSms): SafeHtml {
  const { alphabet, units, parts } = sms.length;
  return card({
    title: `SMS till ${sms.to}`,
    content: html`${descriptionList([
      { term: 'Skickat', description: html`${time(sms.at, LANG)} ${badge({ text: sms.door, tone: 'neutral' })}` },
      { term: 'Från', description: sms.from },
      {
        term: 'Längd',
        description: `${formatNumber(units, LANG)} tecken i ${alphabet}, ${parts === 1 ? '1 SMS' : `${parts} SMS`}`,
      },
      ...reportsOf(sms),
    ])}
${messageText(sms.text)}`,
  });
}

function reportsOf({ reports }: SentMessage): { term: string; description: string }[] {
  return reports.length === 0 ? [] : [{ term: 'Återrapporterat', description: reports.join(', ') }];
}
