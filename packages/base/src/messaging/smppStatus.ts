/** SMPP 3.4, 5.1.3: what an answer's `command_status` means for the message it answers. */
export const SMPP_STATUS = {
  ok: 0x00,
  invalidBindStatus: 0x04,
  systemError: 0x08,
  invalidDestination: 0x0b,
  queueFull: 0x14,
  invalidDestinationTon: 0x50,
  invalidDestinationNpi: 0x51,
  throttled: 0x58,
  temporaryApplicationError: 0x64,
  permanentApplicationError: 0x65,
  rejectedByApplication: 0x66,
} as const;

const ABOUT_RECIPIENT: readonly number[] = [
  SMPP_STATUS.invalidDestination,
  SMPP_STATUS.invalidDestinationTon,
  SMPP_STATUS.invalidDestinationNpi,
];

/** What the standard says is wrong with this very message: length, command, sender, service type, priority, flags, times, and so on. */
const ABOUT_MESSAGE: readonly number[] = [
  0x01,
  0x02,
  0x03,
  0x06,
  0x07,
  0x0a,
  0x15,
  0x33,
  0x34,
  0x40,
  0x42,
  0x43,
  0x44,
  0x48,
  0x49,
  0x53,
  0x54,
  0x61,
  0x62,
  0xc0,
  0xc1,
  0xc2,
  0xc3,
  0xc4,
  SMPP_STATUS.permanentApplicationError,
  SMPP_STATUS.rejectedByApplication,
];

/**
 * The judgement of a status that is not ok. What is in no list (the system's own errors, too many messages, our binding, and a
 * vendor's codes from 0x400 up, whose meaning nobody but the vendor knows) may pass.
 */
export function smppJudgement(status: number): 'recipient' | 'message' | 'passing' {
  if (ABOUT_RECIPIENT.includes(status)) return 'recipient';
  return ABOUT_MESSAGE.includes(status) ? 'message' : 'passing';
}

/** `SMPP 0x58`. */
export function smppCode(status: number): string {
  return `SMPP 0x${status.toString(16).padStart(2, '0')}`;
}
