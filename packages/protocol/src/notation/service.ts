import type { GlobalElement, Infer } from './types.ts';

/** One operation: document/literal, SOAP 1.1, `soapAction=""` (FACTS b.1). */
export interface Operation<Req = unknown, Res = unknown> {
  readonly request: GlobalElement<Req>;
  readonly response: GlobalElement<Res>;
  readonly fault: GlobalElement;
  /** Names of the WSDL messages; they follow no rule, so each is written out. */
  readonly messages: { readonly request: string; readonly response: string; readonly fault: string };
}

export interface ServiceContract<Ops extends Record<string, Operation> = Record<string, Operation>> {
  readonly name: string;
  /** `name` of `wsdl:definitions`, where it is not the service's. */
  readonly definitionsName: string;
  readonly namespace: string;
  readonly portType: string;
  readonly binding: string;
  readonly operations: Ops;
}

export type OperationName<S extends ServiceContract> = keyof S['operations'] & string;
export type RequestOf<O extends Operation> = Infer<O['request']>;
export type ResponseOf<O extends Operation> = Infer<O['response']>;

export const operation = <Req, Res>(
  request: GlobalElement<Req>,
  response: GlobalElement<Res>,
  fault: GlobalElement,
  messages: Operation['messages'],
): Operation<Req, Res> => ({ request, response, fault, messages });
