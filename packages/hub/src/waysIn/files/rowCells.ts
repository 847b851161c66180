/** Where each column stands in a row. */
export type ColumnPlaces = ReadonlyMap<string, number>;

export function placesOf(columns: readonly string[]): ColumnPlaces {
  return new Map(columns.map((column, place) => [column, place]));
}

/** A row's cells by column. All rows share one map of places: a map for each of 200 000 rows takes more memory than their texts. */
export class RowCells {
  readonly #places: ColumnPlaces;
  readonly #cells: readonly string[];

  constructor(places: ColumnPlaces, cells: readonly string[]) {
    this.#places = places;
    this.#cells = cells;
  }

  /** @returns '' where the row has no text; undefined where the file has no such column. */
  get(column: string): string | undefined {
    const place = this.#places.get(column);
    return place === undefined ? undefined : (this.#cells[place] ?? '');
  }

  /** The same cells under other names of the columns. */
  under(places: ColumnPlaces): RowCells {
    return new RowCells(places, this.#cells);
  }
}
