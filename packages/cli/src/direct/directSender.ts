import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, newId } from '@brevduva/base';
import {
  deliverSecureRequest,
  type OrganizationNumber,
  type SecureDelivery,
  type ServiceSupplier,
  type Signer,
  SoapCallError,
  type SoapClient,
  sealDelivery,
  signDelivery,
  swedishDate,
} from '@brevduva/protocol';
import type { PostalAddress } from '@brevduva/sdk';
import { writeFileAtomic } from '../writeFileAtomic.ts';

/** A letter of a business system that connects by itself (alternative D of design 8). */
export interface DirectLetter {
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
  readonly address?: PostalAddress | undefined;
}

export type DirectOutcome = { readonly id: string } & (
  | { readonly kind: 'delivered'; readonly operator: string; readonly transId: string }
  /** `file`: what the system's own printing makes of it. */
  | { readonly kind: 'printed'; readonly file: string }
  | { readonly kind: 'person'; readonly reason: PersonReason }
  /** It may have arrived: the same bytes go again at the next {@link DirectSender.resume}, and no paper. */
  | { readonly kind: 'unknown' }
  /** Nothing has left; {@link DirectSender.resume} begins anew. */
  | { readonly kind: 'waiting' }
);

export type PersonReason = 'noAddress' | 'refused';

export interface DirectSender {
  /** @throws EncodeFault when the letter is not the contract's. */
  send(letter: DirectLetter): Promise<DirectOutcome>;
  /** Takes up what was cut off, waited for a register or got no answer. */
  resume(): Promise<DirectOutcome[]>;
}

export interface DirectSenderOptions {
  readonly soap: Pick<SoapClient, 'isReachable' | 'deliverSecure'>;
  readonly farUrl: string;
  readonly organisation: { readonly organizationNumber: OrganizationNumber; readonly name: string };
  /** Sender and dispatcher are one: it signs and seals with the same key (FACTS j). */
  readonly signer: Signer;
  /** Where letters, exact requests and outcomes are kept: a folder for each letter. */
  readonly folder: string;
  readonly clock: Clock;
}

/**
 * What every business system has to do when there is no hub: ask FaR at dispatch, sign, seal, keep the exact bytes before they go, deliver, read
 * the answer, and send another way only on the operator's own word. It is the least that is right; it has no queue, no template, no statistics,
 * and nobody's desk to put a case on.
 */
export function createDirectSender(options: DirectSenderOptions): DirectSender {
  const folderOf = (id: string) => join(options.folder, id);
  const finish = async (outcome: DirectOutcome): Promise<DirectOutcome> => {
    if (outcome.kind !== 'unknown' && outcome.kind !== 'waiting') await keep(folderOf(outcome.id), 'outcome', outcome);
    return outcome;
  };
  return {
    async send(letter) {
      const id = newId();
      await mkdir(folderOf(id), { recursive: true, mode: 0o700 });
      await keep(folderOf(id), 'letter', letter);
      return finish(await dispatch(id, letter, folderOf(id), options));
    },
    async resume() {
      const outcomes: DirectOutcome[] = [];
      for (const id of await lettersIn(options.folder)) {
        if ((await read(folderOf(id), 'outcome')) !== undefined) continue;
        const letter = await read<DirectLetter>(folderOf(id), 'letter');
        // A folder without letter was cut off before anything was promised.
        if (letter !== undefined) outcomes.push(await finish(await dispatch(id, letter, folderOf(id), options)));
      }
      return outcomes;
    },
  };
}

/** What was sealed once, and may have left, is only sent again. */
async function dispatch(
  id: string,
  letter: DirectLetter,
  folder: string,
  options: DirectSenderOptions,
): Promise<DirectOutcome> {
  const kept = await read<Sealed>(folder, 'sealed');
  if (kept !== undefined) return deliver(id, letter, kept, folder, options);
  const supplier = await askRegister(letter, options);
  if (supplier === 'down') return { id, kind: 'waiting' };
  if (supplier === undefined) return onPaper(id, letter, folder, 'noAddress');
  const sealed = { supplier, request: (await sealedRequest(id, letter, options)).toString('base64') };
  await keep(folder, 'sealed', sealed);
  return deliver(id, letter, sealed, folder, options);
}

interface Sealed {
  readonly supplier: ServiceSupplier;
  /** Base64: the request byte for byte. */
  readonly request: string;
}

/** FaR's answer is good for this moment only, and paper is never guessed while it is silent. */
async function askRegister(
  { recipient }: DirectLetter,
  { soap, farUrl, organisation }: DirectSenderOptions,
): Promise<ServiceSupplier | 'down' | undefined> {
  try {
    const question = { senderOrgNr: organisation.organizationNumber, recipientId: [recipient] };
    const answer = await soap.isReachable(farUrl, question);
    const status = answer.return.find(({ AccountStatus }) => AccountStatus.RecipientId === recipient);
    if (status === undefined) return 'down';
    const { Type, Pending, ServiceSupplier: supplier } = status.AccountStatus;
    return status.SenderAccepted && Type === 'Secure' && !Pending ? supplier : undefined;
  } catch (error) {
    if (error instanceof SoapCallError) return 'down';
    throw error;
  }
}

async function sealedRequest(id: string, letter: DirectLetter, options: DirectSenderOptions): Promise<Buffer> {
  const { organisation, signer, clock } = options;
  const signed = await signDelivery(deliveryOf(id, letter, organisation), signer);
  const { year, month, day } = swedishDate(clock.now());
  const date = [year, String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
  const seal = { ReceivedTime: date, SignaturesOK: true };
  return deliverSecureRequest(await sealDelivery(signed, seal, signer));
}

function deliveryOf(
  id: string,
  { recipient, subject, text }: DirectLetter,
  { organizationNumber, name }: DirectSenderOptions['organisation'],
): SecureDelivery {
  return {
    Header: {
      Sender: { Id: organizationNumber, Name: name },
      Recipient: recipient as SecureDelivery['Header']['Recipient'],
      CorrelationId: id,
    },
    Message: [
      {
        Header: { Id: id, Subject: subject, Supportinfo: { Text: name }, Metadata: [], Language: 'svSE' },
        Body: { ContentType: 'text/plain', Body: Buffer.from(text) },
        Attachment: [],
      },
    ],
  };
}

const TRIES = 3;
const RETRY_DELAY_MS = 1_000;

async function deliver(
  id: string,
  letter: DirectLetter,
  { supplier, request }: Sealed,
  folder: string,
  { soap, clock }: DirectSenderOptions,
): Promise<DirectOutcome> {
  for (let tries = 1; ; tries++) {
    try {
      const { TransId, Status } = await soap.deliverSecure(supplier.ServiceAdress, Buffer.from(request, 'base64'));
      const delivered = Status.find(({ RecipientId }) => RecipientId === letter.recipient)?.Delivered;
      if (delivered === true) return { id, kind: 'delivered', operator: supplier.Name, transId: TransId };
      if (delivered === false) return onPaper(id, letter, folder, 'noAddress');
    } catch (error) {
      if (!(error instanceof SoapCallError)) throw error;
      if (isRefusal(error)) return onPaper(id, letter, folder, 'refused');
    }
    if (tries === TRIES) return { id, kind: 'unknown' };
    await clock.sleep(RETRY_DELAY_MS);
  }
}

/** Faults about the letter; the others are the operator's own trouble, or ours as a caller (FACTS b.9), and may pass. */
function isRefusal({ fault }: SoapCallError): boolean {
  return fault !== undefined && fault.errorCode > 5000 && !PASSING.includes(fault.errorCode);
}

const PASSING = [5002, 5004, 5017, 5018, 6005];

/** The system prints by itself, where it knows an address. Written again it is the same file. */
async function onPaper(
  id: string,
  { address, subject, text }: DirectLetter,
  folder: string,
  reason: PersonReason,
): Promise<DirectOutcome> {
  if (address === undefined) return { id, kind: 'person', reason };
  const { name, careOf, street, postalCode, city } = address;
  const lines = [name, ...(careOf === undefined ? [] : [`c/o ${careOf}`]), street, `${postalCode} ${city}`];
  const file = join(folder, 'utskrift.txt');
  await writeFileAtomic(file, `${[...lines, '', subject, '', text].join('\n')}\n`);
  return { id, kind: 'printed', file };
}

type Kept = 'letter' | 'sealed' | 'outcome';

function keep(folder: string, what: Kept, value: object): Promise<void> {
  return writeFileAtomic(join(folder, `${what}.json`), `${JSON.stringify(value)}\n`);
}

async function read<T>(folder: string, what: Kept): Promise<T | undefined> {
  const text = await readFile(join(folder, `${what}.json`), 'utf8').catch(absent);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

async function lettersIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(absent)) ?? [];
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
