import { A4_HEIGHT_MM, A4_WIDTH_MM, type EnvelopeLayout, type PrintLayout, type RectangleMm } from './printLayout.ts';

/** Space for the rulers. */
const RULER_MM = 10;
const TICK_MM = 10;
const FOLDS_MM: Readonly<Record<EnvelopeLayout['kind'], readonly number[]>> = { E65: [99, 198], C5: [148.5], C4: [] };

/** The first sheet of a letter in that envelope as an SVG, a unit a millimetre, drawn from the very data that letters are composed by. */
export function layoutPicture(layout: PrintLayout, envelope: EnvelopeLayout): string {
  const title = `${envelope.kind}: ${layout.name}`;
  const { left, top, width, height } = envelope.window;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-RULER_MM} ${-RULER_MM} ${A4_WIDTH_MM + RULER_MM * 2} ${A4_HEIGHT_MM + RULER_MM * 2}" width="440" font-family="sans-serif" font-size="4" role="img">
<title>${escaped(title)}</title>
<rect x="0" y="0" width="${A4_WIDTH_MM}" height="${A4_HEIGHT_MM}" fill="#fff" stroke="#333" stroke-width=".4"/>
${rulers()}
<rect x="${layout.marginMm}" y="${layout.marginMm}" width="${A4_WIDTH_MM - layout.marginMm * 2}" height="${A4_HEIGHT_MM - layout.marginMm * 2}" fill="none" stroke="#999" stroke-width=".2" stroke-dasharray="2 1"/>
${FOLDS_MM[envelope.kind].map(fold).join('\n')}
${area(envelope.quietZone, '#fdf0d5', `tyst zon ${place(envelope.quietZone)}`)}
${area(envelope.window, '#d5e8fd', '')}
<text x="${left + 3}" y="${top + 6}">Avs: …</text>
<text x="${left + 3}" y="${top + 12}">Mottagarens adress</text>
<text x="${left + 3}" y="${top + height - 3}">fönster ${place(envelope.window)}</text>
<line x1="25" x2="${A4_WIDTH_MM - 22}" y1="${envelope.bodyTopMm}" y2="${envelope.bodyTopMm}" stroke="#070" stroke-width=".4"/>
<text x="25" y="${envelope.bodyTopMm + 5}" fill="#070">brevtexten börjar här: ${envelope.bodyTopMm} mm</text>
${area(layout.markZone, '#e2d5fd', '')}
<text transform="translate(${layout.markZone.left + layout.markZone.width + 5} ${layout.markZone.top + layout.markZone.height}) rotate(-90)">bladmärke ${place(layout.markZone)}</text>
<text x="${left + width - 92}" y="${A4_HEIGHT_MM - 6}">${escaped(title)}, högst ${envelope.sheetsMax} blad</text>
</svg>
`;
}

function area(rectangle: RectangleMm, fill: string, text: string): string {
  const { left, top, width, height } = rectangle;
  const label = text === '' ? '' : `<text x="${left + 2}" y="${top + 5}">${text}</text>`;
  return `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${fill}" stroke="#555" stroke-width=".2"/>${label}`;
}

function fold(y: number): string {
  return `<line x1="0" x2="${A4_WIDTH_MM}" y1="${y}" y2="${y}" stroke="#c00" stroke-width=".2" stroke-dasharray="4 2"/><text x="80" y="${y - 1}" fill="#c00">vikning ${y} mm</text>`;
}

function rulers(): string {
  const ticks = (end: number) => Array.from({ length: Math.floor(end / TICK_MM) + 1 }, (_, n) => n * TICK_MM);
  const across = ticks(A4_WIDTH_MM).map((x) => `<path d="M${x} -2v2"/>${x % 50 === 0 ? label(x, -3, x) : ''}`);
  const down = ticks(A4_HEIGHT_MM).map((y) => `<path d="M-2 ${y}h2"/>${y % 50 === 0 ? label(-9, y + 1, y) : ''}`);
  return `<g stroke="#333" stroke-width=".2">${[...across, ...down].join('')}</g>`;
}

function label(x: number, y: number, text: number): string {
  return `<text x="${x}" y="${y}" stroke="none">${text}</text>`;
}

function place({ left, top, width, height }: RectangleMm): string {
  return `${left}, ${top}: ${width} × ${height} mm`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
