import { parseRecipientId, type RecipientId, swedishDate } from '@brevduva/protocol';

const TEN_DIGITS = /^(\d{2})(\d{4})([-+]?)(\d{4})$/;
const HUNDRED_YEARS = 100;

/**
 * A number as it stands on paper: spaces within, or ten digits without the century. Those of a person who has turned a hundred have a
 * plus sign (folkbokföringslagen 18 §); with a hyphen, or nothing, it is the last century in which such a person can have been born.
 * Undefined when it is nobody's number.
 */
export function recipientNumber(text: string, today: Date): RecipientId | undefined {
  const written = text.replace(/\s/g, '').replace('−', '-').replace('–', '-');
  const asItStands = parseRecipientId(written);
  if (asItStands.ok) return asItStands.id;
  const match = TEN_DIGITS.exec(written);
  if (match === null) return undefined;
  const [, year = '', monthAndDay = '', sign, last = ''] = match;
  const thisYear = swedishDate(today).year;
  const bornThisCentury = Math.floor(thisYear / HUNDRED_YEARS) * HUNDRED_YEARS + Number(year);
  const candidates = [bornThisCentury, bornThisCentury - HUNDRED_YEARS, bornThisCentury - 2 * HUNDRED_YEARS];
  const isOld = sign === '+';
  const born = candidates.find((candidate) => candidate <= thisYear - (isOld ? HUNDRED_YEARS : 0));
  const parsed = parseRecipientId(`${born}${monthAndDay}${last}`);
  return parsed.ok ? parsed.id : undefined;
}
