import type { Fault } from '@brevduva/base';
import type { HandIn } from '../intake/accept.ts';
import { fault, type LetterDraft, readDraft } from '../intake/draft.ts';
import { readTimes, type SendTimes } from '../intake/times.ts';
import type { ChannelPolicy } from '../letter.ts';

/** A mailing as handed in: what all its recipients get, and when. */
export interface MailingDraft extends SendTimes {
  readonly name: string;
  readonly channelPolicy: ChannelPolicy | undefined;
  /** With a recipient and an address that stand in for everybody's. */
  readonly letter: LetterDraft;
}

const NAME_CHARS_MAX = 255;
const CHANNEL_POLICIES: readonly ChannelPolicy[] = ['digitalFirst', 'digitalOnly', 'paperOnly'];
const OWN_FIELDS = ['name', 'template', 'notBefore', 'expiresAt', 'channelPolicy'];
/** What each recipient has for itself. */
const RECIPIENT_FIELDS = ['recipient', 'address', 'reference', 'protectedIdentity', 'invoice'];

/**
 * Reads the JSON of a mailing and collects every fault of shape. The letter's part is read as a letter's; `standIn` is a recipient
 * whose number is sound, so that the rest can be judged before anybody is named.
 */
export function readMailingDraft(
  { json, parts }: Pick<HandIn, 'json' | 'parts'>,
  standIn: string,
): { draft: MailingDraft; faults: Fault[] } {
  const fields: Readonly<Record<string, unknown>> = typeof json === 'object' && json !== null ? { ...json } : {};
  const shared = Object.fromEntries(Object.entries(fields).filter(([name]) => !OWN_FIELDS.includes(name)));
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
  const read = readDraft(isObject ? { ...shared, recipient: standIn } : json, parts);
  const faults = [...read.faults];
  for (const name of RECIPIENT_FIELDS.filter((each) => Object.hasOwn(fields, each))) {
    faults.push(fault('HUB_FIELD_UNKNOWN', name, 'Fältet hör till varje mottagare, inte till utskicket.'));
  }
  const name = readName(fields['name'], faults);
  const { times, faults: timeFaults } = readTimes(fields);
  faults.push(...timeFaults);
  const channelPolicy = readPolicy(fields['channelPolicy'], faults);
  const letter = { ...read.draft, address: undefined, reference: undefined, protectedIdentity: false };
  return { draft: { name, ...times, channelPolicy, letter }, faults };
}

function readName(value: unknown, faults: Fault[]): string {
  if (typeof value !== 'string' || value.trim() === '') {
    faults.push(
      fault(value === undefined || value === null || value === '' ? 'HUB_FIELD_REQUIRED' : 'HUB_FIELD_TYPE', 'name'),
    );
    return '';
  }
  if ([...value].length > NAME_CHARS_MAX) faults.push(fault('HUB_FIELD_TOO_LONG', 'name'));
  if (/\p{Cc}/u.test(value)) faults.push(fault('HUB_FIELD_CHARACTER', 'name'));
  return value.trim();
}

function readPolicy(value: unknown, faults: Fault[]): ChannelPolicy | undefined {
  if (value === undefined || value === null) return undefined;
  const policy = CHANNEL_POLICIES.find((each) => each === value);
  if (policy === undefined) {
    faults.push(fault('HUB_FIELD_TYPE', 'channelPolicy', `Fältet ska vara ett av: ${CHANNEL_POLICIES.join(', ')}.`));
  }
  return policy;
}
