import { IPP_OPERATIONS, IPP_STATUS, type IppOperationName, type IppStatusName } from './ippCodes.ts';
import { groupOf, type IppAttributes, type IppGroup, type IppMessage, numberOf, textOf } from './ippMessage.ts';
import { charset, language, text } from './ippValues.ts';

/** A refusal in the protocol's words; `message` is told to the person who prints. */
export class IppRefusal extends Error {
  override readonly name = 'IppRefusal';
  readonly status: IppStatusName;
  readonly unsupported: IppAttributes;

  constructor(status: IppStatusName, message: string, unsupported: IppAttributes = new Map()) {
    super(message);
    this.status = status;
    this.unsupported = unsupported;
  }
}

/** A request whose frame is right; what it asks for is not looked at yet. */
export interface IppRequest {
  readonly operation: IppOperationName;
  readonly attributes: IppAttributes;
  readonly jobAttributes: IppAttributes;
}

/**
 * Judges what every request must have, in the order that RFC 8011 4.1 has it.
 *
 * @throws IppRefusal
 */
export function readIppRequest(message: IppMessage): IppRequest {
  if (message.version.major !== 1 && message.version.major !== 2) {
    throw new IppRefusal('versionNotSupported', 'Skrivaren talar IPP 1.1 och 2.0.');
  }
  if (message.requestId <= 0) throw new IppRefusal('badRequest', 'request-id ska vara större än noll.');
  const [first] = message.groups;
  if (first?.name !== 'operation') throw new IppRefusal('badRequest', 'Operationens attribut saknas.');
  const { attributes } = first;
  const [firstName, secondName] = attributes.keys();
  if (firstName !== 'attributes-charset' || secondName !== 'attributes-natural-language') {
    throw new IppRefusal('badRequest', 'attributes-charset och attributes-natural-language ska stå först.');
  }
  const encoding = textOf(attributes, 'attributes-charset')?.toLowerCase();
  if (encoding !== 'utf-8' && encoding !== 'us-ascii') throw new IppRefusal('charsetNotSupported', 'Använd utf-8.');
  const operation = OPERATION_NAMES.get(message.code);
  if (operation === undefined) throw new IppRefusal('operationNotSupported', 'Skrivaren kan inte det.');
  if (!attributes.has('printer-uri') && !attributes.has('job-uri')) {
    throw new IppRefusal('badRequest', 'printer-uri saknas.');
  }
  return { operation, attributes, jobAttributes: groupOf(message, 'job') };
}

/** The job-id that a request is about, however it says it (RFC 8011 4.1.5). @throws IppRefusal without one. */
export function jobNumberOf(attributes: IppAttributes): number {
  const number =
    numberOf(attributes, 'job-id') ?? Number(/\/(\d{1,10})$/.exec(textOf(attributes, 'job-uri') ?? '')?.[1]);
  if (!Number.isInteger(number) || number <= 0) throw new IppRefusal('badRequest', 'job-id saknas.');
  return number;
}

/** An answer to a request; of the same version where we speak it (RFC 8011 4.1.8). */
export function ippAnswer(
  request: Pick<IppMessage, 'version' | 'requestId'>,
  status: IppStatusName,
  { groups = [], statusMessage }: { groups?: readonly IppGroup[]; statusMessage?: string } = {},
): IppMessage {
  const spoken = request.version.major === 2 ? { major: 2, minor: 0 } : { major: 1, minor: 1 };
  const operation: IppGroup = {
    name: 'operation',
    attributes: new Map([
      charset('attributes-charset', 'utf-8'),
      language('attributes-natural-language', 'sv'),
      ...(statusMessage === undefined ? [] : [text('status-message', statusMessage)]),
    ]),
  };
  return { version: spoken, code: IPP_STATUS[status], requestId: request.requestId, groups: [operation, ...groups] };
}

const OPERATION_NAMES = new Map(
  Object.entries(IPP_OPERATIONS).map(([name, code]) => [code as number, name as IppOperationName]),
);
