import type { XmlElement } from 'libxml2-wasm';
import { decodeGlobalElement, isElement } from '../codec/decode.ts';
import { encodeGlobalElement } from '../codec/encode.ts';
import { applicationFault } from '../contract/common-v3.ts';
import { ContractFault } from '../faults.ts';
import type { GlobalElement, Infer } from '../notation/index.ts';
import { childElements, isNamed } from '../xml/children.ts';
import { escapeText } from '../xml/escape.ts';
import { ENVELOPE_NAMESPACE, type EnvelopeFault, writeEnvelope } from './envelope.ts';

/** A fault is long enough to say what is wrong, and too short to carry a letter back. */
const DESCRIPTION_CHARACTERS_MAX = 1000;

export interface WriteFaultOptions {
  callId: string;
  /** The element for the detail; the v3 one unless the operation has its own (FACTS b.9). */
  element?: GlobalElement;
  /** `Server` unless the envelope itself was wrong: so the published example has it. */
  faultCode?: EnvelopeFault | 'Server';
}

/** The message of a fault: `env:Fault` with the contract's own element as detail. */
export function writeFault(
  fault: ContractFault,
  { callId, element = applicationFault, faultCode = 'Server' }: WriteFaultOptions,
): Buffer {
  const description = xmlCharacters(fault.description.slice(0, DESCRIPTION_CHARACTERS_MAX));
  const detail = { ErrorCode: fault.errorCode, Description: description, CallId: callId };
  return writeEnvelope(
    `<env:Fault><faultcode>env:${faultCode}</faultcode><faultstring>${escapeText(description)}</faultstring>` +
      `<detail>${encodeGlobalElement(element, detail)}</detail></env:Fault>`,
  );
}

export function isFault(payload: XmlElement): boolean {
  return isNamed(payload, ENVELOPE_NAMESPACE, 'Fault');
}

/**
 * The contract's fault inside a SOAP fault: in the operation's own form (Authority has one for each) or the v3 one;
 * undefined when another party's software made the fault without either.
 */
export function readFault(
  payload: XmlElement,
  operationFault: GlobalElement = applicationFault,
): ContractFault | undefined {
  const detail = childElements(payload).find((child) => child.name === 'detail' && child.namespaceUri === '');
  if (detail === undefined) return undefined;
  for (const child of childElements(detail)) {
    const element = [operationFault, applicationFault].find((known) => isElement(child, known));
    if (element !== undefined) return exceptionIn(child, element);
  }
  return undefined;
}

function exceptionIn(child: XmlElement, element: GlobalElement): ContractFault | undefined {
  try {
    const { ErrorCode, Description, CallId } = decodeGlobalElement(child, element) as ApplicationFault;
    return new ContractFault(ErrorCode, Description, { callId: CallId });
  } catch (error) {
    if (error instanceof ContractFault) return undefined;
    throw error;
  }
}

/** `c:ExceptionInformation` and `c3:ExceptionInformation` have the same fields. */
type ApplicationFault = Infer<typeof applicationFault>;

/** Characters that XML cannot carry, not even escaped, become a question mark; so does half of a surrogate pair. */
function xmlCharacters(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?');
}
