import {
  button,
  buttonRow,
  card,
  descriptionList,
  formatRecipientId,
  html,
  messageText,
  pageHeading,
  type SafeHtml,
} from '@brevduva/ui';
import type { SigningOrder } from './signing.ts';

/** `token` shows that the form comes from this page. */
export type SignPage = Pick<SigningOrder, 'ticket' | 'client' | 'request'> & { readonly token: string };

/** What a person sees before she signs: who asks, as whom she signs, and the very text. */
export function signContent({ ticket, client, request, token }: SignPage, notice: SafeHtml): SafeHtml {
  const { person, text } = request;
  return html`${pageHeading({
    lang: 'sv',
    title: 'Skriv under',
    lead: `${client.name} ber dig skriva under texten här nedanför. Läs den först.`,
  })}
${descriptionList([
  { term: 'Du skriver under som', description: `${person.name}, ${formatRecipientId(person.personalNumber)}` },
  { term: 'Hos', description: client.name },
])}
${card({ title: 'Det här skriver du under', content: messageText(text) })}
<form method="post" action="${`/sign/${ticket}`}"><input type="hidden" name="token" value="${token}">
${buttonRow([
  button({ text: 'Skriv under', name: 'answer', value: 'sign' }),
  button({ text: 'Avbryt', name: 'answer', value: 'cancel', variant: 'secondary' }),
])}
</form>
${notice}`;
}
