import { randomUUID } from 'node:crypto';
import {
  type DeliveryResult,
  type Encodable,
  type NotifyResult,
  originalDelivery,
  type RecipientId,
  type RequestOf,
  serviceService,
} from '@brevduva/protocol';
import { type Check, failed, skipped, unlessFaults, type Verdict, verdict } from '../check.ts';
import { type Context, type Seen, told } from '../context.ts';
import { expectFault } from '../judge.ts';
import { changed, letter, refusedRecipient, TEXT_BASE64_START } from '../letter.ts';
import { UNKNOWN_ORGANIZATION, UNREGISTERED } from '../numbers.ts';

const { notify, deliverForward } = serviceService.operations;
const ACCESS_DENIED = 5002;
const SIGNATURE_ERROR = 5012;
const UNKNOWN_SENDER = 5014;
const UNSUPPORTED_MIME_TYPE = 5019;
const DISPATCHER_NOT_APPROVED = 6005;
const STRANGER_FAULTS = [UNKNOWN_SENDER, DISPATCHER_NOT_APPROVED, ACCESS_DENIED];

const NOTIFY = 'service.notify';
const FORWARD = 'service.forward';
/** Who uses these operations is not known (FACTS n.12): an operator that refuses the ordinary one is asked no more. */
const common = { services: ['service'], basis: 'reading' } as const;
const aNotice = { ...common, dependsOn: ['soap.answer', NOTIFY] };
const aForward = { ...common, dependsOn: ['soap.answer', FORWARD] };

/** Notices and forwarded letters (FACTS b.4, b.7, g). */
export const HAND_IN_CHECKS: readonly Check[] = [
  {
    ...common,
    dependsOn: ['soap.answer'],
    id: NOTIFY,
    clause: 'b.4',
    title: 'notify får ett svar eller ett fel i rätt form',
    sends: 'notify för ett nummer som ingen har',
    expects: 'ett NotifyResult eller ett SOAP-fel (om operationen används är inte känt)',
    run: async (context) => asAnswered(await tell(context)),
  },
  {
    ...aNotice,
    id: 'service.notify-status',
    clause: 'b.4',
    title: 'notify svarar för var och en av mottagarna',
    sends: 'notify för två nummer utan brevlåda',
    expects: 'en Status för varje RecipientId, DeliveredFlag=false och ingen kanal',
    async run(context) {
      const recipients = [UNREGISTERED, IMPOSSIBLE_RECIPIENT];
      return ifTaken(await tell(context, { recipients }), (result) =>
        unlessFaults(statusFaults(result, recipients), 'två Status'),
      );
    },
  },
  {
    ...aNotice,
    id: 'service.notify-unknown-sender',
    clause: 'e.4',
    title: 'En avisering från en okänd avsändare godtas inte',
    sends: 'notify med ett organisationsnummer som ingen har som avsändare',
    expects: `ett fel ${STRANGER_FAULTS.join(' eller ')}`,
    run: async (context) =>
      ifTaken(await tell(context), async () =>
        expectRefused(
          context,
          await tell(context, { ...refused(context), senderId: UNKNOWN_ORGANIZATION }),
          STRANGER_FAULTS,
        ),
      ),
  },
  {
    ...aNotice,
    id: 'service.notify-content-type',
    clause: 'b.9',
    title: 'En avisering av otillåten typ får fel 5019',
    sends: 'notify med en text av typen application/x-msdownload',
    expects: `ett fel ${UNSUPPORTED_MIME_TYPE}`,
    run: async (context) =>
      ifTaken(await tell(context), async () =>
        expectRefused(context, await tell(context, { ...refused(context), contentType: 'application/x-msdownload' }), [
          UNSUPPORTED_MIME_TYPE,
        ]),
      ),
  },
  {
    ...aNotice,
    id: 'service.notified',
    clause: 'g',
    needs: ['recipients', 'deliver'],
    title: 'En avisering tas emot och kvitteras',
    sends: 'notify för den första mottagaren',
    expects: 'ett TransId och en Status med mottagarens RecipientId och DeliveredFlag=true',
    run: async (context) =>
      ifTaken(await tell(context, toRecipient(context)), (result) =>
        unlessFaults(arrivedFaults(context, noticeOutcome(result)), `TransId ${result.TransId}`),
      ),
  },
  {
    ...aNotice,
    id: 'service.notify-repeated',
    clause: 'g',
    needs: ['recipients', 'deliver'],
    title: 'Samma avisering en gång till får samma svar',
    sends: 'samma byte två gånger, som efter ett uteblivet svar',
    expects: 'samma TransId och DeliveredFlag=true båda gångerna',
    async run(context) {
      const notice = noticeOf(context, toRecipient(context));
      return ifTaken(await context.ask(notify, notice), async (one) =>
        ifTaken(await context.ask(notify, notice), (two) => sameOutcome(noticeOutcome(one), noticeOutcome(two))),
      );
    },
  },
  {
    ...common,
    dependsOn: ['soap.answer'],
    id: FORWARD,
    clause: 'b.4',
    title: 'deliverForward får ett svar eller ett fel i rätt form',
    sends: 'deliverForward av ett rätt signerat och förseglat brev, för ett nummer som ingen har',
    expects: 'ett DeliveryResult eller ett SOAP-fel (om operationen används är inte känt)',
    run: async (context) => asAnswered(await pass(context)),
  },
  {
    ...aForward,
    id: 'service.forward-changed',
    clause: 'e.3',
    title: 'En ändrad byte i det vidarebefordrade brevet upptäcks',
    sends: 'deliverForward av ett brev där en byte ändrats efter signering och försegling',
    expects: `ett fel ${SIGNATURE_ERROR} eller ${ACCESS_DENIED}`,
    run: async (context) =>
      ifTaken(await pass(context), async () =>
        expectRefused(
          context,
          await pass(context, { ...refused(context), change: (bytes) => changed(bytes, TEXT_BASE64_START) }),
          [SIGNATURE_ERROR, ACCESS_DENIED],
        ),
      ),
  },
  {
    ...aForward,
    id: 'service.forward-stranger',
    clause: 'e.4',
    title: 'Ett brev vidarebefordras inte åt den som inte är ens egen',
    sends: 'deliverForward för en person som inte har sin brevlåda hos den som ringer, av ett brev till den personen',
    expects: `ett fel ${STRANGER_FAULTS.join(' eller ')}`,
    run: async (context) =>
      ifTaken(await pass(context), async () =>
        expectRefused(context, await pass(context, { ...refused(context), forwarder: UNREGISTERED }), STRANGER_FAULTS),
      ),
  },
  {
    ...aForward,
    id: 'service.forwarded',
    clause: 'g',
    needs: ['recipients', 'deliver'],
    title: 'Ett vidarebefordrat brev tas emot och kvitteras',
    sends: 'deliverForward till den första mottagaren, av ett brev som avsändaren har skrivit till sig själv',
    expects: 'ett TransId och en Status med mottagarens RecipientId och Delivered=true',
    run: async (context) =>
      ifTaken(await pass(context, toRecipient(context)), (result) =>
        unlessFaults(arrivedFaults(context, forwardOutcome(result)), `TransId ${result.TransId}`),
      ),
  },
  {
    ...aForward,
    id: 'service.forward-repeated',
    clause: 'g',
    needs: ['recipients', 'deliver'],
    title: 'Samma vidarebefordran en gång till får samma svar',
    sends: 'samma byte två gånger, som efter ett uteblivet svar',
    expects: 'samma TransId och Delivered=true båda gångerna; brevet läggs bara en gång i brevlådan',
    async run(context) {
      const forward = await forwardOf(context, toRecipient(context));
      return ifTaken(await context.ask(deliverForward, forward), async (one) =>
        ifTaken(await context.ask(deliverForward, forward), (two) =>
          sameOutcome(forwardOutcome(one), forwardOutcome(two)),
        ),
      );
    },
  },
];

/** The schema allows it and no person can have it. */
const IMPOSSIBLE_RECIPIENT = '199001990000';

interface NoticeWish {
  readonly recipients?: readonly string[];
  readonly senderId?: string;
  readonly contentType?: string;
}

interface ForwardWish {
  readonly recipients?: readonly string[];
  /** Who passes the letter on, and to whom it was sent; the sender itself by default. */
  readonly forwarder?: string;
  readonly change?: (letter: Buffer) => Buffer;
}

const refused = (context: Context) => ({ recipients: [refusedRecipient(context)] });
const toRecipient = ({ target }: Context) => ({ recipients: target.recipients.slice(0, 1) });
const tell = (context: Context, wish: NoticeWish = {}) => context.ask(notify, noticeOf(context, wish));
const pass = async (context: Context, wish: ForwardWish = {}) =>
  context.ask(deliverForward, await forwardOf(context, wish));

function noticeOf({ target }: Context, wish: NoticeWish): Encodable<RequestOf<typeof notify>> {
  return {
    notify: {
      Header: header(wish.senderId ?? target.sender, wish.recipients),
      Message: {
        header: {
          Id: randomUUID(),
          Subject: 'Konformitetsprov',
          Supportinfo: { Text: 'Det här skickades av ett prov.' },
          Metadata: [],
          Language: 'svSE',
        },
        body: { ContentType: wish.contentType ?? 'text/plain', Body: Buffer.from('Prov') },
      },
    },
  };
}

async function forwardOf(context: Context, wish: ForwardWish): Promise<Encodable<RequestOf<typeof deliverForward>>> {
  const forwarder = wish.forwarder ?? context.target.sender;
  const original = await letter(context, { recipient: forwarder });
  return {
    forwardMessage: {
      Header: header(forwarder, wish.recipients),
      Message: { Subject: 'Konformitetsprov', Body: { ContentType: 'text/plain', Body: Buffer.from('Prov') } },
      OrginalDelivery: originalDelivery(wish.change?.(original) ?? original),
    },
  };
}

function header(senderId: string, recipients: readonly string[] = [UNREGISTERED]) {
  return {
    Sender: { Id: senderId as RecipientId, Name: 'Konformitetsprov' },
    Recipient: recipients as readonly RecipientId[],
  };
}

type Answered = Seen<{ return: NotifyResult | DeliveryResult }>;

function asAnswered(seen: Answered): Verdict {
  return verdict(seen.answer.kind !== 'bad', told(seen));
}

/** An operator may leave the operation out; then there is nothing to judge. */
function ifTaken<R extends NotifyResult | DeliveryResult>(
  seen: Seen<{ return: R }>,
  judge: (result: R) => Verdict | Promise<Verdict>,
): Verdict | Promise<Verdict> {
  const { answer } = seen;
  if (answer.kind === 'answer') return judge(answer.value.return);
  return answer.kind === 'fault' ? skipped(`operationen tas inte emot: ${told(seen)}`) : failed(told(seen));
}

/** A recipient who did not get it says nothing of whether the rest was looked at. */
function expectRefused({ target }: Context, seen: Answered, codes: readonly number[]): Verdict {
  if (seen.answer.kind !== 'answer') return expectFault(seen, codes);
  const result = seen.answer.value.return;
  if (result.Status.some(isDelivered)) return failed('mottaget');
  return target.deliver && target.recipients.length > 0
    ? failed('inte levererat i stället för ett fel')
    : skipped('inte levererat: operatören kan ha letat efter brevlådan först; avgörs med --deliver');
}

type AnyStatus = (NotifyResult | DeliveryResult)['Status'][number];
const isDelivered = (status: AnyStatus): boolean =>
  'Delivered' in status ? status.Delivered : status.DeliveryStatus.DeliveredFlag;

interface Outcome {
  readonly transId: string;
  readonly recipientId: string | undefined;
  readonly delivered: boolean;
  readonly count: number;
}

function noticeOutcome({ TransId, Status }: NotifyResult): Outcome {
  return outcomeOf(TransId, Status);
}

function forwardOutcome({ TransId, Status }: DeliveryResult): Outcome {
  return outcomeOf(TransId, Status);
}

function outcomeOf(transId: string, statuses: readonly AnyStatus[]): Outcome {
  const [first] = statuses;
  return {
    transId,
    recipientId: first?.RecipientId,
    delivered: first !== undefined && isDelivered(first),
    count: statuses.length,
  };
}

function arrivedFaults({ target }: Context, { transId, recipientId, delivered, count }: Outcome): string[] {
  return [
    ...(transId.trim() === '' ? ['TransId är tomt'] : []),
    ...(delivered ? [] : ['inte levererat']),
    ...(recipientId === target.recipients[0] ? [] : ['ett annat RecipientId']),
    ...(count === 1 ? [] : [`${count} Status`]),
  ];
}

function sameOutcome(one: Outcome, two: Outcome): Verdict {
  return unlessFaults(
    [
      ...(one.transId === two.transId ? [] : ['ett annat TransId andra gången']),
      ...(one.delivered && two.delivered ? [] : ['inte levererat']),
    ],
    'samma TransId',
  );
}

function statusFaults({ Status }: NotifyResult, recipients: readonly string[]): string[] {
  const answered: readonly string[] = Status.map((status) => status.RecipientId);
  const missing = recipients.filter((recipient) => !answered.includes(recipient));
  return [
    ...(missing.length > 0 ? [`${missing.length} mottagare saknas i svaret`] : []),
    ...(Status.length > recipients.length ? [`${Status.length} Status för ${recipients.length} mottagare`] : []),
    ...(Status.some(isDelivered) ? ['DeliveredFlag=true'] : []),
    ...(Status.some((status) => status.DeliveryStatus.NotifiedByChannel.length > 0)
      ? ['en kanal för den som inget fått']
      : []),
  ];
}
