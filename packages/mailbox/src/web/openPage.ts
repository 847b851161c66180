import { actionForm, html, linkButton, pageHeading, type SafeHtml, stack } from '@brevduva/ui';
import type { OtherOperator, Standing } from '../membership/standing.ts';
import type { Purpose } from '../sql/signingOrder.ts';
import { mailboxPage, type Shell } from './layout.ts';
import { membershipTexts } from './membershipTexts.ts';
import { OPEN_PATH } from './paths.ts';
import { meaningCard, signedTextCard } from './signedText.ts';

/** What can be signed for on the page where a mailbox begins. */
export type OpeningPurpose = Extract<Purpose, 'register' | 'changeServiceSupplier'>;

export interface OpenView {
  standing: Exclude<Standing, { kind: 'here' }>;
  /** The text that would be signed. */
  text: string;
  notices: readonly SafeHtml[];
}

/** By which operation a mailbox comes here, as things stand. */
export function openingPurpose({ kind }: OpenView['standing']): OpeningPurpose {
  return kind === 'elsewhere' || kind === 'unserved' ? 'changeServiceSupplier' : 'register';
}

/** For somebody without an open mailbox here: what opening or moving one means, the text, and the button that begins. */
export function openPage(shell: Shell, view: OpenView): string {
  const { lang, user, brand } = shell;
  const words = wordsFor(view.standing, shell);
  const form = actionForm({
    action: OPEN_PATH,
    csrfToken: user?.csrfToken ?? '',
    hidden: { purpose: openingPurpose(view.standing) },
    submit: { text: words.button, icon: 'seal' },
  });
  const content = html`${pageHeading({ lang, title: words.title, lead: words.lead(brand.name) })}
${stack(
  meaningCard(lang, words.points),
  signedTextCard({ lang, title: membershipTexts(lang).whatYouSign, text: view.text }),
  html`<div class="bd-button-row">${form}${words.stay}</div>`,
)}`;
  return mailboxPage(shell, { title: words.title, content, notices: view.notices, width: 'narrow' });
}

interface Words {
  title: string;
  lead(operator: string): string;
  points: readonly string[];
  button: string;
  stay: SafeHtml | '';
}

function wordsFor(standing: OpenView['standing'], { lang }: Shell): Words {
  const text = membershipTexts(lang);
  const opening = {
    points: [text.openMeansMail, text.openMeansLook, text.openMeansFree],
    button: text.openButton,
    stay: '' as const,
  };
  switch (standing.kind) {
    case 'none':
      return { ...opening, title: text.openTitle, lead: text.openLead };
    case 'waiting':
      return { ...opening, title: text.waitingTitle, lead: text.waitingLead };
    case 'unserved': {
      const points = [text.moveMeansMail, text.moveMeansSenders];
      return { points, title: text.unservedTitle, lead: text.unservedLead, button: text.unservedButton, stay: '' };
    }
    case 'elsewhere':
      return wordsForMove(standing.operator, { lang });
  }
}

function wordsForMove({ name, webUrl }: OtherOperator, { lang }: Pick<Shell, 'lang'>): Words {
  const text = membershipTexts(lang);
  return {
    title: text.moveTitle(name),
    lead: text.moveLead,
    points: [text.moveMeansMail, text.moveMeansOld(name), text.moveMeansSenders],
    button: text.moveButton,
    stay: webUrl === undefined ? '' : linkButton({ text: text.stayLink(name), href: webUrl, variant: 'tertiary' }),
  };
}
