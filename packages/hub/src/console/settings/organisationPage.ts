import { alert, card, codeBlock, descriptionList, formatNumber, formatRecipientId, html, stack } from '@brevduva/ui';
import type { OrganisationConfiguration } from '../../organisation/configuration.ts';
import { printedLines } from '../../paper/address.ts';
import type { ConsoleRequest } from '../shell.ts';
import { windowText } from './flowsPage.ts';
import { settingsListPage } from './frame.ts';
import { settingsTexts } from './texts.ts';

/** The organisation itself, and how to change the settings. */
export function organisationPage(
  request: ConsoleRequest,
  { organisation, ...lists }: OrganisationConfiguration,
): string {
  const { lang } = request;
  const texts = settingsTexts(lang);
  const { number, name, returnAddress, support, laneWeights, notices } = organisation;
  const count = (items: readonly unknown[]) => formatNumber(items.length, lang);
  const { interactive, normal, bulk } = laneWeights;
  const weights = [interactive, normal, bulk].map((weight) => formatNumber(weight, lang));
  const facts = [
    { term: texts.name, description: name },
    { term: texts.number, description: formatRecipientId(number) },
    { term: texts.returnAddress, description: html`${printedLines(returnAddress).map((line) => html`${line}<br>`)}` },
    { term: texts.support, description: html`${supportLines(support).map((line) => html`${line}<br>`)}` },
    { term: texts.units, description: count(lists.units) },
    { term: texts.flows, description: count(lists.flows) },
    { term: texts.systems, description: count(lists.systems) },
    { term: texts.noticeFrom, description: [notices?.fromName ?? name, notices?.replyTo].filter(Boolean).join(', ') },
    { term: texts.smsHours, description: windowText(notices?.smsHours, texts) },
    { term: texts.laneWeights, description: texts.laneWeight(weights[0] ?? '', weights[1] ?? '', weights[2] ?? '') },
  ];
  return settingsListPage(
    request,
    'organisation',
    stack(
      card({ title: texts.organisation, content: descriptionList(facts, { layout: 'columns' }) }),
      alert({
        tone: 'info',
        title: texts.howToChange,
        content: stack(html`<p>${texts.howToChangeText}</p>`, commands(request, number)),
      }),
    ),
  );
}

function supportLines({ text, url, phone, email }: OrganisationConfiguration['organisation']['support']): string[] {
  return [text, phone, email, url].filter((line) => line !== undefined);
}

function commands({ lang }: ConsoleRequest, number: string) {
  const code = [
    `brevduva config export --organisation ${number} > organisation.yaml`,
    'brevduva config diff organisation.yaml',
    'brevduva config apply organisation.yaml',
  ].join('\n');
  return codeBlock({ lang, label: settingsTexts(lang).commands, code, id: 'kommandon' });
}
