import { alert, html, type SafeHtml } from '@brevduva/ui';
import type { Mailing } from '../../mailing/mailing.ts';
import { errorText } from '../errorTexts.ts';
import type { ConsoleRequest } from '../shell.ts';
import { mailingTexts } from './texts.ts';

/** What its flow warns of, for who is to release it or has. */
export function warningsAlert({ lang }: ConsoleRequest, { warnings }: Mailing): SafeHtml | false {
  if (warnings.length === 0) return false;
  const texts = mailingTexts(lang);
  const items = warnings.map(({ code, path, text }) => {
    const number = /^attachments\/(\d+)$/.exec(path)?.[1];
    const where = number === undefined ? '' : `${texts.attachmentNumber(String(Number(number) + 1))}: `;
    return html`<li>${where}${errorText(code, text, lang)}</li>`;
  });
  return alert({ tone: 'warning', title: texts.warningsTitle, content: html`<ul class="bd-list">${items}</ul>` });
}
