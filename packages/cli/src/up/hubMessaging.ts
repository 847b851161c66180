import {
  type Clock,
  createSmppSmsSender,
  createSmtpMailSender,
  type Log,
  parseMailAddress,
  startBounceListener,
} from '@brevduva/base';
import type { MessagingOptions } from '@brevduva/hub';

export interface HubMessagingOptions {
  readonly host: string;
  readonly ports: { readonly smtp: number; readonly smpp: number; readonly bounces: number };
  readonly smppPassword: string;
  /** Signs the addresses that bounces come to. */
  readonly bounceKey: Buffer;
  readonly clock: Clock;
  readonly log: Log;
  /** How long the gateway is waited for; the adapters' own times unless given. */
  readonly silenceMs?: number;
}

/** Where the hub's bounces come back to. */
export const HUB_BOUNCE_DOMAIN = 'studs.lillkoping.example';
/** At most eleven characters, as telephones show them. */
const SMS_FROM = 'Lillkoping';

/** The hub's SMS and e-mail by the development gateway: SMPP with status reports, SMTP with bounces. */
export function hubMessaging(options: HubMessagingOptions): MessagingOptions {
  const { host, ports, smppPassword: password, bounceKey, clock, log, silenceMs } = options;
  const bounces = { key: bounceKey, localPart: 'retur', domain: HUB_BOUNCE_DOMAIN };
  return {
    sms: {
      gateway: 'smpp',
      // The development gateway sends whatever it gets, as SMPP centres do.
      recognisesIds: false,
      start: (onStatus) =>
        createSmppSmsSender({
          ...{ host, port: ports.smpp, tls: 'none', systemId: 'hub', password, from: SMS_FROM, clock, log, onStatus },
          ...(silenceMs === undefined ? {} : { limits: { answerTimeoutMs: silenceMs } }),
        }),
    },
    mail: {
      gateway: 'smtp',
      async start(onReport) {
        const listener = await startBounceListener({ host, port: ports.bounces, bounces, log, onReport });
        const sender = createSmtpMailSender({
          ...{ host, port: ports.smtp, tls: 'none', bounces },
          from: { address: parseMailAddress('avisering@lillkoping.example') },
          ...(silenceMs === undefined ? {} : { limits: { silenceTimeoutMs: silenceMs } }),
        });
        return {
          send: (message) => sender.send(message),
          async close() {
            await sender.close();
            await listener.close();
          },
        };
      },
    },
  };
}
