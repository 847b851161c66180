import { html, raw, type SafeHtml } from './html.ts';

/**
 * A drawn sign, hidden from screen readers: the text beside it says the same.
 * Lines of 24 × 24, drawn for Brevduva, coloured by the text around them.
 */
export function icon(name: IconName): SafeHtml {
  return html`<svg class="bd-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${raw(SHAPES[name])}</svg>`;
}

export type IconName = keyof typeof SHAPES;

const SHAPES = {
  arrowRight: '<path d="M5 12h14M13 6l6 6-6 6"/>',
  attachment:
    '<path d="M19.5 11.5l-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5l8-8a3.1 3.1 0 0 1 4.4 4.4l-8 8a1.6 1.6 0 0 1-2.2-2.2l7.2-7.2"/>',
  ban: '<circle cx="12" cy="12" r="9"/><path d="M5.7 5.7l12.6 12.6"/>',
  building: '<path d="M4 21h16M6 21V9l6-5 6 5v12M10 21v-5h4v5M9.5 11.5h.01M14.5 11.5h.01"/>',
  check: '<path d="M4.5 12.5l5 5 10-11"/>',
  checkCircle: '<circle cx="12" cy="12" r="9"/><path d="M8 12.4l2.8 2.8 5.2-6"/>',
  chevronDown: '<path d="M6 9l6 6 6-6"/>',
  chevronLeft: '<path d="M15 6l-6 6 6 6"/>',
  chevronRight: '<path d="M9 6l6 6-6 6"/>',
  clock: '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.3l3.4 2"/>',
  copy: '<rect x="8.5" y="8.5" width="12" height="12" rx="2"/><path d="M15.5 5.5v-.5a1.5 1.5 0 0 0-1.5-1.5H5A1.5 1.5 0 0 0 3.5 5v9A1.5 1.5 0 0 0 5 15.5h.5"/>',
  cross: '<path d="M6 6l12 12M18 6L6 18"/>',
  crossCircle: '<circle cx="12" cy="12" r="9"/><path d="M9 9l6 6M15 9l-6 6"/>',
  dash: '<path d="M6 12h12"/>',
  document:
    '<path d="M13.5 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8.5zM13.5 3v5.5H19M8.5 13h7M8.5 16.5h5"/>',
  download: '<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14"/>',
  external:
    '<path d="M14 4h6v6M20 4l-9 9M18 13.5V19a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 19V7.5A1.5 1.5 0 0 1 5 6h5.5"/>',
  hand: '<path d="M8 12V6.2a1.4 1.4 0 0 1 2.8 0V11V4.7a1.4 1.4 0 0 1 2.8 0V11V6.2a1.4 1.4 0 0 1 2.8 0V13M16.4 12V9.2a1.4 1.4 0 0 1 2.8 0V14.5c0 4-2.6 6.5-6 6.5-3 0-4.4-1.3-5.8-3.8L4.7 12.9a1.4 1.4 0 0 1 2.4-1.4L8 12.9"/>',
  inbox:
    '<path d="M3.5 13.5l3-8A1.5 1.5 0 0 1 7.9 4.5h8.2a1.5 1.5 0 0 1 1.4 1l3 8V18a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18zM3.5 13.5H8l1.5 2.5h5l1.5-2.5h4.5"/>',
  info: '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.6h.01"/>',
  letter: '<rect x="3" y="5.5" width="18" height="13" rx="2"/><path d="M3.7 7l8.3 6.5L20.3 7"/>',
  lock: '<rect x="5" y="10.5" width="14" height="10" rx="2"/><path d="M8 10.5V7.5a4 4 0 0 1 8 0v3M12 14.5v2"/>',
  logout: '<path d="M10 4.5H6A1.5 1.5 0 0 0 4.5 6v12A1.5 1.5 0 0 0 6 19.5h4M15.5 8l4 4-4 4M19.5 12H10"/>',
  pause: '<path d="M9 6v12M15 6v12"/>',
  person: '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6"/>',
  printer:
    '<path d="M7 9V4h10v5M7 17H5a1.5 1.5 0 0 1-1.5-1.5v-5A1.5 1.5 0 0 1 5 9h14a1.5 1.5 0 0 1 1.5 1.5v5A1.5 1.5 0 0 1 19 17h-2"/><path d="M7 14h10v6.5H7z"/>',
  refresh: '<path d="M20 12a8 8 0 1 1-2.3-5.6M20 3.5V8h-4.5"/>',
  route:
    '<circle cx="6" cy="18.5" r="2.5"/><circle cx="18" cy="5.5" r="2.5"/><path d="M8.5 18.5H15a3.25 3.25 0 0 0 0-6.5H9a3.25 3.25 0 0 1 0-6.5h6.5"/>',
  search: '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5l5 5"/>',
  seal: '<path d="M12 3l7.5 2.5v6c0 4.5-3 8-7.5 9.5-4.5-1.5-7.5-5-7.5-9.5v-6z"/><path d="M8.7 12l2.4 2.4 4.2-4.8"/>',
  send: '<path d="M20.5 3.5L3.5 10l7 3.5 3.5 7zM20.5 3.5l-10 10"/>',
  warning: '<path d="M12 3.7L2.8 19.8h18.4zM12 10v4.6M12 17.2h.01"/>',
} as const;
