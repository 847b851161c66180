// The contract: described once (contract/), and what comes from the description.
export { decodeApplicationFault, encodeApplicationFault } from './codec/applicationFault.ts';
export { decodeBase64 } from './codec/base64.ts';
export { checkGlobalElement } from './codec/checkValue.ts';
export { decodeElement, decodeGlobalElement, isElement, toFragment } from './codec/decode.ts';
export { EncodeFault } from './codec/EncodeFault.ts';
export {
  type ElementName,
  type Encodable,
  encodeElement,
  encodeElementBytes,
  encodeFragment,
  encodeGlobalElement,
  encodeGlobalElementBytes,
} from './codec/encode.ts';
export { ValueFault } from './codec/ValueFault.ts';
// Signatures, transport and content rules: what is done with the contract.
export {
  ATTACHMENT_CONTENT_TYPES,
  type AttachmentContentType,
  attachmentChecksum,
  BODY_CONTENT_TYPES,
  type BodyContentType,
  type ContentFault,
  type ContentFaultCode,
  checkMessageHtml,
  ENVELOPE_BYTES_MAX,
  isAttachmentChecksum,
} from './content.ts';
export type {
  AuthorizationStatus,
  Person,
  SignatureAuthorizationResult,
  UserAccessRights,
  UserAccessRightsResult,
} from './contract/authority.ts';
export * as authoritySchema from './contract/authority.ts';
export * as authorityMessages from './contract/authority-messages.ts';
export type { SignatureData } from './contract/common.ts';
export * as commonSchema from './contract/common.ts';
export * as commonV3Schema from './contract/common-v3.ts';
export type { Dispatcher } from './contract/dispatcher.ts';
export * as dispatcherSchema from './contract/dispatcher.ts';
export { CONTRACT_SCHEMAS, CONTRACT_SERVICES } from './contract/index.ts';
export type { Invoice } from './contract/invoice.ts';
export * as invoiceSchema from './contract/invoice.ts';
export type {
  Attachment,
  DeliveryHeader,
  DistributionStatus,
  MessageBody,
  MetaData,
  Seal,
} from './contract/message.ts';
export * as messageSchema from './contract/message.ts';
export type { SecureDeliveryHeader } from './contract/message-v2.ts';
export * as messageV2Schema from './contract/message-v2.ts';
export type {
  MessageHeader,
  OfficialMatter,
  SealedDelivery,
  SecureDelivery,
  SecureMessage,
  SignedDelivery,
  SupportInfo,
} from './contract/message-v3.ts';
export * as messageV3Schema from './contract/message-v3.ts';
export * as notificationV2Schema from './contract/notification-v2.ts';
export type { NotificationDelivery, NotificationStatus, NotifyResult } from './contract/notification-v3.ts';
export * as notificationV3Schema from './contract/notification-v3.ts';
export type { OfficialMatterExtension } from './contract/official-matter-v3.ts';
export * as officialMatterV3Schema from './contract/official-matter-v3.ts';
export type {
  AccountPreferences,
  AccountRequest,
  AccountStatus,
  AccountTypes,
  PendingAccountRequest,
  ReachabilityStatus,
  ServiceSupplier,
} from './contract/recipient.ts';
export * as recipientSchema from './contract/recipient.ts';
export type { AuthorizedAccount, OrganizationIdentity } from './contract/recipient-v2.ts';
export * as recipientV2Schema from './contract/recipient-v2.ts';
export * as recipientV3Schema from './contract/recipient-v3.ts';
export { IS_REACHABLE_RECIPIENTS_MAX } from './contract/recipient-v3.ts';
export type { Sender } from './contract/sender.ts';
export * as senderSchema from './contract/sender.ts';
export { authorityService } from './contract/service/authority.ts';
export { messageService } from './contract/service/message.ts';
export { notificationService } from './contract/service/notification.ts';
export { recipientService } from './contract/service/recipient.ts';
export { serviceService } from './contract/service/service.ts';
export type { DeliveryResult, DeliveryStatus } from './contract/service.ts';
export * as serviceSchema from './contract/service.ts';
export type { ForwardDelivery } from './contract/service-v3.ts';
export * as serviceV3Schema from './contract/service-v3.ts';
export * as xmldsigSchema from './contract/xmldsig.ts';
export { ContractFault, contractFault, FAULTS, type FaultName } from './faults.ts';
export {
  ageOn,
  birthDate,
  type CalendarDate,
  hasCheckDigit,
  type IdentityFault,
  isCalendarDate,
  type OrganizationNumber,
  type ParsedOrganizationNumber,
  type ParsedRecipientId,
  type PersonalNumber,
  parseOrganizationNumber,
  parseRecipientId,
  type RecipientId,
  type RecipientKind,
  recipientKind,
  swedishDate,
} from './identity.ts';
export {
  type GlobalElement,
  type Infer,
  type Operation,
  type OperationName,
  type RequestOf,
  type ResponseOf,
  type ServiceContract,
  type Type,
  XmlFragment,
} from './notation/index.ts';
export { notificationBytes, readNotificationBytes } from './notificationBytes.ts';
export { invoiceMatter, invoiceMatterBytes, invoiceOf } from './officialMatter.ts';
export { DEFAULT_ALGORITHMS, type SignatureAlgorithm } from './signature/algorithms.ts';
export { organizationOf } from './signature/certificate.ts';
export type { DeliverySource } from './signature/deliverySource.ts';
export { originalDelivery } from './signature/originalDelivery.ts';
export {
  type Distribution,
  type DistributionRules,
  type MayActFor,
  readDistribution,
  senderOfNotification,
} from './signature/readDistribution.ts';
export { rebuildStandalone, rebuildStandaloneSigned } from './signature/rebuildStandalone.ts';
export {
  SIGNATURE_FAULTS,
  SignatureError,
  type SignatureFault,
  type SignatureLayer,
} from './signature/SignatureError.ts';
export {
  deliverSecureRequest,
  distributeSecureRequest,
  type SealedDeliveryXml,
  type SignedDeliveryXml,
  sealDelivery,
  signDelivery,
  standaloneSealedDelivery,
  standaloneSignedDelivery,
} from './signature/sealDelivery.ts';
export { signatureFault } from './signature/signatureFault.ts';
export { createSigner, type Signer, type SignerOptions } from './signature/signer.ts';
export { createTrustStore, type TrustStore } from './signature/trustStore.ts';
export {
  type VerifiedSealedDelivery,
  type VerifiedSignedDelivery,
  type VerifyOptions,
  verifyIntegrity,
  verifySealedDelivery,
  verifySignedDelivery,
} from './signature/verifyDelivery.ts';
export { createSoapClient, type SoapClient, type SoapClientOptions } from './soap/createSoapClient.ts';
export {
  type CallRecord,
  createSoapEndpoint,
  type SoapCall,
  type SoapEndpoint,
  type SoapEndpointOptions,
  type SoapHandler,
  type SoapHandlers,
  type SoapReply,
  type SoapRequest,
  type SourceHandler,
  soapFaultReply,
  soapReply,
} from './soap/createSoapEndpoint.ts';
export { SOAP_CONTENT_TYPE } from './soap/envelope.ts';
export { SoapCallError, type SoapCallKind } from './soap/SoapCallError.ts';
export {
  type Agreement,
  agreementLine,
  agreementText,
  isAgreementTo,
  SIGNATURE_DOCUMENT_BYTES_MAX,
  type SignAsUserOptions,
  signAsUser,
  USER_SIGNATURE_FAULTS,
  UserSignatureError,
  type UserSignatureFault,
  type VerifiedUserSignature,
  type VerifyUserSignatureOptions,
  verifyUserSignature,
} from './userSignature/index.ts';
export { wsdlFor } from './wsdl/wsdlFor.ts';
export { escapeAttribute } from './xml/escape.ts';
export { oneByteEncodingOf, type PlainElement, type ReadXmlLimits, readXml } from './xml/readXml.ts';
export { type WrittenElement, writeXml } from './xml/writeXml.ts';
export { type XmlRefusal, XmlRefused } from './xml/XmlRefused.ts';
export { contractValidator, type SchemaFault, type Validator } from './xsd/contractValidator.ts';
export { type Locate, xsdFor, xsdNamed } from './xsd/xsdFor.ts';
