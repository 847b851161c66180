interface FaultEntry {
  readonly code: number;
  readonly description: string;
}

/**
 * The contract's error codes (FACTS b.9). The descriptions, misspelt or not, are those of the official reference code.
 * Left out: the limits 0, 4999 and 9999, and 7000 to 7015, internals of the reference's own web application.
 */
export const FAULTS = {
  SYSTEM_INVALID_INPUT: { code: 1, description: 'Invalid input' },
  SYSTEM_INVALID_CONFIG: { code: 2, description: 'Invalid config' },
  SYSTEM_CERTIFICATE_ERROR: { code: 3, description: 'Certificate error' },
  SYSTEM_SIGN_NOUN_ERROR: { code: 4, description: 'Error when generating noun (nonce)' },
  SYSTEM_NOT_AUTHORIZED: { code: 5, description: 'Unauthorized access' },
  SYSTEM_NON_UNIQUE: { code: 6, description: 'Unique constraint violation' },
  SYSTEM_BOLAGSVERKET_ERROR: { code: 7, description: 'Error when getting information from Bolagsverket.' },
  UNKNOWN: { code: 5000, description: 'Unknown error' },
  INVALID_INPUT: { code: 5001, description: 'Invalid input' },
  ACCESS_DENIED: { code: 5002, description: 'Access denied' },
  OBJECT_NOT_FOUND: { code: 5003, description: 'Object not found' },
  JOB_NOT_COMPLETE: { code: 5004, description: 'Job not complete' },
  MAX_EXCEEDED: { code: 5005, description: 'Max exceeded' },
  ACCOUNT_IS_REFERENCED: { code: 5006, description: 'Account is referenced' },
  OBJECT_ALREADY_EXISTS: { code: 5007, description: 'Object already exists' },
  CANNOT_REMOVE_LAST_CONTACT: { code: 5008, description: 'Can not remove last contact' },
  REGISTER_ACCOUNT_ERROR: { code: 5009, description: 'Error when registering an account.' },
  REGISTER_ACCOUNT_SIGNATURE_ERROR: {
    code: 5010,
    description: 'Signature in signature when registering an account.',
  },
  ILLEGAL_STATE: { code: 5011, description: 'Illegal state' },
  SIGNATURE_ERROR: { code: 5012, description: 'Signature error' },
  ERROR_SENDING_EMAIL: { code: 5013, description: 'Error sending email.' },
  ERROR_SENDING_SMS: { code: 5013, description: 'Error sending sms.' },
  UNKNOWN_SENDER: { code: 5014, description: 'Sender is not registered as authorized sender.' },
  FILTER_ERROR: { code: 5015, description: 'Filter error' },
  NULL_VALUE: { code: 5016, description: 'Unhandled null value' },
  SPAR_ERROR: { code: 5017, description: 'Error getting info from Spar.' },
  BOLAGSVERKET_ERROR: { code: 5018, description: 'Error getting info from Bolagsverket.' },
  UNSUPPORTED_MIME_TYPE: { code: 5019, description: 'Content has a mime type that is not supported.' },
  FORETAGSFORMEN_STODS_EJ: { code: 6004, description: 'The company form is not supported.' },
  DISPATCHER_NOT_APPROVED: { code: 6005, description: 'The dispatcher is not approved.' },
  PROTECTED_IDENTITY: { code: 6006, description: 'Specified person has protected identity.' },
  NOT_EXIST_IDENTITY: { code: 6007, description: 'Specified person dose not exist.' },
  TDC_ERROR: { code: 6008, description: 'Error when sending SMS to TDC service.' },
  SEARCH_ERROR: { code: 8000, description: 'Search error' },
  INSUFFICIENT_SEARCH_QUERY: { code: 8001, description: 'Insufficient search query' },
  SYSTEM_ACCOUNT_DOES_NOT_EXIST: { code: 8002, description: 'Account does not exist.' },
  SYSTEM_USER_NOT_AUTHORIZED: { code: 8003, description: 'The user is not authorized.' },
  SYSTEM_SERVICE_PROVIDER_DOES_NOT_EXIST: { code: 8004, description: 'Service provider does not exist.' },
} as const satisfies Record<string, FaultEntry>;

export type FaultName = keyof typeof FAULTS;

/** A refusal in the contract's terms: what `applicationFault` carries, sent or received. */
export class ContractFault extends Error {
  readonly errorCode: number;
  readonly description: string;
  readonly callId?: string;

  constructor(errorCode: number, description: string, options: { callId?: string; cause?: unknown } = {}) {
    super(`${errorCode} ${description}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ContractFault';
    this.errorCode = errorCode;
    this.description = description;
    if (options.callId !== undefined) this.callId = options.callId;
  }
}

/** The fault of a given name; `detail` is put after its official description and must hold no personal data. */
export function contractFault(
  name: FaultName,
  detail?: string,
  options: { callId?: string; cause?: unknown } = {},
): ContractFault {
  const { code, description } = FAULTS[name];
  const text = detail === undefined ? description : `${description.replace(/\.$/, '')}: ${detail}`;
  return new ContractFault(code, text, options);
}
