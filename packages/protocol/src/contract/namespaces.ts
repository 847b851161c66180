/** The stem that the contract's namespaces share (FACTS b.1). */
export const SCHEMA_NAMESPACE = 'http://minameddelanden.gov.se/schema';
export const EXTERNAL_SCHEMA_NAMESPACE = 'http://minameddelanden.gov.se/externalschema';
export const WSDL_NAMESPACE = 'http://minameddelanden.gov.se';
