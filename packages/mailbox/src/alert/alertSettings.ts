import type { HttpSmsGateway, SmppSmsSenderOptions, SmtpMailSenderOptions } from '@brevduva/base';

/** How an operator tells its holders of new mail. Without a way, that way is not offered. */
export interface AlertSettings {
  mail?: SmtpMailSenderOptions;
  /** Receives the bounces of `mail.bounces`. */
  bounceListener?: { host: string; port: number; tls?: { key: string; cert: string } };
  sms?:
    | { kind: 'http'; gateway: HttpSmsGateway; from: string }
    | ({ kind: 'smpp' } & Omit<SmppSmsSenderOptions, 'onStatus' | 'clock' | 'log'>);
  /** How long letters may join one notice. Default 180 000, three minutes. */
  joinMs?: number;
}

/** Where an SMS gateway over HTTP reports to. */
export const SMS_STATUS_PATH = '/sms-status';

export const JOIN_MS = 180_000;
