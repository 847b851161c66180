import type { NodemailerError } from 'nodemailer';
import { foreignText, type SendOutcome } from './sendOutcome.ts';

/** How far the message's own bytes had come when the attempt failed. */
export interface DataProgress {
  /** The server had said 354, so bytes went out. */
  readonly hasBegun: boolean;
  /** The last of them was handed over, and the final dot after it. */
  readonly hasEnded: boolean;
}

/**
 * What a failed attempt means. A message is the server's only after its final dot: whatever breaks before that has
 * sent nothing, and what breaks after it, without an answer, is unknown. A refusal counts as one only where the server
 * judges the letter; that it does not let us in (AUTH, EHLO, TLS) says nothing about it and must not end it.
 */
export function smtpOutcome(error: NodemailerError, to: string, progress: DataProgress): SendOutcome {
  const text = foreignText(error.response ?? error.message, to);
  if (error.responseCode !== undefined) return answered(error, error.responseCode, text);
  const code = error.code ?? 'ESOCKET';
  if (progress.hasEnded) return { kind: 'unknown', code, text };
  // nodemailer itself compares with the SIZE that the server announced.
  if (code === 'EMESSAGE' && !progress.hasBegun) return { kind: 'refusedForGood', code, text, about: 'message' };
  return { kind: 'tryLater', code, text };
}

/** 552 and 422: the mailbox is full, which passes; RFC 5321 gives 552 as permanent, and every server means it so. */
const MAILBOX_FULL = /^[45]\.2\.2$/;

function answered(error: NodemailerError, responseCode: number, text: string): SendOutcome {
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(error.response ?? '')?.[1];
  const code = enhanced === undefined ? String(responseCode) : `${responseCode} ${enhanced}`;
  const judgesTheLetter = error.command === 'RCPT TO' || error.command === 'DATA' || error.command === 'MAIL FROM';
  if (!judgesTheLetter || error.permanent !== true || (enhanced !== undefined && MAILBOX_FULL.test(enhanced))) {
    return { kind: 'tryLater', code, text };
  }
  return {
    kind: 'refusedForGood',
    code,
    text,
    about: isAboutRecipient(error.command, enhanced) ? 'recipient' : 'message',
  };
}

/** RFC 3463: x.1.1–x.1.3, x.1.6 and x.1.10 are the address, x.2.1 a closed mailbox; x.7.x is policy and says nothing of the address. */
function isAboutRecipient(command: string | undefined, enhanced: string | undefined): boolean {
  if (command !== 'RCPT TO') return false;
  return enhanced === undefined || isAddressStatus(enhanced);
}

/** Whether an enhanced status code says that the address does not work. */
export function isAddressStatus(enhanced: string): boolean {
  return /^5\.(?:1\.(?:[12360]|10)|2\.1)$/.test(enhanced);
}
