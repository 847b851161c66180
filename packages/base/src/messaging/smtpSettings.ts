import type { BounceAddressOptions } from './bounceToken.ts';
import type { MailAddress } from './mailAddress.ts';

export interface SmtpMailSenderOptions {
  readonly host: string;
  readonly port: number;
  /**
   * `starttls`: refuse to send when the server does not offer it. `direct`: TLS from the first byte (port 465).
   * `none`: in clear text, for a server on the same computer.
   */
  readonly tls: 'starttls' | 'direct' | 'none';
  /** Trust anchors in PEM, when the server's certificate is not of a public authority. */
  readonly caPem?: string;
  readonly auth?: { readonly user: string; readonly password: string };
  /** Signs every message (RFC 6376), header and body, relaxed. */
  readonly dkim?: { readonly domain: string; readonly selector: string; readonly privateKeyPem: string };
  readonly from: { readonly address: MailAddress; readonly name?: string };
  /** Whose bounces come back to us; without it the envelope sender is `from`, and bounces are read by nobody. */
  readonly bounces?: BounceAddressOptions;
  readonly limits?: Partial<SmtpLimits>;
}

export interface SmtpLimits {
  readonly connectTimeoutMs: number;
  /** Longest silence of the server. */
  readonly silenceTimeoutMs: number;
  /** Longest time of one attempt, waiting for a free connection included: a server may also trickle. */
  readonly attemptTimeoutMs: number;
  /** Connections at the same time. */
  readonly connectionsMax: number;
  /** Size of a message as it is sent. */
  readonly messageBytesMax: number;
}

/** RFC 5321 4.5.3.2 asks for ten minutes after the final dot; nobody's mail server for outgoing mail needs two. */
export const SMTP_LIMITS: SmtpLimits = {
  connectTimeoutMs: 10_000,
  silenceTimeoutMs: 60_000,
  attemptTimeoutMs: 120_000,
  connectionsMax: 3,
  messageBytesMax: 512 * 1024,
};
