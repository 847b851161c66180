import type { PdfFault } from '../pdf/faults.ts';
import type { RectangleMm } from './printLayout.ts';

/** A fault as the case of a letter that cannot be printed has it; with page, attachment and places when it can be shown. */
export type PaperFault = Pick<PdfFault, 'code' | 'text' | 'page' | 'attachment' | 'areas'>;

/** A page of an attachment with everything that stands where it should not. */
export interface FaultyPage {
  /** 0-based, in the order in which they are printed. */
  readonly attachment: number;
  /** 1-based. */
  readonly page: number;
  readonly faults: readonly PaperFault[];
  readonly areas: readonly RectangleMm[];
}

/** A person looks at some, and then knows. */
export const FAULTY_PAGES_MAX = 10;

/** The pages that a case's faults point at, at most {@link FAULTY_PAGES_MAX}, in order; none where it is about something else. */
export function faultyPages(detail: Readonly<Record<string, unknown>>): FaultyPage[] {
  const { faults } = detail;
  const pages = new Map<string, FaultyPage>();
  for (const fault of Array.isArray(faults) ? (faults as PaperFault[]) : []) {
    const { attachment, page, areas } = fault;
    if (attachment === undefined || page === undefined || areas === undefined) continue;
    const key = `${attachment}/${page}`;
    const known = pages.get(key) ?? { attachment, page, faults: [], areas: [] };
    pages.set(key, { ...known, faults: [...known.faults, fault], areas: [...known.areas, ...areas] });
  }
  const inOrder = [...pages.values()].toSorted((a, b) => a.attachment - b.attachment || a.page - b.page);
  return inOrder.slice(0, FAULTY_PAGES_MAX);
}
