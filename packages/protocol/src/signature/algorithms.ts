/** Signature algorithms of the infrastructure (FACTS e.2); each goes with the digest of the same family. */
export type SignatureAlgorithm = 'rsa-sha256' | 'rsa-sha1';

export interface AlgorithmNames {
  hash: 'sha256' | 'sha1';
  signatureMethod: string;
  digestMethod: string;
}

export const ALGORITHMS: Readonly<Record<SignatureAlgorithm, AlgorithmNames>> = {
  'rsa-sha256': {
    hash: 'sha256',
    signatureMethod: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    digestMethod: 'http://www.w3.org/2001/04/xmlenc#sha256',
  },
  'rsa-sha1': {
    hash: 'sha1',
    signatureMethod: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
    digestMethod: 'http://www.w3.org/2000/09/xmldsig#sha1',
  },
};

/** SHA-1 only by an explicit setting: old senders still use it, and collisions are made for money. */
export const DEFAULT_ALGORITHMS: readonly SignatureAlgorithm[] = ['rsa-sha256'];

export const EXCLUSIVE_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const ENVELOPED_SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
export const XMLDSIG_NAMESPACE = 'http://www.w3.org/2000/09/xmldsig#';
export const MESSAGE_NAMESPACE = 'http://minameddelanden.gov.se/schema/Message/v3';
export const SERVICE_NAMESPACE = 'http://minameddelanden.gov.se/schema/Service/v3';
