/** Numbers of the Internet Printing Protocol: RFC 8010 3.5, RFC 8011 4.1 and appendix B, PWG 5100.12. */

export const IPP_OPERATIONS = {
  printJob: 0x0002,
  validateJob: 0x0004,
  createJob: 0x0005,
  sendDocument: 0x0006,
  cancelJob: 0x0008,
  getJobAttributes: 0x0009,
  getJobs: 0x000a,
  getPrinterAttributes: 0x000b,
  cancelMyJobs: 0x0039,
  closeJob: 0x003b,
  identifyPrinter: 0x003c,
} as const;

export type IppOperationName = keyof typeof IPP_OPERATIONS;

export const IPP_STATUS = {
  ok: 0x0000,
  okIgnoredOrSubstituted: 0x0001,
  badRequest: 0x0400,
  forbidden: 0x0401,
  notAuthenticated: 0x0402,
  notPossible: 0x0404,
  notFound: 0x0406,
  requestEntityTooLarge: 0x0408,
  documentFormatNotSupported: 0x040a,
  attributesOrValuesNotSupported: 0x040b,
  uriSchemeNotSupported: 0x040c,
  charsetNotSupported: 0x040d,
  compressionNotSupported: 0x040f,
  compressionError: 0x0410,
  documentFormatError: 0x0411,
  internalError: 0x0500,
  operationNotSupported: 0x0501,
  versionNotSupported: 0x0503,
  notAcceptingJobs: 0x0506,
  busy: 0x0507,
} as const;

export type IppStatusName = keyof typeof IPP_STATUS;

/** What a group of attributes is about (RFC 8010 3.5.1). */
export const GROUP_TAGS = { operation: 0x01, job: 0x02, printer: 0x04, unsupported: 0x05 } as const;
export type IppGroupName = keyof typeof GROUP_TAGS;
export const END_OF_ATTRIBUTES = 0x03;
/** The first byte that begins a value and not a group. */
export const FIRST_VALUE_TAG = 0x10;

/** How a value is written (RFC 8010 3.5.2). */
export const VALUE_TAGS = {
  unsupported: 0x10,
  unknown: 0x12,
  noValue: 0x13,
  integer: 0x21,
  boolean: 0x22,
  enum: 0x23,
  octetString: 0x30,
  dateTime: 0x31,
  resolution: 0x32,
  rangeOfInteger: 0x33,
  collection: 0x34,
  textWithLanguage: 0x35,
  nameWithLanguage: 0x36,
  endCollection: 0x37,
  text: 0x41,
  name: 0x42,
  keyword: 0x44,
  uri: 0x45,
  uriScheme: 0x46,
  charset: 0x47,
  naturalLanguage: 0x48,
  mimeMediaType: 0x49,
  memberName: 0x4a,
} as const;

/** States of a job (RFC 8011 5.3.7). */
export const JOB_STATES = {
  pending: 3,
  held: 4,
  processing: 5,
  canceled: 7,
  aborted: 8,
  completed: 9,
} as const;
export type IppJobState = keyof typeof JOB_STATES;
