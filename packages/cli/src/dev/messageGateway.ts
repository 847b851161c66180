import { type Clock, createClosers, type Log, listen } from '@brevduva/base';
import type { FaultParty, SetFault } from './faults.ts';
import { createGatewayWeb } from './messageGateway/gateway.http.ts';
import { createMessageStore } from './messageGateway/messageStore.ts';
import { openSmppDoor } from './messageGateway/smppDoor.ts';
import { openSmtpDoor } from './messageGateway/smtpDoor.ts';

export interface MessageGatewayOptions {
  readonly folder: string;
  readonly ports: { readonly web: number; readonly smtp: number; readonly smpp: number };
  /** Who may send SMS over HTTP. */
  readonly token: string;
  /** Who may bind over SMPP. */
  readonly smppPassword: string;
  /** The fault that the next message meets. */
  takeFault(party: FaultParty): Promise<SetFault | undefined>;
  bouncePort(domain: string): number | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export interface MessageGateway {
  /** The page that shows what was sent; SMS are posted to `/sms` below it. */
  readonly url: string;
  readonly smtpPort: number;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Stands where a mail server and an SMS gateway stand: takes what the parties send, shows it, and sends it to nobody. */
export async function startMessageGateway(options: MessageGatewayOptions): Promise<MessageGateway> {
  const { ports, clock, log, bouncePort } = options;
  const store = createMessageStore(() => clock.now());
  const closers = createClosers();
  try {
    const takeMail = () => options.takeFault('epost');
    const takeSms = () => options.takeFault('sms');
    const smtp = await openSmtpDoor({ host: HOST, port: ports.smtp, store, takeFault: takeMail, bouncePort, log });
    closers.add(smtp.close);
    const smpp = { host: HOST, port: ports.smpp, password: options.smppPassword, store, takeFault: takeSms, log };
    closers.add((await openSmppDoor(smpp)).close);
    const web = createGatewayWeb({ ...options, store, takeFault: takeSms });
    closers.add(() => web.close());
    const url = await listen(web, { host: HOST, port: ports.web });
    return { url: url.replace('127.0.0.1', 'localhost'), smtpPort: smtp.port, close: () => closers.closeAll() };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}
