/**
 * Whether a text is an `xs:anyURI` as libxml2 judges it: RFC 3986 after everything that a URI may not hold was escaped, so
 * that hardly anything is refused but a broken authority, a lone percent sign or a second `#`. White space around it is
 * not part of it. A differential test holds the two to each other; a port of ten digits is all that we know them to differ in.
 */
export function isUri(text: string): boolean {
  return USUAL.test(text) || URI.test(trimmed(text).replace(/[^!-~]|[<>"{}|\\^`]/gu, '_'));
}

/** Whether a text is an `xs:language`; every known client writes `svSE` (FACTS f). */
export function isLanguage(text: string): boolean {
  return /^[A-Za-z]{1,8}(?:-[A-Za-z\d]{1,8})*$/.test(trimmed(text));
}

const trimmed = (text: string): string => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');

/** What nearly every address looks like: judged in a fifth of the time. */
const USUAL = /^(?:https?:\/\/[\w.-]+(?::\d{1,5})?(?:\/[\w.~-]*)*)?$/;

const ESCAPED = '%[\\dA-Fa-f]{2}';
const NAME = `(?:[\\w.~!$&'()*+,;=-]|${ESCAPED})*`;
const USER = `(?:[\\w.~!$&'()*+,;=:-]|${ESCAPED})*`;
const PATH = `[\\w.~!$&'()*+,;=:@-]|${ESCAPED}`;
const SEGMENTS = `(?:/(?:${PATH})*)*`;
const AUTHORITY = `//(?:${USER}@)?(?:\\[[^\\]]*\\]|${NAME})(?::0*\\d{1,9})?${SEGMENTS}`;
const ABSOLUTE = `/(?:(?:${PATH})+${SEGMENTS})?`;
const WITH_SCHEME = `[A-Za-z][A-Za-z\\d+.-]*:(?:${AUTHORITY}|${ABSOLUTE}|(?:${PATH})+${SEGMENTS})?`;
/** Its first part must not look like a scheme. */
const RELATIVE = `(?:${AUTHORITY}|${ABSOLUTE}|(?:[\\w.~!$&'()*+,;=@-]|${ESCAPED})+${SEGMENTS})?`;
const URI = new RegExp(`^(?:${WITH_SCHEME}|${RELATIVE})(?:\\?(?:${PATH}|[/?])*)?(?:#(?:${PATH}|[/?[\\]])*)?$`);
