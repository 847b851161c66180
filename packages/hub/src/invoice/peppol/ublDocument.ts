import type { PlainElement } from '@brevduva/protocol';
import { UBL } from '../../waysIn/invoices/ublElements.ts';
import { type Decimal, parseDecimal, sum } from './decimal.ts';

/** The elements at a path of UBL names below an element, `Party/PostalAddress`, in the order of the document. */
export function all(element: PlainElement | undefined, path: string): readonly PlainElement[] {
  return path
    .split('/')
    .reduce<readonly PlainElement[]>(
      (found, name) => found.flatMap(({ children }) => children.filter((child) => child.name === name && isUbl(child))),
      element === undefined ? [] : [element],
    );
}

export function has(element: PlainElement | undefined, path: string): boolean {
  return all(element, path).some(({ text, children }) => text !== '' || children.length > 0);
}

/** The first one's text; '' where there is none. */
export function text(element: PlainElement | undefined, path: string): string {
  return all(element, path)[0]?.text ?? '';
}

/** The first one's number; undefined where there is none, or no number. */
export function number(element: PlainElement | undefined, path: string): Decimal | undefined {
  return parseDecimal(all(element, path)[0]?.text);
}

/** Nought where there is none: then another rule says so. */
export function amount(element: PlainElement | undefined, path: string): Decimal {
  return number(element, path) ?? 0n;
}

export function total(element: PlainElement | undefined, path: string): Decimal {
  return sum(all(element, path).map((each) => parseDecimal(each.text) ?? 0n));
}

/** Every element of the names, wherever it stands. */
export function everywhere(element: PlainElement, ...names: readonly string[]): readonly PlainElement[] {
  const own = names.includes(element.name) && isUbl(element) ? [element] : [];
  return [...own, ...element.children.flatMap((child) => everywhere(child, ...names))];
}

function isUbl({ namespace }: PlainElement): boolean {
  return namespace === UBL.basic || namespace === UBL.aggregate;
}
