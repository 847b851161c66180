import { type Check, failed, passed, SERVICE_NAMES, type Verdict, verdict } from '../check.ts';
import { type Context, seen, told, toldNoAnswer } from '../context.ts';
import { ordinaryRequest } from '../ordinaryRequest.ts';
import { type ClientTls, handshake, NoAnswer } from '../wire.http.ts';

const common = { clause: 'j', basis: 'contract', services: SERVICE_NAMES } as const;

/** Mutual TLS on every hop (FACTS j). */
export const TRANSPORT_CHECKS: readonly Check[] = [
  {
    ...common,
    id: 'transport.connects',
    title: 'Servern svarar, och dess certifikat går att lita på',
    sends: 'en TLS-anslutning med vårt klientcertifikat; utfärdare enligt --ca, värdnamn enligt --url',
    expects: 'anslutningen kommer till stånd och servern godtar vårt certifikat',
    run: connects,
  },
  {
    ...common,
    id: 'transport.tls-version',
    dependsOn: ['transport.connects'],
    title: 'TLS 1.2 eller senare, aldrig äldre',
    sends: 'en anslutning som högst kan TLS 1.1',
    expects: 'servern avböjer',
    run: refusesOldTls,
  },
  {
    ...common,
    id: 'transport.no-certificate',
    dependsOn: ['transport.connects'],
    title: 'Utan klientcertifikat ges inget svar',
    sends: 'en vanlig fråga utan klientcertifikat',
    expects: 'avbruten anslutning, HTTP 4xx eller ett fel',
    run: (context) => refusesClient(context, {}),
  },
  {
    ...common,
    id: 'transport.unknown-issuer',
    dependsOn: ['transport.connects'],
    title: 'Klientcertifikat från en okänd utfärdare godtas inte',
    sends:
      'en vanlig fråga med ett nygjort certifikat över samma nyckel och med avsändarens organisationsnummer, från en utfärdare som ingen känner',
    expects: 'avbruten anslutning, HTTP 4xx eller ett fel',
    async run(context) {
      const { keyPem: key, certPem: cert } = await context.impostor();
      return refusesClient(context, { key, cert });
    },
  },
];

async function connects({ target, wire }: Context): Promise<Verdict> {
  try {
    const { version, subject, validTo } = await handshake(target.url, target.tls, { min: 'TLSv1.2', max: 'TLSv1.3' });
    // In TLS 1.3 a refused certificate shows only when something is asked for.
    await wire.get(target.url);
    return passed(`${version}, ${subject}, giltigt till ${validTo}`);
  } catch (error) {
    return failed(toldNoAnswer(error));
  }
}

async function refusesOldTls({ target }: Context): Promise<Verdict> {
  try {
    const { version } = await handshake(target.url, target.tls, { min: 'TLSv1', max: 'TLSv1.1' });
    return failed(`servern gick med på ${version}`);
  } catch (error) {
    return passed(toldNoAnswer(error));
  }
}

async function refusesClient(context: Context, client: Pick<ClientTls, 'key' | 'cert'>): Promise<Verdict> {
  const { target, wireWith } = context;
  const { operation, message } = await ordinaryRequest(context);
  try {
    const answer = await wireWith({ ...client, ...(target.tls.ca && { ca: target.tls.ca }) }).post(target.url, message);
    const read = seen(operation, answer);
    const isRefused = read.answer.kind === 'fault' || (answer.status >= 400 && answer.status < 500);
    return verdict(isRefused, isRefused ? `HTTP ${answer.status}` : told(read));
  } catch (error) {
    if (error instanceof NoAnswer) return passed(`avbruten anslutning: ${error.code}`);
    throw error;
  }
}
