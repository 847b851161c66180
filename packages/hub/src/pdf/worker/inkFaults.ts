import { A4_HEIGHT_MM, A4_WIDTH_MM, type PrintLayout, type RectangleMm } from '../../paper/printLayout.ts';
import { type PdfFault, pdfFault } from '../faults.ts';
import { type Zone, type ZoneInk, zoneInk } from './zoneInk.ts';

interface NamedZone extends Zone {
  readonly code: 'HUB_PRINT_MARGIN' | 'HUB_PRINT_MARK_ZONE' | 'HUB_PRINT_QUIET_ZONE' | 'HUB_PRINT_WINDOW';
}

/**
 * Where a document that is to be printed, A4 already, has ink in a place that is not its own: the margin that printers do not reach, and
 * the zone of the sheet mark. Each fault has the places of its ink.
 */
export async function inkFaults(pdf: Buffer, layout: PrintLayout, duplex: boolean): Promise<PdfFault[]> {
  return faultsOf(await zoneInk(pdf, zonesOf(layout, duplex)));
}

/** One fault for each page and kind of place: ink along two edges of a page is one. */
export function faultsOf(inks: readonly ZoneInk<NamedZone>[]): PdfFault[] {
  const byPlace = new Map<string, PdfFault & { areas: RectangleMm[] }>();
  for (const { zone, page, area } of inks) {
    const key = `${zone.code} ${page}`;
    const fault = byPlace.get(key) ?? { ...pdfFault(zone.code, `sidan ${page + 1}`, page + 1), areas: [] };
    fault.areas.push(area);
    byPlace.set(key, fault);
  }
  return [...byPlace.values()].toSorted((a, b) => (a.page ?? 0) - (b.page ?? 0));
}

function zonesOf({ marginMm, markZone }: PrintLayout, duplex: boolean): NamedZone[] {
  const margin = (left: number, top: number, width: number, height: number): NamedZone => ({
    code: 'HUB_PRINT_MARGIN',
    area: { left, top, width, height },
    isOn: () => true,
  });
  const edges = [
    margin(0, 0, A4_WIDTH_MM, marginMm),
    margin(0, A4_HEIGHT_MM - marginMm, A4_WIDTH_MM, marginMm),
    margin(0, marginMm, marginMm, A4_HEIGHT_MM - 2 * marginMm),
    margin(A4_WIDTH_MM - marginMm, marginMm, marginMm, A4_HEIGHT_MM - 2 * marginMm),
  ];
  // The mark stands on fronts only.
  const isOn = (page: number) => !(duplex && page % 2 === 1);
  return [...(marginMm === 0 ? [] : edges), { code: 'HUB_PRINT_MARK_ZONE', area: markZone, isOn }];
}
