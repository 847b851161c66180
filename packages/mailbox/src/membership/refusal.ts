/**
 * Why an act that was signed came to nothing, as far as it matters to the person: what she can do about it.
 *
 * - `minor`, `protectedIdentity`, `unknownPerson`: she may not have a digital mailbox (FACTS i).
 * - `alreadyOpen`: she has a mailbox already. `noMailbox`: she has none any more, or not here.
 * - `changedMeanwhile`: the mailbox changed while she signed, for instance moved by another operator.
 * - `signature`: the register does not take the signature. `tooLate`: it did not answer until the signature was too old.
 * - `populationRegister`: the population register did not answer until then.
 * - `senders`: a sender is no longer connected.
 * - `eId`: the e-ID would not let her sign.
 * - `other`: a fault of ours or of the register's.
 */
export const REFUSALS = [
  'minor',
  'protectedIdentity',
  'unknownPerson',
  'alreadyOpen',
  'noMailbox',
  'changedMeanwhile',
  'signature',
  'tooLate',
  'populationRegister',
  'senders',
  'eId',
  'other',
] as const;

export type Refusal = (typeof REFUSALS)[number];

const OF_FAULT: Readonly<Record<number, Refusal>> = {
  5003: 'noMailbox',
  5007: 'alreadyOpen',
  5009: 'minor',
  5010: 'signature',
  5011: 'changedMeanwhile',
  5012: 'signature',
  5014: 'senders',
  5017: 'populationRegister',
  6006: 'protectedIdentity',
  6007: 'unknownPerson',
};

/** The reason behind a fault of the register (FACTS b.9; docs/contract/recipient.md, "All refusals"). */
export function refusalOf(faultCode: number): Refusal {
  return OF_FAULT[faultCode] ?? 'other';
}

/** The reason as it was stored. */
export function readRefusal(text: string | null): Refusal {
  return REFUSALS.find((one) => one === text) ?? 'other';
}
