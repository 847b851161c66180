import { html, type SafeHtml } from '../html.ts';

export interface PagePicture {
  href: string;
  /** Says what the picture shows, and for whom a picture is nothing, where the text is. */
  alt: string;
  /** Width and height in pixels of a page on its way, so that nothing jumps when it comes. */
  size?: readonly [width: number, height: number];
}

/** A4 at 100 dots per inch, which is what most pages are. */
const A4_PIXELS = [826, 1168] as const;

/** The pages of a document as pictures below each other, as they would lie on a desk. */
export function pagePictures(pages: readonly PagePicture[]): SafeHtml {
  const items = pages.map(({ href, alt, size: [width, height] = A4_PIXELS }, n) => {
    const loading = n === 0 ? 'eager' : 'lazy';
    return html`<li><img class="bd-page-picture" src="${href}" alt="${alt}" width="${String(width)}" height="${String(
      height,
    )}" loading="${loading}"></li>`;
  });
  return html`<ol class="bd-page-pictures">${items}</ol>`;
}
