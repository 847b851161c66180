import { IS_REACHABLE_RECIPIENTS_MAX } from '@brevduva/protocol';

/** A public test identity that is known to be unregistered (FACTS c). */
export const UNREGISTERED = '191212121212';

/** Has the form of an organisation number and a right check digit; the leading 9 is given to no legal form. */
export const UNKNOWN_ORGANIZATION = '169999999999';

/** A coordination number, day 61, with a right check digit; the serial number 000 is given to no one. */
export const COORDINATION_NUMBER = '190001610005';

/** The official most of one question (FACTS k). */
export const IDS_MAX = IS_REACHABLE_RECIPIENTS_MAX;

/**
 * Ids that the schema allows and that no person can have: the 99th of a month (FACTS c: the third alternative takes any
 * two digits for the day). So a large question asks about nobody.
 */
export function impossibleIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `19900199${String(index).padStart(4, '0')}`);
}

export const IMPOSSIBLE_PERSON = '199001990000';
