import type { PhoneNumber } from './phoneNumber.ts';
import type { SendOutcome } from './sendOutcome.ts';

export interface SmsMessage {
  /** UUID; given to the gateway as our own reference where its protocol has room for one. */
  readonly id: string;
  readonly to: PhoneNumber;
  readonly text: string;
}

/** What the gateway told later about one part of a message that it had accepted. */
export interface SmsStatusReport {
  /** One of the `messageIds` of the accepted outcome. Two gateways may give the same: keep them apart by gateway. */
  readonly messageId: string;
  /** `waiting`: not there yet, more will be told. `unknown`: the gateway itself says that it does not know. */
  readonly state: 'delivered' | 'failed' | 'expired' | 'waiting' | 'unknown';
  /** The gateway's own code, for the story: `001`, `UNDELIV`. */
  readonly code?: string;
}

/** Keeps a report. Must have stored it when it resolves: only then is the gateway told that it arrived. */
export type OnSmsStatus = (report: SmsStatusReport) => Promise<void>;

/** Sends SMS: by HTTP (`createHttpSmsSender`) or SMPP 3.4 (`createSmppSmsSender`). */
export interface SmsSender {
  /**
   * Tries once. Never rejects for what the network or the gateway does: that is the outcome.
   * @throws BASE_SMS_MESSAGE_INVALID for a text that is empty or longer than `SMS_PARTS_MAX` parts
   */
  send(message: SmsMessage): Promise<SendOutcome>;
  close(): Promise<void>;
}
