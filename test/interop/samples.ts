import type {
  authorityService,
  messageService,
  notificationService,
  OperationName,
  RecipientId,
  RequestOf,
  ResponseOf,
  recipientService,
  ServiceContract,
  serviceService,
} from '@brevduva/protocol';

/** What a value becomes without signatures: an independent client cannot write our XMLDSig form by hand. */
type Unsigned<T> = T extends Buffer | string | number | boolean
  ? T
  : T extends readonly (infer E)[]
    ? Unsigned<E>[]
    : { [K in keyof T as K extends 'Signature' ? (T[K] extends Buffer ? K : never) : K]: Unsigned<T[K]> };

/** One request and one answer for every operation of a service, with as many fields as fit. */
export type Samples<S extends ServiceContract> = {
  readonly [K in OperationName<S>]: {
    readonly request: Unsigned<RequestOf<S['operations'][K]>>;
    readonly response: ResponseOf<S['operations'][K]>;
  };
};

const PERSON = '192705178354' as RecipientId;
const COMPANY = '165560000000' as RecipientId;
const SENDER = '162021004748' as RecipientId;
const INSTANT = '2016-10-30T15:38:49+01:00';
const DATE = '2026-11-23';
const BYTES = Buffer.from('räksmörgås <&> \u0000\u00ff', 'utf8');
const TEXT = 'Åäö <&> "citat" €😀';

const signatureData = { Signature: BYTES, Certificate: TEXT, Nonce: 'n', EncodingOfSignedText: 'UTF-8' };
const identity = { Id: COMPANY, UserIdentity: PERSON };
const person = { Id: PERSON, Name: TEXT };
const sender = { Id: SENDER, Name: 'Kommun A', Attention: TEXT };
const supplier = {
  Id: '165568402266',
  Name: TEXT,
  Logo: 'https://operator.example/logo.png',
  ServiceAdress: 'https://operator.example/service/v3',
  UIAdress: 'https://operator.example/',
  InternalServiceAdress: 'https://inner.example/',
};
const authorization = {
  Id: COMPANY,
  SignedBy: [person],
  Status: 'Incomplete' as const,
  Timestamp: INSTANT,
  Text: TEXT,
  PossibleSigners: [person, { Id: 'no-123', Name: 'Kari' }],
};
const account = {
  RecipientId: PERSON,
  Type: 'Secure' as const,
  Pending: true,
  ServiceSupplier: supplier,
  LastRegistration: INSTANT,
};
const accountRequest = {
  Id: COMPANY,
  Type: 'Create' as const,
  AgreementText: TEXT,
  Timestamp: DATE,
  ServiceSupplier: 'operator.example',
};
const preferences = { Id: PERSON, AcceptedSenders: [sender] };

export const RECIPIENT_SAMPLES: Samples<typeof recipientService> = {
  getAccountPreferences: {
    request: { RecipientId: PERSON, UserIdentity: PERSON },
    response: { return: preferences },
  },
  getPendingAccountPreferences: {
    request: identity,
    response: { return: { AccountPreferences: preferences, PendingSignatures: authorization } },
  },
  deletePendingAccountPreferences: {
    request: { organizationIdentity: identity },
    response: { return: identity },
  },
  storeAccountPreferences: {
    request: { ...identity, preferences, AgreementText: TEXT, SignatureData: [signatureData] },
    response: { return: authorization },
  },
  isReachable: {
    request: { senderOrgNr: SENDER, recipientId: [PERSON, COMPANY] },
    response: {
      return: [
        { AccountStatus: account, SenderAccepted: true, LastSenderAcceptChange: INSTANT },
        { AccountStatus: { RecipientId: COMPANY, Type: 'Not', Pending: false }, SenderAccepted: false },
      ],
    },
  },
  isRegistered: { request: { recipientId: [PERSON] }, response: { return: [account] } },
  register: {
    request: { accountRequest, accountType: 'Secure', signature: [signatureData, signatureData] },
    response: { return: authorization },
  },
  deregister: {
    request: { deregisterAccount: { ...accountRequest, Type: 'Delete' }, signature: [signatureData] },
    response: { return: { SignedBy: [], PossibleSigners: [], Status: 'Complete' } },
  },
  getPendingAccountRequest: {
    request: { recipientId: [COMPANY, PERSON], userIdentity: PERSON },
    response: { return: [{ AccountRequest: accountRequest, SignatureStatus: authorization }] },
  },
  deletePendingAccountRequest: { request: { recipientId: COMPANY, userIdentity: PERSON }, response: {} },
  changeServiceSupplier: {
    request: {
      ...identity,
      ServiceSupplier: 'operator.example',
      AgreementText: TEXT,
      SignatureData: [signatureData],
    },
    response: { signatureAuthorizationResult: authorization },
  },
  getPendingChangeServiceSupplier: {
    request: identity,
    response: { return: { serviceSupplier: supplier, pendingSignatures: authorization } },
  },
  deletePendingChangeServiceSupplier: {
    request: { organizationIdentity: identity },
    response: { serviceSupplier: supplier },
  },
  isAuthorizedSigner: {
    request: { CompanyId: COMPANY, UserIdentity: PERSON },
    response: {
      return: {
        isAccountAuthorizedSigner: true,
        UserIdentity: PERSON,
        CompanyId: COMPANY,
        CompanyName: TEXT,
        CompanySignatureRuleText: TEXT,
        PossibleSigners: [person],
        AccountInformation: {
          AccountStatus: 'Pending',
          SignedBy: [person],
          SignatureStatus: 'RulesNotSupported',
          serviceSupplier: 'operator.example',
          AgreementText: TEXT,
        },
      },
    },
  },
};

const messageHeader = {
  Id: '3f1a7f8e-64a5-4f0f-8a1b-0d6a2b7f9c55',
  Subject: TEXT,
  Supportinfo: { Text: TEXT, URL: 'https://kommun.example/', PhoneNumber: '010-1', EmailAdress: 'a@kommun.example' },
  OfficialMatter: {
    OfficialMatterExtension: {
      Timestamp: DATE,
      Identity: { EventId: 'h1', OfficialMatterId: 'k1', PrecedingEventId: 'h0' },
      MatterSubject: TEXT,
      EventType: 'beslut',
      MatterStatus: 'closed' as const,
    },
  },
  Metadata: [{ Tag: 't', Value: TEXT }],
  Language: 'svSE',
  Reply: 'NOT_ALLOWED' as const,
  ReceiptRequest: 'NOT' as const,
};
const body = { ContentType: 'text/plain', Body: BYTES };
const signedDelivery = {
  Delivery: {
    Header: { Sender: sender, Recipient: PERSON, Reference: TEXT, CorrelationId: 'c', Attention: TEXT },
    Message: [
      {
        Header: messageHeader,
        Body: body,
        Attachment: [{ ContentType: 'application/pdf', Body: BYTES, Checksum: '0'.repeat(32), Filename: 'å & ä.pdf' }],
      },
    ],
  },
};
const sealedDelivery = { SignedDelivery: signedDelivery, Seal: { ReceivedTime: DATE, SignaturesOK: true } };
const deliveryHeader = { Sender: sender, Recipient: [PERSON, COMPANY], Reference: TEXT };
const notification = {
  Header: deliveryHeader,
  Message: { header: messageHeader, body },
  EmailMessage: { header: { From: 'a@kommun.example', Subject: TEXT }, text: TEXT },
  SmsMessage: { header: { From: 'Kommun A' }, text: TEXT },
};
const deliveryResult = {
  TransId: '3832352f-fa74-4c17-ab6a-a6e3ab8324f3',
  Status: [
    { RecipientId: PERSON, Delivered: true },
    { RecipientId: COMPANY, Delivered: false },
  ],
};
const notificationStatus = [
  {
    RecipientId: PERSON,
    DeliveryStatus: { DeliveredFlag: true, NotifiedByChannel: ['SMS' as const, 'EMail' as const] },
  },
  { RecipientId: COMPANY, DeliveryStatus: { DeliveredFlag: false, NotifiedByChannel: [] } },
];

export const SERVICE_SAMPLES: Samples<typeof serviceService> = {
  notify: {
    request: { notify: notification },
    response: { return: { TransId: 't1', Status: notificationStatus } },
  },
  deliverSecure: { request: { deliverSecure: sealedDelivery }, response: { return: deliveryResult } },
  deliverForward: {
    request: {
      forwardMessage: {
        Header: deliveryHeader,
        Message: { Subject: TEXT, Body: body },
        OrginalDelivery: sealedDelivery,
        MessageIdToForward: 'm1',
      },
    },
    response: { return: deliveryResult },
  },
};

export const MESSAGE_SAMPLES: Samples<typeof messageService> = {
  distributeSecure: { request: { signedDelivery }, response: { return: 'd1' } },
  checkDistributionStatus: {
    request: { senderId: SENDER, distributionId: 'd1' },
    response: {
      return: [
        { RecipientId: PERSON, Type: 'Digital', DeliveryStatus: 'Delivered' },
        { RecipientId: COMPANY, Type: 'Not' },
      ],
    },
  },
};

export const NOTIFICATION_SAMPLES: Samples<typeof notificationService> = {
  distribute: { request: { notificationDelivery: notification }, response: { return: 'd2' } },
  checkDistributionStatus: {
    request: { sender: SENDER, distributionId: 'd2' },
    response: { return: notificationStatus },
  },
};

const rights = {
  Rights: [
    {
      Id: COMPANY,
      OrganizationName: TEXT,
      UserIdentity: PERSON,
      GrantedAccess: ['View' as const, 'EditSettings' as const],
      GrantType: 'AuthorizedSignatory' as const,
      Role: 'VD',
    },
  ],
  Problems: [
    {
      Source: 'Bolagsverket' as const,
      Type: 'SourceInaccessible' as const,
      Description: TEXT,
      ObjectId: 'o1',
    },
  ],
};

export const AUTHORITY_SAMPLES: Samples<typeof authorityService> = {
  getDispatchers: {
    request: {},
    response: {
      return: [
        { Id: SENDER, Name: 'Kommun A', Senders: [SENDER, '162021003898'] },
        { Id: '162021003898', Name: TEXT, Senders: [] },
      ],
    },
  },
  getUserAccessRights: { request: { arg0: PERSON }, response: { return: rights } },
  getUserAccessRightsNoConcent: { request: { arg0: PERSON }, response: { return: { Rights: [], Problems: [] } } },
  isSenderAccepted: { request: { arg0: SENDER }, response: { return: true } },
  getSenders: { request: {}, response: { return: [sender, { Id: COMPANY, Name: TEXT }] } },
  testNewSigner: {
    request: { arg0: COMPANY, arg1: [person], arg2: PERSON, arg3: 'Ownership' },
    response: { return: authorization },
  },
  verifyAuthorizedSignatures: {
    request: { arg0: COMPANY, arg1: [signatureData], arg2: BYTES, arg3: 'CancelConsent' },
    response: { return: authorization },
  },
};
