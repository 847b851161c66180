import { type AccountStatus, type ReachabilityStatus, type RecipientId, recipientService } from '@brevduva/protocol';
import { repeatElement, wireRequest } from '@brevduva/protocol/testing';
import { type Check, failed, passed, skipped, unlessFaults, type Verdict, verdict } from '../check.ts';
import { type Context, type Seen, told } from '../context.ts';
import { expectFault } from '../judge.ts';
import { today } from '../letter.ts';
import { IDS_MAX, IMPOSSIBLE_PERSON, impossibleIds, UNKNOWN_ORGANIZATION, UNREGISTERED } from '../numbers.ts';

const { isReachable, isRegistered, register } = recipientService.operations;
const ANSWER = 'recipient.answer';
const CLOCK_SKEW_MS = 300_000;
const common = { services: ['recipient'], basis: 'contract' } as const;
const answered = { ...common, dependsOn: [ANSWER] } as const;
const ASKED = 'isReachable med --recipients och ett nummer som ingen har';
const INVALID_INPUT = 5001;
const MAX_EXCEEDED = 5005;
const UNKNOWN_SENDER = 5014;

/** What a sender relies on when it asks FaR (FACTS b.2, b.3, d, k). */
export const RECIPIENT_CHECKS: readonly Check[] = [
  {
    ...common,
    id: ANSWER,
    clause: 'b.3',
    dependsOn: ['soap.answer'],
    title: 'Svaret om mottagarna är giltigt enligt schemat',
    sends: ASKED,
    expects: 'ett isReachableResponse där varje fält har sin typ',
    async run(context) {
      const seen = await ask(context, asked(context));
      return verdict(seen.answer.kind === 'answer', told(seen));
    },
  },
  {
    ...answered,
    id: 'recipient.echo',
    clause: 'd',
    title: 'Varje fråga får ett svar som upprepar dess RecipientId',
    sends: ASKED,
    expects: 'lika många return som frågade nummer, med samma RecipientId',
    run: (context) =>
      withStatuses(context, asked(context), (statuses, ids) => {
        const missing = ids.filter((id) => !statuses.some((one) => idOf(one) === id));
        const foreign = statuses.filter((one) => !ids.includes(idOf(one)));
        return unlessFaults(
          [
            ...(missing.length > 0 ? [`${missing.length} av ${ids.length} nummer fick inget svar`] : []),
            ...(foreign.length > 0 ? [`${foreign.length} svar om nummer som ingen frågade efter`] : []),
          ],
          `${statuses.length} svar på ${ids.length} nummer`,
        );
      }),
  },
  {
    ...answered,
    id: 'recipient.order',
    clause: 'd',
    needs: ['recipients'],
    title: 'Ordningen i frågan ändrar inte svaren',
    sends: 'samma fråga med numren i omvänd ordning',
    expects: 'samma svar om varje nummer',
    run: (context) =>
      withStatuses(context, asked(context), (first, ids) =>
        withStatuses(context, [...ids].reverse(), (second) => {
          const differ = ids.filter((id) => textOf(first, id) !== textOf(second, id));
          return verdict(
            differ.length === 0,
            differ.length === 0 ? 'samma svar' : `${differ.length} nummer fick olika svar`,
          );
        }),
      ),
  },
  {
    ...answered,
    id: 'recipient.duplicates',
    clause: 'd',
    basis: 'reading',
    title: 'Samma nummer flera gånger ger samma svar',
    sends: 'isReachable med ett nummer tre gånger',
    expects: 'ett eller tre svar, alla lika (kontraktet säger inte vilket)',
    run: (context) => {
      const id = context.target.recipients[0] ?? UNREGISTERED;
      return withStatuses(context, [id, id, id], (statuses) => {
        const texts = new Set(statuses.map((one) => JSON.stringify(one)));
        const isRight =
          texts.size === 1 && statuses.every((one) => idOf(one) === id) && [1, 3].includes(statuses.length);
        return verdict(isRight, `${statuses.length} svar, ${texts.size === 1 ? 'lika' : 'olika'}`);
      });
    },
  },
  {
    ...answered,
    id: 'recipient.zero',
    clause: 'A.13',
    title: 'isReachable utan nummer får ett tomt svar',
    sends: 'isReachable utan recipientId',
    expects: 'ett isReachableResponse utan return',
    run: (context) => withStatuses(context, [], ({ length }) => verdict(length === 0, `${length} svar`)),
  },
  {
    ...common,
    id: 'recipient.registered-zero',
    clause: 'A.13',
    basis: 'reading',
    dependsOn: ['transport.connects'],
    title: 'isRegistered utan nummer får fel 5001',
    sends: 'isRegistered utan recipientId, vilket schemat inte tillåter',
    expects: `ett fel ${INVALID_INPUT}`,
    async run(context) {
      const message = wireRequest(isRegistered, { recipientId: [UNREGISTERED as RecipientId] });
      return expectFault(await context.send(isRegistered, repeatElement(message, 'recipientId', 0)), [INVALID_INPUT]);
    },
  },
  {
    ...answered,
    id: 'recipient.thousand',
    clause: 'k',
    title: 'Tusen nummer i en fråga får tusen svar',
    sends: `isReachable med ${IDS_MAX} nummer som ingen kan ha (dag 99)`,
    expects: `${IDS_MAX} svar`,
    run: (context) =>
      withStatuses(context, impossibleIds(IDS_MAX), (statuses, ids) => {
        const found = new Set(statuses.map(idOf));
        const missing = ids.filter((id) => !found.has(id));
        return verdict(missing.length === 0 && statuses.length === ids.length, `${statuses.length} svar`);
      }),
  },
  {
    ...common,
    id: 'recipient.thousand-and-one',
    clause: 'k',
    basis: 'reading',
    dependsOn: ['transport.connects'],
    title: 'Fler än tusen nummer får fel 5005',
    sends: `isReachable med ett nummer som ingen kan ha, ${IDS_MAX + 1} gånger`,
    expects: `ett fel ${MAX_EXCEEDED}`,
    async run(context) {
      const request = { senderOrgNr: context.target.sender, recipientId: [IMPOSSIBLE_PERSON as RecipientId] };
      const message = repeatElement(wireRequest(isReachable, request), 'recipientId', IDS_MAX + 1);
      return expectFault(await context.send(isReachable, message), [MAX_EXCEEDED]);
    },
  },
  {
    ...common,
    id: 'recipient.unknown-sender',
    clause: 'b.9',
    basis: 'reading',
    dependsOn: ['transport.connects'],
    title: 'En okänd avsändare får fel 5014',
    sends: 'isReachable för ett organisationsnummer som ingen har',
    expects: `ett fel ${UNKNOWN_SENDER}`,
    async run(context) {
      const request = { senderOrgNr: UNKNOWN_ORGANIZATION, recipientId: [] };
      return expectFault(await context.ask(isReachable, request), [UNKNOWN_SENDER]);
    },
  },
  {
    ...answered,
    id: 'recipient.consistent',
    clause: 'd',
    title: 'Type, Pending, ServiceSupplier och SenderAccepted säger samma sak',
    sends: ASKED,
    expects: 'Type=Not: ingen operatör, Pending=false, SenderAccepted=false. Type=Secure: en operatör',
    run: (context) =>
      withStatuses(context, asked(context), (statuses) =>
        unlessFaults(statuses.flatMap(contradictions), `${statuses.length} svar utan motsägelser`),
      ),
  },
  {
    ...answered,
    id: 'recipient.internal-address',
    clause: 'b.3',
    needs: ['recipients'],
    dependsOn: ['soap.answer'],
    title: 'InternalServiceAdress finns alltid, och får vara tom',
    sends: ASKED,
    expects: 'elementet i varje ServiceSupplier',
    async run(context) {
      const { answer } = await ask(context, asked(context));
      // Its absence is a fault by the schema, which names it.
      if (answer.kind === 'bad' && answer.reason.includes('InternalServiceAdress')) return failed(answer.reason);
      if (answer.kind !== 'answer') return skipped('inget giltigt svar: se recipient.answer');
      return withSuppliers(context, (suppliers) => {
        const empty = suppliers.filter((one) => one.InternalServiceAdress === '').length;
        return passed(`${suppliers.length} operatörer, ${empty} med tomt värde`);
      });
    },
  },
  {
    ...answered,
    id: 'recipient.service-address',
    clause: 'd',
    needs: ['recipients'],
    title: 'ServiceAdress är en https-adress att leverera till',
    sends: ASKED,
    expects: 'en fullständig https-adress hos varje operatör',
    run: (context) =>
      withSuppliers(context, (suppliers) => {
        const wrong = suppliers
          .filter(({ ServiceAdress }) => !isHttps(ServiceAdress))
          .map(({ Name }) => `${Name}: ingen https-adress`);
        return unlessFaults(wrong, [...new Set(suppliers.map(({ ServiceAdress }) => ServiceAdress))].join(', '));
      }),
  },
  {
    ...answered,
    id: 'recipient.last-registration',
    clause: 'b.3',
    needs: ['recipients'],
    title: 'LastRegistration är en tidpunkt som går att läsa',
    sends: ASKED,
    expects: 'xs:dateTime, inte i framtiden',
    run: (context) =>
      withStatuses(context, asked(context), (statuses) => {
        const times = statuses.flatMap(({ AccountStatus: { LastRegistration } }) => LastRegistration ?? []);
        if (times.length === 0) return skipped('inget svar har LastRegistration');
        return unlessFaults(
          times.flatMap((time) => timeFaults(time, context)),
          times[0] ?? '',
        );
      }),
  },
  {
    ...answered,
    id: 'recipient.registered-agrees',
    clause: 'd',
    title: 'isRegistered och isReachable säger detsamma om kontot',
    sends: 'isRegistered med samma nummer',
    expects: 'samma AccountStatus',
    run: (context) =>
      withStatuses(context, asked(context), async (statuses, ids) => {
        const seen = await context.ask(isRegistered, { recipientId: [...ids] as RecipientId[] });
        if (seen.answer.kind !== 'answer') return failed(told(seen));
        const registered = seen.answer.value.return;
        const differ = ids.filter(
          (id) =>
            accountText(
              statuses.map((one) => one.AccountStatus),
              id,
            ) !== accountText(registered, id),
        );
        return verdict(
          differ.length === 0,
          differ.length === 0 ? 'samma svar' : `${differ.length} nummer fick olika svar`,
        );
      }),
  },
  {
    ...common,
    id: 'recipient.mock-signature',
    clause: 'e.5',
    basis: 'reading',
    dependsOn: ['transport.connects'],
    title: 'En påhittad underskrift registrerar ingen',
    sends:
      'register för ett nummer som ingen kan ha (med --deliver: för ett testnummer utan brevlåda), med referenskodens bakdörr i stället för en underskrift (SERIALNUMBER=…, CN=…)',
    expects: 'ett fel',
    run: async (context) => expectFault(await context.ask(register, mockRegistration(context))),
  },
];

type Statuses = readonly ReachabilityStatus[];
type Supplier = NonNullable<AccountStatus['ServiceSupplier']>;

const asked = ({ target }: Context): string[] => [...new Set([...target.recipients, UNREGISTERED])];
const idOf = (status: ReachabilityStatus): string => status.AccountStatus.RecipientId;
const textOf = (statuses: Statuses, id: string) => JSON.stringify(statuses.find((one) => idOf(one) === id));
const accountText = (accounts: readonly AccountStatus[], id: string) =>
  JSON.stringify(accounts.find((one) => one.RecipientId === id));

function ask({ target, ask }: Context, ids: readonly string[]): Promise<Seen<{ return: ReachabilityStatus[] }>> {
  return ask(isReachable, { senderOrgNr: target.sender, recipientId: [...ids] as RecipientId[] });
}

async function withStatuses(
  context: Context,
  ids: readonly string[],
  judge: (statuses: Statuses, ids: readonly string[]) => Verdict | Promise<Verdict>,
): Promise<Verdict> {
  const seen = await ask(context, ids);
  return seen.answer.kind === 'answer' ? judge(seen.answer.value.return, ids) : failed(told(seen));
}

function withSuppliers(context: Context, judge: (suppliers: readonly Supplier[]) => Verdict): Promise<Verdict> {
  return withStatuses(context, asked(context), (statuses) => {
    const suppliers = statuses.flatMap(({ AccountStatus }) => AccountStatus.ServiceSupplier ?? []);
    return suppliers.length === 0 ? skipped('ingen av mottagarna har en operatör') : judge(suppliers);
  });
}

/** The table of FACTS d. What `Anonymous` means is open, so nothing is demanded of it. */
function contradictions({ AccountStatus, SenderAccepted }: ReachabilityStatus): string[] {
  const { Type, Pending, ServiceSupplier } = AccountStatus;
  if (Type === 'Secure') return ServiceSupplier === undefined && !Pending ? ['Type=Secure utan ServiceSupplier'] : [];
  if (Type !== 'Not') return [];
  return [
    ...(ServiceSupplier === undefined ? [] : ['Type=Not med ServiceSupplier']),
    ...(Pending ? ['Type=Not med Pending=true'] : []),
    ...(SenderAccepted ? ['Type=Not med SenderAccepted=true'] : []),
  ];
}

function isHttps(address: string): boolean {
  return URL.canParse(address) && new URL(address).protocol === 'https:';
}

function timeFaults(time: string, { clock }: Context): string[] {
  const instant = Date.parse(time);
  if (Number.isNaN(instant)) return [`${time} går inte att läsa`];
  return instant > clock.now().getTime() + CLOCK_SKEW_MS ? [`${time} ligger i framtiden`] : [];
}

/** The reference code's own test backdoor (FACTS e.5), which must be shut everywhere else. */
function mockRegistration(context: Context) {
  // A register that looks at the number first does not come to the signature; a real one is for those with leave.
  const id = context.target.deliver ? UNREGISTERED : IMPOSSIBLE_PERSON;
  const mock = Buffer.from(`SERIALNUMBER=${id}, CN=Konformitetsprov`);
  return {
    accountRequest: {
      Id: id as RecipientId,
      Type: 'Create' as const,
      AgreementText: 'Konformitetsprov',
      Timestamp: today(context),
      ServiceSupplier: 'konformitetsprov.example',
    },
    accountType: 'Secure' as const,
    signature: [{ Signature: mock, Certificate: '' }],
  };
}
