import { code39Bars } from './code39.ts';
import { A4_WIDTH_MM, type EnvelopeKind, type EnvelopeLayout, type PrintLayout } from './printLayout.ts';

/** Millimetres, the flap at the top (C4 stands). */
const ENVELOPES_MM: Readonly<Record<EnvelopeKind, { readonly width: number; readonly height: number }>> = {
  E65: { width: 220, height: 110 },
  C5: { width: 229, height: 162 },
  C4: { width: 229, height: 324 },
};
/** What lies in front when A4 is folded. */
const FOLDED_HEIGHT_MM: Readonly<Record<EnvelopeKind, number>> = { E65: 99, C5: 148.5, C4: 297 };
/** The bar code stands where the stamp would. */
const BAR_CODE_MM = { width: 60, height: 12, edge: 8 };

/**
 * The unit's own envelope with a letter in it, as an SVG, a unit a millimetre: the bar code that its postage is posted by, and the sheet's
 * address in the window, drawn from the very data that letters are composed by. The sheet lies in the middle of its play.
 */
export function barcodeEnvelopePicture(layout: PrintLayout, envelope: EnvelopeLayout, code: string): string {
  const { width, height } = ENVELOPES_MM[envelope.kind];
  const [dx, dy] = [(width - A4_WIDTH_MM) / 2, (height - FOLDED_HEIGHT_MM[envelope.kind]) / 2];
  const { window } = envelope;
  const title = `Streckkodskuvert ${envelope.kind}: ${layout.name}`;
  const bars = code39Bars(code, BAR_CODE_MM.width);
  const barsLeft = width - BAR_CODE_MM.width - BAR_CODE_MM.edge;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 ${width + 4} ${height + 4}" width="440" font-family="sans-serif" font-size="4" role="img">
<title>${escaped(title)}</title>
<rect width="${width}" height="${height}" rx="1" fill="#f4efe6" stroke="#333" stroke-width=".4"/>
<g fill="#000">${bars.map(({ left, width: bar }) => `<rect x="${rounded(barsLeft + left)}" y="${BAR_CODE_MM.edge}" width="${rounded(bar)}" height="${BAR_CODE_MM.height}"/>`).join('')}</g>
<text x="${barsLeft + BAR_CODE_MM.width / 2}" y="${BAR_CODE_MM.edge + BAR_CODE_MM.height + 5}" text-anchor="middle">${escaped(code)}</text>
<rect x="${rounded(window.left + dx)}" y="${rounded(window.top + dy)}" width="${window.width}" height="${window.height}" rx="2" fill="#fff" stroke="#555" stroke-width=".3"/>
<text x="${rounded(window.left + dx + 3)}" y="${rounded(window.top + dy + 6)}">Avs: …</text>
<text x="${rounded(window.left + dx + 3)}" y="${rounded(window.top + dy + 12)}">Mottagarens adress</text>
<text x="5" y="${height - 5}">${escaped(title)}</text>
</svg>
`;
}

function rounded(mm: number): number {
  return Math.round(mm * 100) / 100;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
