/**
 * XML Signature. Nobody reads it field by field: the signature module works on the exact bytes. So the types are opaque
 * (their value is XML), but described in full, because a received signature is judged by the generated XSD.
 */
import { anyURI, base64Binary, id, integer, optional, Schema, string } from '../notation/index.ts';
import { ANY_NUMBER, AT_LEAST_ONE, AT_MOST_ONE, any, choice, local, ref, sequence } from '../notation/particle.ts';

export const xmldsigSchema = new Schema({
  namespace: 'http://www.w3.org/2000/09/xmldsig#',
  fileName: 'xmldsig',
  prefix: 'ds',
});

const withId = { Id: optional(id()) };
const other = any('##other', 'lax');

export const CryptoBinary = xmldsigSchema.simple('CryptoBinary', base64Binary());
export const DigestValueType = xmldsigSchema.simple('DigestValueType', base64Binary());
export const HMACOutputLengthType = xmldsigSchema.simple('HMACOutputLengthType', integer());

export const SignatureType = xmldsigSchema.opaque(
  'SignatureType',
  sequence([
    ref(() => SignedInfo),
    ref(() => SignatureValue),
    ref(() => KeyInfo, AT_MOST_ONE),
    ref(() => ObjectElement, ANY_NUMBER),
  ]),
  { attributes: withId },
);
export const Signature = xmldsigSchema.element('Signature', SignatureType);

export const SignatureValueType = xmldsigSchema.text(base64Binary(), withId, 'SignatureValueType');
export const SignatureValue = xmldsigSchema.element('SignatureValue', SignatureValueType);

export const SignedInfoType = xmldsigSchema.opaque(
  'SignedInfoType',
  sequence([ref(() => CanonicalizationMethod), ref(() => SignatureMethod), ref(() => Reference, AT_LEAST_ONE)]),
  { attributes: withId },
);
export const SignedInfo = xmldsigSchema.element('SignedInfo', SignedInfoType);

export const CanonicalizationMethodType = xmldsigSchema.opaque(
  'CanonicalizationMethodType',
  sequence([any('##any', 'strict', ANY_NUMBER)]),
  { mixed: true, attributes: { Algorithm: anyURI() } },
);
export const CanonicalizationMethod = xmldsigSchema.element('CanonicalizationMethod', CanonicalizationMethodType);

export const SignatureMethodType = xmldsigSchema.opaque(
  'SignatureMethodType',
  sequence([local('HMACOutputLength', HMACOutputLengthType, AT_MOST_ONE), any('##other', 'strict', ANY_NUMBER)]),
  { mixed: true, attributes: { Algorithm: anyURI() } },
);
export const SignatureMethod = xmldsigSchema.element('SignatureMethod', SignatureMethodType);

export const ReferenceType = xmldsigSchema.opaque(
  'ReferenceType',
  sequence([ref(() => Transforms, AT_MOST_ONE), ref(() => DigestMethod), ref(() => DigestValue)]),
  { attributes: { ...withId, URI: optional(anyURI()), Type: optional(anyURI()) } },
);
export const Reference = xmldsigSchema.element('Reference', ReferenceType);

export const TransformsType = xmldsigSchema.opaque('TransformsType', sequence([ref(() => Transform, AT_LEAST_ONE)]));
export const Transforms = xmldsigSchema.element('Transforms', TransformsType);

export const TransformType = xmldsigSchema.opaque(
  'TransformType',
  choice([other, local('XPath', string())], ANY_NUMBER),
  {
    mixed: true,
    attributes: { Algorithm: anyURI() },
  },
);
export const Transform = xmldsigSchema.element('Transform', TransformType);

export const DigestMethodType = xmldsigSchema.opaque(
  'DigestMethodType',
  sequence([any('##other', 'lax', ANY_NUMBER)]),
  { mixed: true, attributes: { Algorithm: anyURI() } },
);
export const DigestMethod = xmldsigSchema.element('DigestMethod', DigestMethodType);
export const DigestValue = xmldsigSchema.element('DigestValue', DigestValueType);

export const KeyInfoType = xmldsigSchema.opaque(
  'KeyInfoType',
  choice(
    [
      ref(() => KeyName),
      ref(() => KeyValue),
      ref(() => RetrievalMethod),
      ref(() => X509Data),
      ref(() => PGPData),
      ref(() => SPKIData),
      ref(() => MgmtData),
      other,
    ],
    AT_LEAST_ONE,
  ),
  { mixed: true, attributes: withId },
);
export const KeyInfo = xmldsigSchema.element('KeyInfo', KeyInfoType);
export const KeyName = xmldsigSchema.element('KeyName', string());
export const MgmtData = xmldsigSchema.element('MgmtData', string());

export const KeyValueType = xmldsigSchema.opaque(
  'KeyValueType',
  choice([ref(() => DSAKeyValue), ref(() => RSAKeyValue), other]),
  { mixed: true },
);
export const KeyValue = xmldsigSchema.element('KeyValue', KeyValueType);

export const RetrievalMethodType = xmldsigSchema.opaque(
  'RetrievalMethodType',
  sequence([ref(() => Transforms, AT_MOST_ONE)]),
  { attributes: { URI: optional(anyURI()), Type: optional(anyURI()) } },
);
export const RetrievalMethod = xmldsigSchema.element('RetrievalMethod', RetrievalMethodType);

export const X509IssuerSerialType = xmldsigSchema.opaque(
  'X509IssuerSerialType',
  sequence([local('X509IssuerName', string()), local('X509SerialNumber', integer())]),
);

export const X509DataType = xmldsigSchema.opaque(
  'X509DataType',
  sequence(
    [
      choice([
        local('X509IssuerSerial', X509IssuerSerialType),
        local('X509SKI', base64Binary()),
        local('X509SubjectName', string()),
        local('X509Certificate', base64Binary()),
        local('X509CRL', base64Binary()),
        other,
      ]),
    ],
    AT_LEAST_ONE,
  ),
);
export const X509Data = xmldsigSchema.element('X509Data', X509DataType);

export const PGPDataType = xmldsigSchema.opaque(
  'PGPDataType',
  choice([
    sequence([
      local('PGPKeyID', base64Binary()),
      local('PGPKeyPacket', base64Binary(), AT_MOST_ONE),
      any('##other', 'lax', ANY_NUMBER),
    ]),
    sequence([local('PGPKeyPacket', base64Binary()), any('##other', 'lax', ANY_NUMBER)]),
  ]),
);
export const PGPData = xmldsigSchema.element('PGPData', PGPDataType);

export const SPKIDataType = xmldsigSchema.opaque(
  'SPKIDataType',
  sequence([local('SPKISexp', base64Binary()), any('##other', 'lax', AT_MOST_ONE)], AT_LEAST_ONE),
);
export const SPKIData = xmldsigSchema.element('SPKIData', SPKIDataType);

export const ObjectType = xmldsigSchema.opaque('ObjectType', sequence([any('##any', 'lax')], ANY_NUMBER), {
  mixed: true,
  attributes: { ...withId, MimeType: optional(string()), Encoding: optional(anyURI()) },
});
export const ObjectElement = xmldsigSchema.element('Object', ObjectType);

export const ManifestType = xmldsigSchema.opaque('ManifestType', sequence([ref(() => Reference, AT_LEAST_ONE)]), {
  attributes: withId,
});
export const Manifest = xmldsigSchema.element('Manifest', ManifestType);

export const SignaturePropertiesType = xmldsigSchema.opaque(
  'SignaturePropertiesType',
  sequence([ref(() => SignatureProperty, AT_LEAST_ONE)]),
  { attributes: withId },
);
export const SignatureProperties = xmldsigSchema.element('SignatureProperties', SignaturePropertiesType);

export const SignaturePropertyType = xmldsigSchema.opaque('SignaturePropertyType', choice([other], AT_LEAST_ONE), {
  mixed: true,
  attributes: { Target: anyURI(), ...withId },
});
export const SignatureProperty = xmldsigSchema.element('SignatureProperty', SignaturePropertyType);

export const DSAKeyValueType = xmldsigSchema.opaque(
  'DSAKeyValueType',
  sequence([
    sequence([local('P', CryptoBinary), local('Q', CryptoBinary)], AT_MOST_ONE),
    local('G', CryptoBinary, AT_MOST_ONE),
    local('Y', CryptoBinary),
    local('J', CryptoBinary, AT_MOST_ONE),
    sequence([local('Seed', CryptoBinary), local('PgenCounter', CryptoBinary)], AT_MOST_ONE),
  ]),
);
export const DSAKeyValue = xmldsigSchema.element('DSAKeyValue', DSAKeyValueType);

export const RSAKeyValueType = xmldsigSchema.opaque(
  'RSAKeyValueType',
  sequence([local('Modulus', CryptoBinary), local('Exponent', CryptoBinary)]),
);
export const RSAKeyValue = xmldsigSchema.element('RSAKeyValue', RSAKeyValueType);
