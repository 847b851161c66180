import { createSigner, type DeliveryResult, type Signer, serviceService } from '@brevduva/protocol';
import { SAME_MEANING } from '@brevduva/protocol/testing';
import { type Check, failed, skipped, unlessFaults, type Verdict, verdict } from '../check.ts';
import type { Context, Seen } from '../context.ts';
import { expectFault } from '../judge.ts';
import {
  changed,
  deliver,
  deliveryStatus,
  type LetterWish,
  letter,
  refusedRecipient,
  TEXT_BASE64_START,
  today,
} from '../letter.ts';
import { UNKNOWN_ORGANIZATION, UNREGISTERED } from '../numbers.ts';
import { HAND_IN_CHECKS } from './serviceHandIns.ts';

const { deliverSecure } = serviceService.operations;
const common = { services: ['service'], basis: 'contract', dependsOn: ['soap.answer'] } as const;
const INVALID_INPUT = 5001;
const ACCESS_DENIED = 5002;
const SIGNATURE_ERROR = 5012;
const UNKNOWN_SENDER = 5014;
const UNSUPPORTED_MIME_TYPE = 5019;
const DISPATCHER_NOT_APPROVED = 6005;
const SIGNATURE_FAULTS = [SIGNATURE_ERROR, ACCESS_DENIED];

/** A delivery and its answer (FACTS e, f, g). */
export const SERVICE_CHECKS: readonly Check[] = [
  {
    ...common,
    id: 'service.unknown-recipient',
    clause: 'g',
    title: 'Ett nummer utan brevlåda får Delivered=false och inget fel',
    sends: 'ett rätt signerat och förseglat brev till ett nummer som ingen har',
    expects: 'en Status med samma RecipientId och Delivered=false',
    run: async (context) =>
      withStatus(await deliver(context), ({ recipientId, delivered, count }) =>
        unlessFaults(
          [
            ...(delivered ? ['Delivered=true'] : []),
            ...(recipientId === UNREGISTERED ? [] : ['ett annat RecipientId']),
            ...(count === 1 ? [] : [`${count} Status`]),
          ],
          'Delivered=false',
        ),
      ),
  },
  {
    ...common,
    id: 'service.delivered',
    clause: 'g',
    needs: ['recipients', 'deliver'],
    title: 'Ett riktigt brev tas emot och kvitteras',
    sends: 'ett rätt signerat och förseglat brev till den första mottagaren',
    expects: 'ett TransId och en Status med mottagarens RecipientId och Delivered=true',
    run: async (context) =>
      withStatus(await deliver(context, toRecipient(context)), ({ transId, recipientId, delivered, count }) =>
        unlessFaults(
          [
            ...(transId.trim() === '' ? ['TransId är tomt'] : []),
            ...(delivered ? [] : ['Delivered=false']),
            ...(recipientId === context.target.recipients[0] ? [] : ['ett annat RecipientId']),
            ...(count === 1 ? [] : [`${count} Status`]),
          ],
          `TransId ${transId}`,
        ),
      ),
  },
  {
    ...common,
    id: 'service.repeated',
    clause: 'g',
    basis: 'reading',
    needs: ['recipients', 'deliver'],
    title: 'Samma försändelse en gång till får samma TransId',
    sends: 'samma byte två gånger, som efter ett uteblivet svar',
    expects: 'samma TransId och Delivered=true båda gångerna; brevet läggs bara en gång i brevlådan',
    async run(context) {
      const message = await letter(context, toRecipient(context));
      const first = await context.send(deliverSecure, message);
      return withStatus(first, async (one) =>
        withStatus(await context.send(deliverSecure, message), (two) =>
          unlessFaults(
            [
              ...(one.transId === two.transId ? [] : ['ett annat TransId andra gången']),
              ...(one.delivered && two.delivered ? [] : ['Delivered=false']),
            ],
            'samma TransId',
          ),
        ),
      );
    },
  },
  refusesLetter({
    id: 'service.changed-content',
    clause: 'e.3',
    title: 'En ändrad byte i brevet upptäcks',
    sends: 'ett brev där en byte ändrats efter signering och försegling',
    codes: SIGNATURE_FAULTS,
    make: async (context) => changed(await letter(context, refused(context)), TEXT_BASE64_START),
  }),
  refusesLetter({
    id: 'service.changed-seal',
    clause: 'e.3',
    title: 'En ändrad byte i förseglingen upptäcks',
    sends: 'ett brev där ReceivedTime ändrats efter försegling',
    codes: SIGNATURE_FAULTS,
    make: async (context) => changed(await letter(context, refused(context)), today(context)),
  }),
  refusesLetter({
    id: 'service.foreign-seal',
    clause: 'e.4',
    title: 'En försegling från en okänd utfärdare godtas inte',
    sends: 'ett brev förseglat med ett certifikat med rätt organisationsnummer men från en utfärdare som ingen känner',
    codes: SIGNATURE_FAULTS,
    make: async (context) => letter(context, { ...refused(context), sealer: await impostor(context) }),
  }),
  refusesLetter({
    id: 'service.foreign-signature',
    clause: 'e.4',
    title: 'En signatur från en okänd utfärdare godtas inte',
    sends: 'ett brev signerat med ett certifikat med rätt organisationsnummer men från en utfärdare som ingen känner',
    codes: SIGNATURE_FAULTS,
    make: async (context) => letter(context, { ...refused(context), signer: await impostor(context) }),
  }),
  refusesLetter({
    id: 'service.signatures-not-ok',
    clause: 'e.1',
    title: 'SignaturesOK=false godtas inte',
    sends: 'ett rätt signerat och förseglat brev vars försegling säger SignaturesOK=false',
    codes: SIGNATURE_FAULTS,
    make: (context) => letter(context, { ...refused(context), signaturesOk: false }),
  }),
  refusesLetter({
    id: 'service.unknown-sender',
    clause: 'e.4',
    title: 'En okänd avsändare godtas inte',
    sends: 'ett brev med ett organisationsnummer som ingen har som avsändare',
    codes: [UNKNOWN_SENDER, DISPATCHER_NOT_APPROVED, ACCESS_DENIED],
    make: (context) => letter(context, { ...refused(context), senderId: UNKNOWN_ORGANIZATION }),
  }),
  refusesLetter({
    id: 'service.wrong-checksum',
    clause: 'f',
    title: 'En felaktig kontrollsumma godtas inte',
    sends: 'ett brev med en bilaga vars Checksum är fel',
    codes: [INVALID_INPUT, SIGNATURE_ERROR],
    make: (context) => letter(context, { ...refused(context), attachment: { checksum: () => '0'.repeat(32) } }),
  }),
  refusesLetter({
    id: 'service.content-type',
    clause: 'b.9',
    title: 'En bilaga av otillåten typ får fel 5019',
    sends: 'ett brev med en bilaga av typen application/x-msdownload',
    codes: [UNSUPPORTED_MIME_TYPE],
    make: (context) =>
      letter(context, { ...refused(context), attachment: { contentType: 'application/x-msdownload' } }),
  }),
  acceptsLetter('service.checksum-lower-case', 'f', 'Kontrollsumman får ha små bokstäver', {
    attachment: { checksum: (right) => right.toLowerCase() },
  }),
  ...['svSE', 'sv', 'sv-SE'].map((language) =>
    acceptsLetter(`service.language-${language}`, 'f', `Language får vara ${language}`, { language }),
  ),
  acceptsLetter('service.received-time', 'e.1', 'ReceivedTime får sakna tidszon', (context) => ({
    receivedTime: today(context),
  })),
  acceptsLetter('service.received-time-zone', 'e.1', 'ReceivedTime får ha tidszon', (context) => ({
    receivedTime: `${today(context)}+01:00`,
  })),
  {
    ...common,
    id: 'service.prefixes',
    clause: 'e.3',
    title: 'Ett signerat brev får skrivas om med andra prefix på vägen',
    sends: 'ett rätt signerat och förseglat brev, omskrivet med prefix på varje element',
    expects: 'att det godtas: signaturen räknas på den prefixfria formen',
    async run(context) {
      const message = SAME_MEANING.otherPrefixes(await letter(context, accepted(context)));
      return expectAccepted(context, await context.send(deliverSecure, message));
    },
  },
  {
    ...acceptsLetter('service.sha1', 'e.2', 'RSA-SHA1 godtas', { sha1: true }),
    basis: 'reading',
    needs: ['sha1'],
  },
  ...HAND_IN_CHECKS,
];

type Delivered = Seen<{ return: DeliveryResult }>;
type Status = Exclude<ReturnType<typeof deliveryStatus>, string>;

/** A letter that must be refused with one of the codes. */
function refusesLetter(spec: {
  id: string;
  clause: string;
  title: string;
  sends: string;
  codes: readonly number[];
  make: (context: Context) => Promise<Buffer>;
}): Check {
  const { id, clause, title, sends, codes, make } = spec;
  return {
    ...common,
    ...{ id, clause, title, sends },
    basis: 'reading',
    expects: `ett fel ${codes.join(' eller ')}`,
    run: async (context) => expectRefused(context, await context.send(deliverSecure, await make(context)), codes),
  };
}

/** Something unusual that must be accepted all the same. */
function acceptsLetter(
  id: string,
  clause: string,
  title: string,
  wish: LetterWish | ((context: Context) => LetterWish),
): Check {
  return {
    ...common,
    ...{ id, clause, title },
    sends: 'ett rätt signerat och förseglat brev skrivet så',
    expects: 'Delivered=true med --deliver, annars ett svar utan fel',
    async run(context) {
      const wished = typeof wish === 'function' ? wish(context) : wish;
      return expectAccepted(context, await deliver(context, { ...accepted(context), ...wished }));
    },
  };
}

const refused = (context: Context): LetterWish => ({ recipient: refusedRecipient(context) });
const accepted = (context: Context): LetterWish => (context.target.deliver ? toRecipient(context) : {});
const toRecipient = ({ target }: Context): LetterWish => ({ recipient: target.recipients[0] ?? UNREGISTERED });

function expectAccepted({ target }: Context, seen: Delivered): Verdict | Promise<Verdict> {
  return withStatus(seen, ({ delivered }) => {
    const mustArrive = target.deliver && target.recipients.length > 0;
    return verdict(delivered === mustArrive, `Delivered=${delivered}`);
  });
}

/** `Delivered=false` for a number without mailbox says nothing of whether the letter was looked at. */
function expectRefused({ target }: Context, seen: Delivered, codes: readonly number[]): Verdict {
  const status = deliveryStatus(seen);
  if (typeof status === 'string') return expectFault(seen, codes);
  if (status.delivered) return failed('Delivered=true');
  const mayTell = target.deliver && target.recipients.length > 0;
  return mayTell
    ? failed('Delivered=false i stället för ett fel')
    : skipped('Delivered=false: operatören kan ha letat efter brevlådan före signaturen; avgörs med --deliver');
}

function withStatus(
  seen: Delivered,
  judge: (status: Status) => Verdict | Promise<Verdict>,
): Verdict | Promise<Verdict> {
  const status = deliveryStatus(seen);
  return typeof status === 'string' ? failed(status) : judge(status);
}

async function impostor(context: Context): Promise<Signer> {
  const { keyPem, certPem } = await context.impostor();
  return createSigner({ privateKeyPem: keyPem, certificatePem: certPem });
}
