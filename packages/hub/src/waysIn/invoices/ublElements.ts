import type { PlainElement } from '@brevduva/protocol';

export const UBL = {
  Invoice: 'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2',
  CreditNote: 'urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2',
  aggregate: 'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2',
  basic: 'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2',
} as const;

/** The aggregates at a path below an element, in the order of the document. */
export function aggregates(element: PlainElement | undefined, ...path: readonly string[]): readonly PlainElement[] {
  return path.reduce<readonly PlainElement[]>(
    (found, name) => found.flatMap(({ children }) => children.filter((child) => isOf(child, UBL.aggregate, name))),
    element === undefined ? [] : [element],
  );
}

/** The basic elements of one name directly in an element. */
export function basics(element: PlainElement | undefined, name: string): readonly PlainElement[] {
  return element?.children.filter((child) => isOf(child, UBL.basic, name)) ?? [];
}

/** The text of the first basic element of the name; undefined where there is none, or an empty one. */
export function textOf(element: PlainElement | undefined, name: string): string | undefined {
  return basics(element, name)[0]?.text.replace(/\s+/g, ' ') || undefined;
}

function isOf(element: PlainElement, namespace: string, name: string): boolean {
  return element.name === name && element.namespace === namespace;
}
