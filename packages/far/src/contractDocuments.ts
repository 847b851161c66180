import { authorityService, recipientService, type ServiceContract, wsdlFor, xsdNamed } from '@brevduva/protocol';

/** Path of Recipient v3 on both listeners: the mutual TLS one that answers, the web one that only shows documents. */
export const RECIPIENT_PATH = '/webservice/Recipient/v3';
/** Authority has no version (FACTS b.8). */
export const AUTHORITY_PATH = '/webservice/Authority';

/** The register's services by path. */
export const SERVICES: Readonly<Record<string, ServiceContract>> = {
  [RECIPIENT_PATH]: recipientService,
  [AUTHORITY_PATH]: authorityService,
};

/**
 * What stands at `?wsdl` and `?xsd=Name`; undefined for any other query. The caller of the service needs a client
 * certificate already to read this there, so the same documents stand on the public web as well.
 *
 * @param soapUrl where the service answers, for `soap:address`
 */
export function contractDocument(
  query: Readonly<Record<string, unknown>>,
  { service, soapUrl }: { service: ServiceContract; soapUrl: string },
): string | undefined {
  if ('wsdl' in query || 'WSDL' in query) return wsdlFor(service, soapUrl);
  const name = query['xsd'];
  return typeof name === 'string' ? xsdNamed(name) : undefined;
}
