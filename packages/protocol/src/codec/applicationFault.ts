import type { XmlElement } from 'libxml2-wasm';
import { applicationFault } from '../contract/common-v3.ts';
import { ContractFault } from '../faults.ts';
import { decodeGlobalElement } from './decode.ts';
import { encodeGlobalElement } from './encode.ts';

/**
 * The detail element of a v3 fault (FACTS b.9), a document of its own.
 *
 * @param callId 20 to 50 characters (a UUID fits)
 */
export function encodeApplicationFault(fault: ContractFault, callId: string): string {
  return encodeGlobalElement(applicationFault, {
    ErrorCode: fault.errorCode,
    Description: fault.description,
    CallId: callId,
  });
}

/**
 * The fault that another party answered with.
 *
 * @throws ContractFault 5001 if the element is not an `applicationFault`
 */
export function decodeApplicationFault(node: XmlElement): ContractFault {
  const { ErrorCode, Description, CallId } = decodeGlobalElement(node, applicationFault);
  return new ContractFault(ErrorCode, Description, { callId: CallId });
}
