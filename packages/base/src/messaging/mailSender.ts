import type { MailAddress } from './mailAddress.ts';
import type { SendOutcome } from './sendOutcome.ts';

export interface MailMessage {
  /** UUID. The same id gives the same Message-ID and the same bounce address, so that a repeat is recognisable. */
  readonly id: string;
  readonly to: MailAddress;
  readonly subject: string;
  /** Plain text; always there, also beside HTML. */
  readonly text: string;
  readonly html?: string;
  /** Who is shown as sender, in place of the adapter's own name: `Sköldinge kommun`. */
  readonly fromName?: string;
  readonly replyTo?: MailAddress;
}

/** Sends e-mail: by SMTP (`createSmtpMailSender`), the development gateway being an SMTP server like any other. */
export interface MailSender {
  /**
   * Tries once. Never rejects for what the network or the receiver does: that is the outcome.
   * @throws BASE_MAIL_MESSAGE_INVALID for a message that must never be sent (control characters in a header, too large, no UUID)
   */
  send(message: MailMessage): Promise<SendOutcome>;
  /** Lets what is under way end, and closes the connections. */
  close(): Promise<void>;
}
