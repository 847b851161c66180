import { html, type SafeHtml } from './html.ts';
import { type LogoName, logo } from './logo.ts';

/** Closed, since the content security policy allows no colours from the page itself: see style/themes.css. */
export type BrandTheme = 'brevduva' | 'pine' | 'plum' | 'brick' | 'slate';

/** Whose site this is. A mailbox operator takes another theme, logo and a filled header, so nobody mistakes it for the hub. */
export interface Brand {
  name: string;
  /** Path that the name leads to. */
  home: string;
  theme?: BrandTheme;
  logo?: LogoName | SafeHtml;
  /** `light`: white with a line of the brand's colour; `filled`: the brand's colour all over. */
  header?: 'light' | 'filled';
  /** A second, quieter line: the organisation whose console this is. */
  organization?: string;
}

/** The name with its mark, as one link home. */
export function wordmark(brand: Brand): SafeHtml {
  const mark = typeof brand.logo === 'object' ? brand.logo : logo(brand.logo ?? 'pigeon');
  const organization =
    brand.organization === undefined ? '' : html`<span class="bd-wordmark__organization">${brand.organization}</span>`;
  return html`<a class="bd-wordmark" href="${brand.home}">${mark}<span class="bd-wordmark__text"
    ><span class="bd-wordmark__name">${brand.name}</span>${organization}</span></a>`;
}
