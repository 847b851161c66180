import { randomInt } from 'node:crypto';
import type { Fields, PDU } from 'smpp';
import type { Clock } from '../clock.ts';
import { encodeGsm7 } from './gsm7.ts';
import type { SendOutcome } from './sendOutcome.ts';
import type { SmppAnswer } from './smppBinding.ts';
import { openSmppLink, type SmppLink } from './smppLink.ts';
import type { SmppSmsSenderOptions } from './smppSettings.ts';
import { SMPP_STATUS, smppCode, smppJudgement } from './smppStatus.ts';
import { type SmsAlphabet, splitSms } from './smsLength.ts';
import { checkSmsFrom, checkSmsMessage } from './smsMessage.ts';
import type { SmsMessage, SmsSender } from './smsSender.ts';

/** Type of number and numbering plan (SMPP 3.4 5.2.5, 5.2.6). */
const INTERNATIONAL = { ton: 1, npi: 1 } as const;
const ALPHANUMERIC = { ton: 5, npi: 0 } as const;
const SHORT_NUMBER = { ton: 3, npi: 0 } as const;
/** 5.2.17: a report of the final state, whichever it is. */
const REPORT_FINAL_STATE = 1;
const DATA_CODING = { 'GSM-7': 0, 'UCS-2': 8 } as const;
/** A part that is told to wait while its sisters have left is tried again here: the message cannot be taken back. */
const LATER_PART_RETRIES_MAX = 4;
const LATER_PART_PAUSE_MS = 1_000;

/**
 * Sends SMS to an SMS centre by SMPP 3.4, one submit_sm for each part, and gets its reports on the same connection.
 * @throws BASE_MESSAGING_SETTINGS for a sender that no phone can show
 */
export function createSmppSmsSender(options: SmppSmsSenderOptions): SmsSender {
  checkSmsFrom(options.from);
  const link = openSmppLink(options);
  return {
    async send(message) {
      checkSmsMessage(message);
      return await sendParts(partsOf(message, options), link, options.clock);
    },
    close: () => link.close(),
  };
}

/** All parts, one after the other. When one is refused after others have left, the message is neither sent nor not sent. */
async function sendParts(parts: readonly Fields[], link: SmppLink, clock: Clock): Promise<SendOutcome> {
  const messageIds: string[] = [];
  for (const part of parts) {
    const outcome = await sendPart(part, link, messageIds.length > 0 ? clock : undefined);
    if (outcome.kind === 'accepted') messageIds.push(...outcome.messageIds);
    else if (messageIds.length === 0) return outcome;
    else
      return {
        kind: 'unknown',
        code: outcome.code,
        text: `part ${messageIds.length + 1} of ${parts.length} did not leave`,
      };
  }
  return { kind: 'accepted', messageIds };
}

async function sendPart(part: Fields, link: SmppLink, patience: Clock | undefined): Promise<SendOutcome> {
  let outcome = outcomeOf(await link.request('submit_sm', part));
  for (
    let retry = 0;
    retry < LATER_PART_RETRIES_MAX && outcome.kind === 'tryLater' && patience !== undefined;
    retry += 1
  ) {
    await patience.sleep(LATER_PART_PAUSE_MS);
    outcome = outcomeOf(await link.request('submit_sm', part));
  }
  return outcome;
}

function outcomeOf(answer: SmppAnswer): SendOutcome {
  if (answer.kind === 'notSent')
    return { kind: 'tryLater', code: 'SMPP_NOT_BOUND', text: 'no connection with the SMS centre' };
  if (answer.kind === 'noAnswer')
    return { kind: 'unknown', code: 'SMPP_NO_ANSWER', text: 'the SMS centre did not answer' };
  return judged(answer.pdu);
}

function judged(pdu: PDU): SendOutcome {
  const code = smppCode(pdu.command_status);
  const text = `the SMS centre answered ${code}`;
  if (pdu.command_status === SMPP_STATUS.ok) {
    const id = pdu['message_id'];
    // Without an id no report can be tied to it, but it has left.
    return { kind: 'accepted', messageIds: [typeof id === 'string' && id !== '' ? id : 'none'] };
  }
  const judgement = smppJudgement(pdu.command_status);
  return judgement === 'passing'
    ? { kind: 'tryLater', code, text }
    : { kind: 'refusedForGood', code, text, about: judgement };
}

function partsOf(message: SmsMessage, { from, longTexts }: SmppSmsSenderOptions): Fields[] {
  const { alphabet, parts } = splitSms(message.text);
  const common = {
    ...source(from),
    dest_addr_ton: INTERNATIONAL.ton,
    dest_addr_npi: INTERNATIONAL.npi,
    destination_addr: message.to.slice(1),
    registered_delivery: REPORT_FINAL_STATE,
    data_coding: DATA_CODING[alphabet],
  };
  if (parts.length === 1) return [{ ...common, short_message: encode(message.text, alphabet) }];
  if (longTexts === 'payload') return [{ ...common, message_payload: encode(message.text, alphabet) }];
  const reference = randomInt(256);
  return parts.map((part, index) => ({
    ...common,
    short_message: { udh: joinedHeader(reference, parts.length, index + 1), message: encode(part, alphabet) },
  }));
}

/** 3GPP TS 23.040 9.2.3.24.1: concatenated short messages, 8-bit reference. `smpp` sets the UDH bit of esm_class. */
function joinedHeader(reference: number, count: number, number: number): Buffer {
  return Buffer.of(5, 0, 3, reference, count, number);
}

function encode(text: string, alphabet: SmsAlphabet): Buffer {
  return alphabet === 'GSM-7' ? encodeGsm7(text) : Buffer.from(text, 'utf16le').swap16();
}

function source(from: string): Fields {
  const kind = from.startsWith('+') ? INTERNATIONAL : /^\d+$/.test(from) ? SHORT_NUMBER : ALPHANUMERIC;
  return { source_addr: from.replace(/^\+/, ''), source_addr_ton: kind.ton, source_addr_npi: kind.npi };
}
