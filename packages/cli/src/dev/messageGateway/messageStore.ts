import type { SmsLength } from '@brevduva/base';

export interface SentMail {
  readonly kind: 'mail';
  readonly id: number;
  readonly at: Date;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly hasHtml: boolean;
  /** As they came, one a line. */
  readonly headers: string;
  readonly dkim: { readonly domain: string; readonly selector: string } | undefined;
  readonly envelopeFrom: string;
  /** What went back to the sender afterwards. */
  readonly reports: string[];
}

export interface SentSms {
  readonly kind: 'sms';
  readonly id: number;
  readonly at: Date;
  readonly door: 'HTTP' | 'SMPP';
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly length: SmsLength;
  readonly reports: string[];
}

export type SentMessage = SentMail | SentSms;

/** Of each message the newest are kept, in memory alone: this is for looking at, and nothing goes on from here. */
const MESSAGES_MAX = 200;

export interface MessageStore {
  /** The newest first. */
  list(): readonly SentMessage[];
  addMail(mail: Omit<SentMail, 'kind' | 'id' | 'at' | 'reports'>): SentMail;
  addSms(sms: Omit<SentSms, 'kind' | 'id' | 'at' | 'reports'>): SentSms;
  clear(): void;
}

export function createMessageStore(now: () => Date): MessageStore {
  let messages: SentMessage[] = [];
  let lastId = 0;
  const keep = <T extends SentMessage>(message: T): T => {
    messages = [message, ...messages].slice(0, MESSAGES_MAX);
    return message;
  };
  const begin = () => {
    lastId += 1;
    return { id: lastId, at: now(), reports: [] };
  };
  return {
    list: () => messages,
    addMail: (mail) => keep({ kind: 'mail', ...begin(), ...mail }),
    addSms: (sms) => keep({ kind: 'sms', ...begin(), ...sms }),
    clear: () => {
      messages = [];
    },
  };
}
