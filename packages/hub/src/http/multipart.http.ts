import { type AppError, appError, BASE_ERRORS } from '@brevduva/base';

/** A part of a form; `bytes` is a view into the body. */
export interface FormPart {
  readonly name: string;
  readonly filename: string | undefined;
  /** Lower case, without parameters. */
  readonly contentType: string | undefined;
  readonly bytes: Buffer;
}

/** Far more than a letter has; against a body of nothing but delimiters. */
const PARTS_MAX = 64;
const PART_HEAD_BYTES_MAX = 8_192;
const CRLF = '\r\n';

/**
 * Reads multipart/form-data (RFC 7578, RFC 2046 5.1.1) that is in memory as a whole. Ours rather than a streaming reader's, because
 * those pass over a part whose head they do not understand, and then a letter goes out without its attachment: here whatever is not
 * understood refuses the request.
 *
 * @throws AppError BASE_BODY_MALFORMED with a fault that says what is wrong.
 */
export function readMultipart(body: Buffer, contentType: string): FormPart[] {
  const delimiter = `--${boundaryOf(contentType)}`;
  const parts: FormPart[] = [];
  let at = findFirst(body, delimiter) + delimiter.length;
  while (!startsWith(body, at, '--')) {
    const start = skipLineEnd(body, at);
    // The line end before a delimiter belongs to the delimiter; that of an empty part is its head's own.
    const end = body.indexOf(CRLF + delimiter, start, 'latin1');
    if (end < 0) throw malformed('Formuläret slutar mitt i en del.');
    if (parts.length === PARTS_MAX) throw malformed(`Formuläret har fler än ${PARTS_MAX} delar.`);
    parts.push(readPart(body.subarray(start, end), parts.length + 1));
    at = end + CRLF.length + delimiter.length;
  }
  return parts;
}

function boundaryOf(contentType: string): string {
  const semicolon = contentType.indexOf(';');
  const boundary = semicolon < 0 ? undefined : readParameters(contentType.slice(semicolon))?.get('boundary');
  if (boundary === undefined || !/^[\x20-\x7e]{1,70}$/.test(boundary)) {
    throw malformed('Huvudet Content-Type saknar en giltig boundary.');
  }
  return boundary;
}

function findFirst(body: Buffer, delimiter: string): number {
  if (startsWith(body, 0, delimiter)) return 0;
  const found = body.indexOf(CRLF + delimiter, 0, 'latin1');
  if (found < 0) throw malformed('Formuläret saknar den boundary som Content-Type anger.');
  return found + CRLF.length;
}

/** After a delimiter: blanks, then the end of the line. */
function skipLineEnd(body: Buffer, from: number): number {
  let at = from;
  while (startsWith(body, at, ' ') || startsWith(body, at, '\t')) at += 1;
  if (!startsWith(body, at, CRLF)) throw malformed('Efter boundary ska raden sluta.');
  return at + CRLF.length;
}

function readPart(part: Buffer, number: number): FormPart {
  const end = part.subarray(0, PART_HEAD_BYTES_MAX).indexOf(CRLF + CRLF, 0, 'latin1');
  const headers = end < 0 ? undefined : readHeaders(part.subarray(0, end).toString('utf8'));
  const disposition = /^form-data\s*(?=;)/i.exec(headers?.get('content-disposition') ?? '');
  const parameters = disposition && readParameters(disposition.input.slice(disposition[0].length));
  const name = parameters?.get('name');
  if (headers === undefined || !parameters || name === undefined) {
    throw malformed(`Del ${number} saknar Content-Disposition: form-data med ett namn.`);
  }
  if (!/^(?:7bit|8bit|binary)$/i.test(headers.get('content-transfer-encoding') ?? 'binary')) {
    throw malformed(`Del ${number} ska skickas som den är, utan Content-Transfer-Encoding.`);
  }
  const contentType = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  return { name, filename: filenameOf(parameters), contentType, bytes: part.subarray(end + 2 * CRLF.length) };
}

/** @returns header values by lower-case name; undefined when a line is not a header, is folded, or a name stands twice. */
function readHeaders(head: string): Map<string, string> | undefined {
  const headers = new Map<string, string>();
  for (const line of head.split(CRLF)) {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([^\r\n\0]*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined || headers.has(name.toLowerCase())) return undefined;
    headers.set(name.toLowerCase(), value.trim());
  }
  return headers;
}

/** `; name="value"; other=token`. @returns undefined when the text is anything else, or a name stands twice. */
function readParameters(text: string): Map<string, string> | undefined {
  const pattern = /\s*;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))\s*/y;
  const parameters = new Map<string, string>();
  while (pattern.lastIndex < text.length) {
    const [, name, quoted, token] = pattern.exec(text) ?? [];
    if (name === undefined || parameters.has(name.toLowerCase())) return undefined;
    // Only what clients do escape; a lone backslash is one of Windows' in an old browser's path.
    parameters.set(name.toLowerCase(), quoted?.replace(/\\(["\\])/g, '$1') ?? token ?? '');
  }
  return parameters;
}

/** .NET and older Python write what is not ASCII as `filename*` (RFC 5987) and something unreadable as `filename`. */
function filenameOf(parameters: ReadonlyMap<string, string>): string | undefined {
  const extended = parameters.get('filename*');
  if (extended === undefined) return parameters.get('filename');
  const encoded = /^utf-8'[^']*'(.*)$/i.exec(extended)?.[1];
  try {
    if (encoded !== undefined) return decodeURIComponent(encoded);
  } catch (cause) {
    if (!(cause instanceof URIError)) throw cause;
  }
  throw malformed('Ett filnamn ska skrivas i UTF-8.');
}

function startsWith(body: Buffer, at: number, text: string): boolean {
  return body.toString('latin1', at, at + text.length) === text;
}

function malformed(text: string): AppError {
  return appError(BASE_ERRORS, 'BASE_BODY_MALFORMED', { faults: [{ code: 'BASE_BODY_MALFORMED', path: '', text }] });
}
