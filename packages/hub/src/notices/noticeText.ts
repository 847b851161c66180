import { domainToASCII } from 'node:url';
import { type Fault, smsLength } from '@brevduva/base';
import { parseRecipientId, recipientKind } from '@brevduva/protocol';
import { fault } from '../intake/draft.ts';
import type { NoticeSettings } from './noticeSettings.ts';

/** What lies open in the recipient's telephone or mail. */
export interface NoticeText {
  readonly subject: string;
  readonly text: string;
}

/**
 * Everything that may not stand in a notice, with its place: numbers of persons however they are written, words that the flow forbids, links to
 * other domains than the flow's own, and more than fits in its number of SMS.
 */
export function checkNotice({ subject, text }: NoticeText, settings: NoticeSettings): Fault[] {
  return [
    ...checkNoticeWords(subject, 'subject', settings),
    ...checkNoticeWords(text, 'body/text', settings),
    ...checkLength(text, settings),
  ];
}

/** Whether a person's number stands in the text, however it is written: what lies open says no such thing. */
export function holdsIdentityNumber(text: string): boolean {
  return hasIdentityNumber(plainText(text));
}

/** The same of a piece of the text, as a value that it is filled with; the length is the whole text's. */
export function checkNoticeWords(
  text: string,
  path: string,
  { forbiddenWords, linkDomains }: Pick<NoticeSettings, 'forbiddenWords' | 'linkDomains'>,
): Fault[] {
  const plain = plainText(text);
  const words = forbiddenWords.filter((word) => hasWord(plain, plainText(word)));
  const links = [...new Set(linkedDomains(plain))].filter((domain) => !isWithin(domain, linkDomains));
  return [
    ...(hasIdentityNumber(plain) ? [fault('HUB_NOTICE_IDENTITY', path)] : []),
    ...words.map((word) => fault('HUB_NOTICE_WORD', path, `Ordet ”${word}” får inte stå i flödets aviseringar.`)),
    ...links
      .slice(0, LINKS_TOLD_MAX)
      .map((domain) =>
        fault('HUB_NOTICE_LINK', path, `En länk leder till ${domain}, som inte hör till flödets domäner.`),
      ),
  ];
}

const LINKS_TOLD_MAX = 10;

function checkLength(text: string, { channels, smsPartsMax }: NoticeSettings): Fault[] {
  if (!channels.includes('sms')) return [];
  const { parts, alphabet, notInGsm7 } = smsLength(text);
  if (parts <= smsPartsMax) return [];
  const because =
    alphabet === 'UCS-2' ? ` Tecknen ${notInGsm7.slice(0, 5).join(' ')} gör den mer än dubbelt så lång.` : '';
  return [
    fault('HUB_NOTICE_TOO_LONG', 'body/text', `Texten blir ${parts} SMS; högst ${smsPartsMax} får plats.${because}`),
  ];
}

/** One form of what looks alike: wide digits, and characters that nobody sees between others. */
function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase();
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1))) return true;
  }
  return false;
}

/** Digits with what people write between them. */
const DIGIT_GROUP = /\d(?:[\s\-‐‑‒–—−+./_]{0,3}\d)*/gu;
/** `070-123 45 67`, `0701-23 45 67`, `08-12 34 56`: a telephone number, which may look like a person's of the 2000s. */
const TELEPHONE = /^0\d{1,3}[-–]\d{2,3}[ -]?\d{2,3}(?:[ -]?\d{2})?$/u;
const LENGTHS: readonly number[] = [10, 12];

/** A personnummer or samordningsnummer that can exist: date and check digit are right. Numbers of organisations are public. */
function hasIdentityNumber(text: string): boolean {
  return [...text.matchAll(DIGIT_GROUP)].some(([group]) => !TELEPHONE.test(group) && groupHasNumber(group));
}

/** Begins and ends with whole runs of digits, however the number is cut: an OCR number of twenty digits holds none. */
function groupHasNumber(group: string): boolean {
  const runs = group.match(/\d+/gu) ?? [];
  return runs.some((_, start) => {
    let digits = '';
    for (const run of runs.slice(start)) {
      digits += run;
      if (digits.length > 12) return false;
      if (LENGTHS.includes(digits.length) && isPerson(digits)) return true;
    }
    return false;
  });
}

function isPerson(digits: string): boolean {
  const written = digits.length === 12 ? [digits] : ['18', '19', '20'].map((century) => `${century}${digits}`);
  return written.some((number) => {
    const parsed = parseRecipientId(number);
    return parsed.ok && recipientKind(parsed.id) !== 'organization';
  });
}

const ADDRESS = /(?:[a-z][a-z0-9+.-]*:\/\/|www\.)[^\s<>"]+/gu;
/** Without anything before it a telephone makes a link of it by its last part. */
const BARE_DOMAIN =
  /(?<![\p{L}\p{N}@._-])(?:[\p{L}\p{N}-]+\.)+(?:se|nu|com|net|org|eu|info|biz|io|app|dev|me|ly|gl|gd|co|cc|to|tv|ws|tk|link|site|online|top|xyz|click|shop|page|web|live|fi|no|dk|de|uk|fr|nl|pl|ru|cn|us)(?![\p{L}\p{N}-]|\.[\p{L}\p{N}])/gu;
const WITH_PATH = /(?<![\p{L}\p{N}@._/-])(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?=\/\S)/gu;

function linkedDomains(text: string): string[] {
  const addresses = [...text.matchAll(ADDRESS)].map(([written]) => hostOf(written));
  const rest = text.replace(ADDRESS, ' ');
  const bare = [BARE_DOMAIN, WITH_PATH].flatMap((pattern) => [...rest.matchAll(pattern)].map(([domain]) => domain));
  return [...addresses, ...bare].map((domain) => domainToASCII(domain) || domain);
}

function hostOf(written: string): string {
  const bare = written.replace(/[.,;:!?)\]]+$/u, '');
  const address = bare.startsWith('www.') ? `https://${bare}` : bare;
  // What cannot be read as an address is no less a link: it is told as it stands.
  return URL.canParse(address) ? new URL(address).hostname || bare : bare;
}

function isWithin(domain: string, allowed: readonly string[]): boolean {
  return allowed.some((each) => {
    const root = domainToASCII(each.toLowerCase());
    return root !== '' && (domain === root || domain.endsWith(`.${root}`));
  });
}
