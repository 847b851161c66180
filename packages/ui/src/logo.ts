import { raw, type SafeHtml } from './html.ts';

/** A brand's mark, 32 × 32 on screen, coloured by the text around it; the name beside it is the text. */
export function logo(name: LogoName): SafeHtml {
  return raw(
    `<svg class="bd-logo" viewBox="0 0 48 48" aria-hidden="true" focusable="false" data-logo="${name}">${MARKS[name]}</svg>`,
  );
}

export type LogoName = keyof typeof MARKS;

/** `pigeon` is Brevduva's own: a dove whose body is a letter. The others are for the parties around it. */
const MARKS = {
  pigeon:
    '<path fill="currentColor" d="M8 14.5h20.7C29.3 10 32.9 6.8 37.3 6.8c4 0 6.9 2.6 7.6 6.4l2.5 2.1c.5.4.2 1.2-.4 1.3l-2.2.3v.6C44.8 31 38 40 25.5 40H8a3 3 0 0 1-3-3V17.5a3 3 0 0 1 3-3z"/>' +
    '<path fill="none" stroke="var(--bd-logo-line, #fff)" stroke-width="2.6" stroke-linejoin="round" stroke-linecap="round" d="M10.5 20.5l10.7 9.5L34 18.5"/>' +
    '<circle cx="38.3" cy="13.2" r="1.7" fill="var(--bd-logo-line, #fff)"/>',
  mailbox:
    '<path fill="currentColor" d="M14 9h18a11 11 0 0 1 11 11v14a3 3 0 0 1-3 3H8a3 3 0 0 1-3-3V18a9 9 0 0 1 9-9z"/>' +
    '<path fill="none" stroke="var(--bd-logo-line, #fff)" stroke-width="2.6" stroke-linecap="round" d="M23 37V18a9 9 0 0 0-9-9M31 22h6M10 23h8"/>',
  heron:
    '<circle cx="24" cy="24" r="20" fill="currentColor"/>' +
    '<path fill="none" stroke="var(--bd-logo-line, #fff)" stroke-width="2.8" stroke-linejoin="round" stroke-linecap="round" d="M12 19.5v11a2.5 2.5 0 0 0 2.5 2.5h19a2.5 2.5 0 0 0 2.5-2.5v-11M12 19.5L24 28l12-8.5M12 19.5L24 12l12 7.5"/>',
  register:
    '<rect x="6" y="5" width="36" height="38" rx="4" fill="currentColor"/>' +
    '<path fill="none" stroke="var(--bd-logo-line, #fff)" stroke-width="2.6" stroke-linecap="round" d="M14 15h20M14 24h20M14 33h12"/>',
} as const;
