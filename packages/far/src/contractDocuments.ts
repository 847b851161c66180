import { recipientService, wsdlFor, xsdNamed } from '@brevduva/protocol';

/** Path of the service on both listeners: the mutual TLS one that answers, the web one that only shows documents. */
export const RECIPIENT_PATH = '/webservice/Recipient/v3';

/**
 * What stands at `?wsdl` and `?xsd=Name`; undefined for any other query. The caller of the service needs a client
 * certificate already to read this there, so the same documents stand on the public web as well.
 *
 * @param soapUrl where the service answers, for `soap:address`
 */
export function contractDocument(query: Readonly<Record<string, unknown>>, soapUrl: string): string | undefined {
  if ('wsdl' in query || 'WSDL' in query) return wsdlFor(recipientService, soapUrl);
  const name = query['xsd'];
  return typeof name === 'string' ? xsdNamed(name) : undefined;
}
