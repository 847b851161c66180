import { emptyState, filterForm, html, pageHeading, pagination, stack, textField } from '@brevduva/ui';
import type { MailingStory } from '../../sql/mailingViews.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { previewCard, type ShownPreview } from './previewCard.ts';
import { mailingTexts } from './texts.ts';

export interface PreviewPageData {
  readonly story: MailingStory;
  /** Undefined when nobody is found, or all are protected. */
  readonly shown: ShownPreview | undefined;
  readonly search: string | undefined;
  /** Of those found, from 1. */
  readonly page: number;
  readonly pageCount: number;
}

/** Any one of the letters that a mailing would become, step by step or found by number or reference. */
export function previewPage(request: ConsoleRequest, data: PreviewPageData): string {
  const { lang } = request;
  const texts = mailingTexts(lang);
  const { story, shown, search, page, pageCount } = data;
  const { mailing } = story;
  const path = `/utskick/${mailing.id}/mottagare`;
  const query = search === undefined ? '' : `&q=${encodeURIComponent(search)}`;
  return consolePage(request, {
    title: `${texts.previewTitle}: ${mailing.name}`,
    area: 'mailings',
    content: html`${pageHeading({
      lang,
      title: texts.previewTitle,
      lead: texts.previewLead,
      breadcrumbs: [
        { text: texts.mailings, href: '/utskick' },
        { text: mailing.name, href: `/utskick/${mailing.id}` },
      ],
    })}
${filterForm({
  lang,
  action: path,
  label: texts.previewFind,
  fields: [
    textField({
      ...{ name: 'q', label: texts.previewSearch, type: 'search', maxLength: 255, autocomplete: 'off' },
      value: search,
    }),
  ],
  resetHref: search === undefined ? undefined : path,
})}
${stack(
  shown === undefined
    ? emptyState({ title: texts.previewNone, text: texts.previewNoneText, icon: 'search' })
    : previewCard(request, mailing.id, shown, true),
  pagination({ lang, page, pageCount, href: (n) => `${path}?sida=${n}${query}` }),
)}`,
  });
}
