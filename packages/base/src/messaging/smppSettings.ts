import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { OnSmsStatus } from './smsSender.ts';

export interface SmppLinkOptions {
  readonly host: string;
  readonly port: number;
  /** `none`: in clear text, inside a tunnel or on the same computer. */
  readonly tls: 'tls' | 'none';
  /** Trust anchors in PEM, when the certificate is not of a public authority. */
  readonly caPem?: string;
  readonly systemId: string;
  readonly password: string;
  readonly systemType?: string;
  readonly onStatus: OnSmsStatus;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<SmppLimits>;
}

export interface SmppSmsSenderOptions extends SmppLinkOptions {
  /** Who is shown as sender: at most eleven letters and digits, a short number, or a number with `+`. */
  readonly from: string;
  /** How a text of several parts goes: joined by a header (UDH) in each, which every centre takes, or whole in message_payload. */
  readonly longTexts?: 'parts' | 'payload';
}

export interface SmppLimits {
  readonly connectTimeoutMs: number;
  /** Longest wait for the answer to one PDU. */
  readonly answerTimeoutMs: number;
  /** How often the other side is asked whether it is there. */
  readonly enquireLinkMs: number;
  /** Messages that wait for their answer at the same time. */
  readonly windowMax: number;
}

export const SMPP_LIMITS: SmppLimits = {
  connectTimeoutMs: 10_000,
  answerTimeoutMs: 15_000,
  enquireLinkMs: 30_000,
  windowMax: 10,
};
