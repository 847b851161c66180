import { availableParallelism } from 'node:os';
import { createContentCipher, type Pool } from '@brevduva/base';
import { createSigner, createSoapClient, type Signer, type SoapClient } from '@brevduva/protocol';
import { createContentStore } from './content.ts';
import { createMeasuringSigner } from './delivery.ts';
import { createEInvoiceParts } from './eInvoice/createEInvoiceParts.ts';
import { createHttpAddressSource } from './http/addressSource.http.ts';
import { LETTER_REQUEST_BYTES_MAX } from './http/letters.http.ts';
import { createHttpReadStatus } from './http/readStatus.http.ts';
import type { HubOptions, KeyPair } from './hubOptions.ts';
import type { JudgeOptions } from './intake/accept.ts';
import { createNoticeDesk } from './notices/noticeDesk.ts';
import { createPdfTools, type PdfTools } from './pdf/tools.ts';
import { type AddressDigest, createAddressDigest } from './returnedMail/addressDigest.ts';
import { createSealedStore } from './sealed.ts';
import { selectPrintOrders } from './sql/printOrders.ts';
import { selectPrintShopsOf } from './sql/printShops.ts';
import { selectDelivered, selectDeliveryIds } from './sql/receipts.ts';
import { queueReminder } from './sql/recipientNotices.ts';
import { selectFlagged } from './sql/returnedMail.ts';
import type { StageContext } from './stages/stage.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 60_000;
const QUESTION_TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;
const INSPECTORS_MAX = 2;

/** What the ways in, the stages and the console share on a node. */
export interface Parts {
  readonly context: StageContext;
  /** A client apart: its connections are for interactive letters only. */
  readonly expressSoap: SoapClient;
  readonly pdf: PdfTools;
  /** Knows addresses again whence mail has come back. */
  readonly addressDigest: AddressDigest;
  close(): Promise<void>;
}

/** Makes them; whoever called closes them. */
export async function createParts(options: HubOptions, pool: Pool, onReported: () => void): Promise<Parts> {
  const cipher = createContentCipher(options.contentKey);
  const { dispatcher } = options;
  const addressDigest = createAddressDigest(options.contentKey);
  const [soap, expressSoap] = [soapClientOf(options), soapClientOf(options)];
  const questionSoap = soapClientOf({ ...options, answerTimeoutMs: QUESTION_TIMEOUT_MS });
  const content = createContentStore(pool, cipher);
  // As large as a request: how much a letter may take is the envelope's rule, and that of its flow.
  const pdf = createPdfTools({
    inspect: { pdfBytesMax: LETTER_REQUEST_BYTES_MAX, workersMax: inspectorsFor(availableParallelism()) },
  });
  const notices = await createNoticeDesk({ pool, log: options.log, messaging: options.messaging, onReported });
  const addressSource = options.addressSource && createHttpAddressSource(options.addressSource);
  const eInvoice = options.eInvoice && createEInvoiceParts(options.eInvoice);
  const tls = { key: dispatcher.keyPem, cert: dispatcher.certPem, ca: options.caPem };
  const readStatus = createHttpReadStatus({ operators: options.readStatus ?? [], tls });
  const context: StageContext = {
    clock: options.clock,
    log: options.log,
    content,
    sealed: createSealedStore(pool, cipher),
    storeContent: (organisationId, ...prepared) => content.put(pool, organisationId, prepared),
    receiptsOf: (letters) => selectDelivered(pool, letters),
    deliveryIdsOf: (letters) => selectDeliveryIds(pool, letters),
    readStatus,
    remind: (letter) => queueReminder(pool, letter),
    soap,
    questionSoap,
    farUrl: options.farUrl,
    addressSource,
    flaggedOf: async (letters) => {
      const asked = letters.map(({ letter: { organisationId, recipient }, address }) => ({
        organisationId,
        digest: addressDigest(recipient, address),
      }));
      const places = await selectFlagged(pool, asked);
      return new Set(letters.flatMap(({ letter }, place) => (places.has(place) ? [letter.id] : [])));
    },
    eInvoice,
    notices,
    printShopsOf: async (organisationIds) => {
      const found = (await selectPrintShopsOf(pool, organisationIds)).filter(({ isActive }) => isActive);
      return new Map(
        organisationIds.map((id) => [id, found.filter((one) => one.organisationId === id).map(({ shop }) => shop)]),
      );
    },
    printOrdersOf: (letters) => selectPrintOrders(pool, letters),
    pdf,
    signerOf: signersOf(options),
    dispatcher: signerFrom(dispatcher),
  };
  const close = async () => {
    soap.close();
    expressSoap.close();
    questionSoap.close();
    addressSource?.close();
    eInvoice?.close();
    readStatus.close();
    await notices.close();
    await pdf.close();
  };
  return { context, expressSoap, pdf, addressDigest, close };
}

/** What intake judges with: signers as long as the real ones, since it measures and does not sign. */
export function judgeOptions({ context, pdf }: Parts, pool: Pool): JudgeOptions {
  const measuring = new Map<string, Signer>();
  const signerOf = (organizationNumber: string): Signer | undefined => {
    const real = context.signerOf(organizationNumber);
    const known = measuring.get(organizationNumber);
    if (real === undefined || known !== undefined) return known;
    const signer = createMeasuringSigner(real);
    measuring.set(organizationNumber, signer);
    return signer;
  };
  return { pool, pdf, signerOf, dispatcher: createMeasuringSigner(context.dispatcher) };
}

function soapClientOf({ dispatcher, caPem, answerTimeoutMs }: HubOptions): SoapClient {
  return createSoapClient({
    tls: { key: dispatcher.keyPem, cert: dispatcher.certPem, ca: caPem },
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    answerTimeoutMs: answerTimeoutMs ?? ANSWER_TIMEOUT_MS,
    answerBytesMax: ANSWER_BYTES_MAX,
  });
}

/** One core is left for the hub itself, which seldom keeps more than two inspectors busy; and one bad file must not hold up the rest. */
function inspectorsFor(cores: number): number {
  return Math.max(1, Math.min(INSPECTORS_MAX, cores - 1));
}

function signerFrom({ keyPem, certPem }: KeyPair): Signer {
  return createSigner({ privateKeyPem: keyPem, certificatePem: certPem });
}

function signersOf(options: HubOptions): StageContext['signerOf'] {
  const signers = new Map<string, Signer>(
    options.senders.map((sender) => [sender.organizationNumber, signerFrom(sender)]),
  );
  return (organizationNumber) => signers.get(organizationNumber);
}
