/** Which rows of a list a page shows. */
export interface PageRange {
  /** From 1. */
  readonly page: number;
  readonly pageCount: number;
  /** Rows to read. */
  readonly max: number;
  /** Rows to pass over. */
  readonly offset: number;
}

/** The page that a text from outside asks for; the first when it says no page, the last for one beyond it. */
export function pageRange(
  wanted: string | undefined,
  { total, perPage }: { readonly total: number; readonly perPage: number },
): PageRange {
  const pageCount = Math.max(1, Math.ceil(total / perPage));
  const page = Math.min(PAGE_NUMBER.test(wanted ?? '') ? Number(wanted) : 1, pageCount);
  return { page, pageCount, max: perPage, offset: (page - 1) * perPage };
}

const PAGE_NUMBER = /^[1-9]\d{0,5}$/;
