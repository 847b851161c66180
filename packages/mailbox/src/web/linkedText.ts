import { html, type SafeHtml } from '@brevduva/ui';

const ADDRESS = /https?:\/\/[^\s<>"'()[\]{}\\]+/g;
/** What usually ends the sentence and not the address. */
const TRAILING = /[.,;:!?]+$/;

/** A plain letter's text with its web addresses as links; everything else is text. */
export function linkedText(text: string): SafeHtml {
  const pieces: (SafeHtml | string)[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, '');
    pieces.push(text.slice(end, match.index), link(address));
    end = match.index + address.length;
  }
  return html`${[...pieces, text.slice(end)]}`;
}

function link(address: string): SafeHtml | string {
  if (!URL.canParse(address)) return address;
  return html`<a class="bd-link" href="${address}" target="_blank" rel="noopener noreferrer nofollow">${address}</a>`;
}
