import type { HttpSmsStatusReports, MailSender, OnSmsStatus, SmsSender } from '@brevduva/base';

/** Where an SMS gateway over HTTP posts its reports. */
export const SMS_STATUS_PATH = '/sms-status';

/** Ways to send SMS and e-mail. What is left out is not connected: notices go by the other channels. */
export interface MessagingOptions {
  readonly sms?: {
    /** Its reports are told apart from other gateways' by this name. */
    readonly gateway: string;
    /** The gateway sends a message once, however often it gets the same id. Only then is an SMS sent again when no answer came. */
    readonly recognisesIds: boolean;
    /** A gateway that posts its reports to us, at {@link SMS_STATUS_PATH}: how it proves itself, and what it says. */
    readonly httpReports?: HttpSmsStatusReports;
    /** Status reports go to `onStatus`, which has stored them when it resolves. */
    start(onStatus: OnSmsStatus): SmsSender | Promise<SmsSender>;
  };
  readonly mail?: {
    readonly gateway: string;
    /** What comes back for a message, by the message's id. */
    start(onReport: OnMailReport): MailSender | Promise<MailSender>;
  };
  /** How long a report is waited for before the gateway's word counts. */
  readonly reportWait?: ReportWait;
}

/** What a receiving server tells later of a message (RFC 3464). */
export interface MailReport {
  readonly action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'autoReply' | 'unclear';
  readonly status?: string;
}

export type OnMailReport = (messageId: string, report: MailReport) => Promise<void>;

export interface ReportWait {
  readonly smsMs: number;
  readonly emailMs: number;
}

const HOUR_MS = 3_600_000;

/** A telephone may be off over night. Most bounces come within minutes, and a receiving server that has more to tell tells it when it comes. */
export const REPORT_WAIT: ReportWait = { smsMs: 24 * HOUR_MS, emailMs: HOUR_MS };
