import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { appError, systemClock } from '@brevduva/base';
import { parseOrganizationNumber, parseRecipientId } from '@brevduva/protocol';
import { COMMON_OPTIONS, type CommandSpec, type ParsedArguments, usageError } from '../arguments.ts';
import { SERVICE_NAMES, type ServiceName } from '../conformance/check.ts';
import type { Target } from '../conformance/context.ts';
import { CLI_ERRORS } from '../errors.ts';
import { paintFor, type Terminal } from '../terminal.ts';
import { type Command, EXIT } from './command.ts';

const TIMEOUT_SECONDS_DEFAULT = 30;
const TIMEOUT_SECONDS_MAX = 600;

const spec: CommandSpec = {
  name: 'conformance',
  summary: 'Pröva om en server följer kontraktet: Recipient, Service eller Authority, vems den än är.',
  usage: '--url ADRESS --cert FIL --key FIL [--ca FIL] [--service TJÄNST] [--recipients NR,NR] [--deliver] [--json]',
  wordsMax: 0,
  options: {
    url: { type: 'string', value: 'ADRESS', help: 'Tjänstens https-adress.' },
    cert: { type: 'string', value: 'FIL', help: 'Klientcertifikat (PEM). Förseglar också breven.' },
    key: { type: 'string', value: 'FIL', help: 'Dess privata nyckel (PEM).' },
    ca: { type: 'string', value: 'FIL', help: 'Utfärdare av serverns certifikat (PEM); systemets om inget anges.' },
    service: {
      type: 'string',
      value: 'TJÄNST',
      help: 'recipient, service eller authority; annars det som adressen antyder.',
    },
    sender: { type: 'string', value: 'ORGNR', help: 'Avsändare; certifikatets organisation om inget anges.' },
    'sender-cert': { type: 'string', value: 'FIL', help: 'Avsändarens certifikat, om ett annat ska signera breven.' },
    'sender-key': { type: 'string', value: 'FIL', help: 'Dess privata nyckel.' },
    recipients: {
      type: 'string',
      value: 'NR,NR',
      help: 'Mottagare som servern känner, skilda med komma. Den första får breven.',
    },
    deliver: { type: 'boolean', help: 'Gör också det som kan lämna spår: riktiga brev till den första mottagaren.' },
    sha1: { type: 'boolean', help: 'Servern säger sig godta RSA-SHA1: pröva det.' },
    'timeout-seconds': { type: 'string', value: 'N', help: `Längsta väntan på ett svar (${TIMEOUT_SECONDS_DEFAULT}).` },
    json: { type: 'boolean', help: 'Skriv rapporten som JSON.' },
    ...COMMON_OPTIONS,
  },
  notes: [
    'Utan --deliver når inget brev någon: breven går till ett nummer som ingen har.\nVarje prov förklaras i docs/conformance.md.',
    'Slutkod: 0 allt godkänt, 1 något underkänt, 2 felskrivet kommando.',
  ],
  examples: [
    'brevduva conformance --url https://far.example/webservice/Recipient/v3 --cert kommun.crt --key kommun.key --ca ca.crt',
    'brevduva conformance --url https://operator.example/service/v3 --cert k.crt --key k.key --ca ca.crt --recipients 199001019802 --deliver',
  ],
};

/** `brevduva conformance`: the client side of the contract against any server, and a report. */
export const conformance: Command = {
  spec,
  async run(parsed, terminal) {
    const target = await readTarget(parsed, terminal);
    // Loaded here, so that the other commands need not wait for the schemas.
    const { runConformance } = await import('../conformance/runConformance.ts');
    const isGood = await runConformance(target, {
      ...{ terminal, paint: paintFor(terminal), clock: systemClock },
      asJson: parsed.flag('json'),
    });
    return isGood ? EXIT.done : EXIT.failed;
  },
};

async function readTarget(parsed: ParsedArguments, terminal: Terminal): Promise<Target> {
  const url = readUrl(parsed);
  const service = readService(parsed, url);
  const [cert, key, ca] = await Promise.all(['cert', 'key', 'ca'].map((name) => readPem(parsed, name, terminal)));
  if (cert === undefined || key === undefined) throw usageError(spec.name, 'Ange --cert och --key.');
  const signer = await readSigner(parsed, terminal);
  const { isCertificate, isKeyPair, organizationOfPem } = await import('../conformance/keys.ts');
  for (const pair of [{ cert, key, name: '--key' }, ...(signer ? [{ ...signer, name: '--sender-key' }] : [])]) {
    if (!isKeyPair(pair)) throw usageError(spec.name, `${pair.name} är ingen RSA-nyckel som hör till certifikatet.`);
  }
  if (ca !== undefined && !isCertificate(ca)) throw usageError(spec.name, '--ca är inget certifikat.');
  const recipients = readRecipients(parsed);
  if (parsed.flag('deliver') && recipients.length === 0) {
    throw usageError(spec.name, '--deliver behöver en mottagare i --recipients.');
  }
  const timeoutSeconds = parsed.integer('timeout-seconds', { min: 1, max: TIMEOUT_SECONDS_MAX });
  return {
    ...{ url, service, recipients },
    tls: { key, cert, ...(ca === undefined ? {} : { ca }) },
    ...(signer === undefined ? {} : { signer }),
    sender: readSender(parsed, organizationOfPem(cert)),
    deliver: parsed.flag('deliver'),
    sha1: parsed.flag('sha1'),
    timeoutMs: (timeoutSeconds ?? TIMEOUT_SECONDS_DEFAULT) * 1000,
  };
}

function readUrl(parsed: ParsedArguments): URL {
  const text = parsed.text('url');
  if (text === undefined) throw usageError(spec.name, 'Ange tjänstens adress med --url.');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:') throw usageError(spec.name, '--url ska vara en https-adress.');
  return url;
}

/** The last word of the path that is a service's name: `/webservice/Recipient/v3`, `/service/v3`. */
function readService(parsed: ParsedArguments, url: URL): ServiceName {
  const isName = (word: string | undefined): word is ServiceName => SERVICE_NAMES.some((name) => name === word);
  const word = parsed.text('service')?.toLowerCase();
  if (isName(word)) return word;
  if (word !== undefined) throw usageError(spec.name, `--service ska vara ${SERVICE_NAMES.join(', ')}.`);
  const guessed = url.pathname.toLowerCase().split('/').findLast(isName);
  if (guessed === undefined) throw usageError(spec.name, 'Ange tjänsten med --service; adressen säger inte vilken.');
  return guessed;
}

async function readPem(parsed: ParsedArguments, option: string, { cwd }: Terminal): Promise<string | undefined> {
  const file = parsed.text(option);
  if (file === undefined) return undefined;
  return await readFile(resolve(cwd, file), 'utf8').catch((cause: unknown) => {
    throw appError(CLI_ERRORS, 'CLI_FILE', { values: { file }, cause });
  });
}

async function readSigner(parsed: ParsedArguments, terminal: Terminal): Promise<Target['signer']> {
  const [cert, key] = await Promise.all(['sender-cert', 'sender-key'].map((name) => readPem(parsed, name, terminal)));
  if ((cert === undefined) !== (key === undefined)) {
    throw usageError(spec.name, '--sender-cert och --sender-key hör ihop.');
  }
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

function readSender(parsed: ParsedArguments, own: string | undefined): string {
  const text = parsed.text('sender') ?? own;
  if (text === undefined) throw usageError(spec.name, 'Certifikatet saknar organisationsnummer: ange --sender.');
  const read = parseOrganizationNumber(text);
  if (!read.ok) throw usageError(spec.name, '--sender ska vara ett organisationsnummer.');
  return read.id;
}

function readRecipients(parsed: ParsedArguments): string[] {
  const texts = (parsed.text('recipients') ?? '').split(',').map((text) => text.trim());
  return texts
    .filter((text) => text !== '')
    .map((text) => {
      const read = parseRecipientId(text);
      // The number itself is not repeated: a terminal's output is often kept.
      if (!read.ok) throw usageError(spec.name, 'Ett nummer i --recipients är fel.');
      return read.id;
    });
}
