import type { Schema } from '../notation/schema.ts';
import type { Operation, ServiceContract } from '../notation/service.ts';
import type { GlobalElement } from '../notation/types.ts';
import { escapeAttribute } from '../xml/escape.ts';
import { XSD_NAMESPACE } from '../xsd/writeSchema.ts';
import { type Locate, servedLocation } from '../xsd/xsdFor.ts';

/**
 * The WSDL 1.1 of a service (FACTS b.1): SOAP 1.1, document/literal, `soapAction=""`. The schemas are imported, not
 * included, by default from `?xsd=…` beside the address it is served at.
 *
 * @param addressUrl where the service answers
 */
export function wsdlFor(contract: ServiceContract, addressUrl: string, locate: Locate = servedLocation): string {
  const operations = Object.entries(contract.operations);
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    definitions(contract),
    types(schemasOf(contract), locate),
    ...messages(operations.map(([, operation]) => operation)),
    `<wsdl:portType name="${contract.portType}">`,
    ...operations.map(([name, operation]) => portOperation(name, operation)),
    '</wsdl:portType>',
    `<wsdl:binding name="${contract.binding}" type="tns:${contract.portType}">`,
    '<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>',
    ...operations.map(([name]) => boundOperation(name)),
    '</wsdl:binding>',
    `<wsdl:service name="${contract.name}">`,
    `<wsdl:port name="${contract.portType}" binding="tns:${contract.binding}">`,
    `<soap:address location="${escapeAttribute(addressUrl)}"/>`,
    '</wsdl:port>',
    '</wsdl:service>',
    '</wsdl:definitions>',
  ].join('\n')}\n`;
}

function schemasOf({ operations }: ServiceContract): Schema[] {
  const elements = Object.values(operations).flatMap(elementsOf);
  return [...new Set(elements.map(({ schema }) => schema))];
}

const elementsOf = ({ request, response, fault }: Operation): GlobalElement[] => [request, response, fault];

function definitions(contract: ServiceContract): string {
  const prefixes = schemasOf(contract).map(({ prefix, namespace }) => ` xmlns:${prefix}="${namespace}"`);
  return [
    `<wsdl:definitions name="${contract.definitionsName}" targetNamespace="${contract.namespace}"`,
    ` xmlns:tns="${contract.namespace}"${prefixes.join('')}`,
    ' xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"',
    ` xmlns:xs="${XSD_NAMESPACE}">`,
  ].join('');
}

function types(schemas: readonly Schema[], locate: Locate): string {
  const imports = schemas.map(
    (schema) => `<xs:import namespace="${schema.namespace}" schemaLocation="${escapeAttribute(locate(schema))}"/>`,
  );
  return ['<wsdl:types>', '<xs:schema>', ...imports, '</xs:schema>', '</wsdl:types>'].join('\n');
}

/** Operations share the message of their fault, so each name is written once. */
function messages(operations: readonly Operation[]): string[] {
  const parts = new Map<string, string>();
  for (const { request, response, fault, messages: names } of operations) {
    parts.set(names.request, message(names.request, 'parameters', request));
    parts.set(names.response, message(names.response, 'parameters', response));
    parts.set(names.fault, message(names.fault, 'fault', fault));
  }
  return [...parts.values()];
}

const message = (name: string, part: string, element: GlobalElement): string =>
  [
    `<wsdl:message name="${name}">`,
    `<wsdl:part name="${part}" element="${element.schema.prefix}:${element.name}"/>`,
    '</wsdl:message>',
  ].join('\n');

const portOperation = (name: string, { messages: names }: Operation): string =>
  [
    `<wsdl:operation name="${name}">`,
    `<wsdl:input message="tns:${names.request}"/>`,
    `<wsdl:output message="tns:${names.response}"/>`,
    `<wsdl:fault name="fault" message="tns:${names.fault}"/>`,
    '</wsdl:operation>',
  ].join('\n');

const boundOperation = (name: string): string =>
  [
    `<wsdl:operation name="${name}">`,
    '<soap:operation soapAction=""/>',
    '<wsdl:input><soap:body use="literal"/></wsdl:input>',
    '<wsdl:output><soap:body use="literal"/></wsdl:output>',
    '<wsdl:fault name="fault"><soap:fault name="fault" use="literal"/></wsdl:fault>',
    '</wsdl:operation>',
  ].join('\n');
