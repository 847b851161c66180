import { attributes, type HtmlValue, html, type SafeHtml } from '../html.ts';
import { elementId } from './elementId.ts';

export interface Column<Row> {
  header: string;
  /** The header is read aloud but not shown, for a column of buttons. */
  headerHidden?: boolean;
  cell: (row: Row) => HtmlValue;
  /** `end` for numbers. */
  align?: 'start' | 'end';
  /** The cell that names the row; usually the first. */
  rowHeader?: boolean;
  /** Never broken over lines: dates, ids, badges. */
  nowrap?: boolean;
  /** Given when the column can be sorted; the header becomes a link. */
  sort?: { href: string; direction?: 'ascending' | 'descending' | undefined };
}

export interface TableOptions<Row> {
  caption: string;
  /** Read aloud but not shown, where a heading right above says the same. */
  captionHidden?: boolean;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** Shown instead when there are no rows: see `emptyState`. */
  empty?: SafeHtml;
  /** Needed only when two tables of a page have the same caption. */
  id?: string;
  /** Marks a row that needs attention. */
  emphasize?: (row: Row) => boolean;
}

/** A table with caption and scopes, which scrolls by itself (by keyboard too) where the screen is too narrow. */
export function table<Row>(options: TableOptions<Row>): SafeHtml {
  if (options.rows.length === 0 && options.empty !== undefined) return options.empty;
  const captionId = `${options.id ?? elementId(options.caption)}-caption`;
  return html`<div class="bd-table-frame" role="region" aria-labelledby="${captionId}" tabindex="0">
<table class="ds-table bd-table">
<caption id="${captionId}" class="${options.captionHidden ? 'ds-sr-only' : 'bd-table__caption'}">${options.caption}</caption>
<thead><tr>${options.columns.map(headerCell)}</tr></thead>
<tbody>${options.rows.map((row) => tableRow(row, options))}</tbody>
</table>
</div>`;
}

function headerCell<Row>(column: Column<Row>): SafeHtml {
  const text = column.headerHidden ? html`<span class="ds-sr-only">${column.header}</span>` : html`${column.header}`;
  const sort = column.sort;
  const marks = attributes({ 'data-align': column.align, 'aria-sort': sort?.direction });
  const label = sort === undefined ? text : html`<a class="bd-sort" href="${sort.href}">${text}</a>`;
  return html`<th scope="col"${marks}>${label}</th>`;
}

function tableRow<Row>(row: Row, options: TableOptions<Row>): SafeHtml {
  const marks = attributes({ 'data-emphasized': options.emphasize?.(row) });
  const cells = options.columns.map((column) => {
    const looks = attributes({ 'data-align': column.align, 'data-nowrap': column.nowrap });
    return column.rowHeader
      ? html`<th scope="row"${looks}>${column.cell(row)}</th>`
      : html`<td${looks}>${column.cell(row)}</td>`;
  });
  return html`<tr${marks}>${cells}</tr>
`;
}
