import { alert, html, type Language, page, pageHeading } from '@brevduva/ui';
import { brand } from '../pages/startPage.ts';
import { texts as publicTexts } from '../pages/texts.ts';
import { conformanceContent, progressBadge } from './conformanceSection.ts';
import { CONFORMANCE_PATH } from './paths.ts';
import type { ActorConformance } from './readActorConformance.ts';
import { conformanceTexts } from './texts.ts';

/** The checklist as the connecting party itself sees it, in a browser that has its certificate. */
export function conformancePage(
  conformance: ActorConformance & { name: string },
  { lang, nonce, isDevelopmentRegister }: { lang: Language; nonce: string; isDevelopmentRegister: boolean },
): string {
  const texts = conformanceTexts(lang);
  const { developmentTitle, developmentText } = publicTexts(lang);
  return page({
    ...{ lang, nonce },
    title: texts.title,
    brand: { ...brand(lang), home: CONFORMANCE_PATH, organization: conformance.name },
    notices: isDevelopmentRegister
      ? [alert({ tone: 'warning', title: developmentTitle, content: developmentText })]
      : [],
    languageHref: (language) => `${CONFORMANCE_PATH}?lang=${language}`,
    content: html`${pageHeading({
      lang,
      title: texts.title,
      lead: texts.lead(conformance.name),
      status: progressBadge(conformance, lang),
    })}
${conformanceContent(conformance, lang, 2)}`,
  });
}
