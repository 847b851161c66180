import { authorityService, type RecipientId } from '@brevduva/protocol';
import { type Check, failed, unlessFaults, verdict } from '../check.ts';
import { told } from '../context.ts';
import { expectFault } from '../judge.ts';
import { IMPOSSIBLE_PERSON, UNKNOWN_ORGANIZATION } from '../numbers.ts';

const operations = authorityService.operations;
const common = { services: ['authority'], basis: 'contract', clause: 'b.8', dependsOn: ['soap.answer'] } as const;

/** Who is connected, and company rights (FACTS b.8). */
export const AUTHORITY_CHECKS: readonly Check[] = [
  {
    ...common,
    id: 'authority.senders',
    title: 'getSenders tar upp avsändaren',
    sends: 'getSenders',
    expects: 'en lista där --sender finns med',
    async run({ ask, target }) {
      const seen = await ask(operations.getSenders, {});
      if (seen.answer.kind !== 'answer') return failed(told(seen));
      const senders = seen.answer.value.return;
      return verdict(
        senders.some(({ Id }) => Id === target.sender),
        `${senders.length} avsändare`,
      );
    },
  },
  {
    ...common,
    id: 'authority.dispatchers',
    title: 'getDispatchers nämner bara avsändare som finns',
    sends: 'getDispatchers och getSenders',
    expects: 'varje förmedlares Senders finns i getSenders',
    async run({ ask }) {
      const [dispatchers, senders] = [await ask(operations.getDispatchers, {}), await ask(operations.getSenders, {})];
      if (dispatchers.answer.kind !== 'answer') return failed(told(dispatchers));
      if (senders.answer.kind !== 'answer') return failed(told(senders));
      const known = new Set<string>(senders.answer.value.return.map(({ Id }) => Id));
      const list = dispatchers.answer.value.return;
      const strangers = list.flatMap(({ Senders }) => Senders).filter((id) => !known.has(id));
      return unlessFaults(
        strangers.map((id) => `${id} är ingen avsändare`),
        `${list.length} förmedlare`,
      );
    },
  },
  {
    ...common,
    id: 'authority.sender-accepted',
    title: 'isSenderAccepted känner avsändaren',
    sends: 'isSenderAccepted för --sender',
    expects: 'true',
    async run({ ask, target }) {
      const seen = await ask(operations.isSenderAccepted, { arg0: target.sender as RecipientId });
      return verdict(seen.answer.kind === 'answer' && seen.answer.value.return, told(seen));
    },
  },
  {
    ...common,
    id: 'authority.sender-unknown',
    title: 'isSenderAccepted känner inte den som inte finns',
    sends: 'isSenderAccepted för ett organisationsnummer som ingen har',
    expects: 'false',
    async run({ ask }) {
      const seen = await ask(operations.isSenderAccepted, { arg0: UNKNOWN_ORGANIZATION as RecipientId });
      return verdict(seen.answer.kind === 'answer' && !seen.answer.value.return, told(seen));
    },
  },
  {
    ...common,
    id: 'authority.access-rights',
    basis: 'reading',
    title: 'getUserAccessRights ger ingen rätt åt den som inte finns',
    sends: 'getUserAccessRights och getUserAccessRightsNoConcent för ett nummer som ingen kan ha',
    expects: 'ett svar utan Rights för någon annan än personen själv, eller ett fel',
    async run({ ask }) {
      const request = { arg0: IMPOSSIBLE_PERSON };
      const answers = [
        await ask(operations.getUserAccessRights, request),
        await ask(operations.getUserAccessRightsNoConcent, request),
      ];
      const faults = answers.flatMap((seen) => {
        if (seen.answer.kind === 'bad') return [told(seen)];
        if (seen.answer.kind === 'fault') return [];
        const others = (seen.answer.value.return.Rights ?? []).filter(({ Id }) => Id !== IMPOSSIBLE_PERSON);
        return others.length > 0 ? [`rätt till ${others.length} brevlådor`] : [];
      });
      return unlessFaults(faults, answers.map(told).join('; '));
    },
  },
  {
    ...common,
    id: 'authority.mock-signature',
    clause: 'e.5',
    basis: 'reading',
    title: 'En påhittad underskrift är ingen underskrift',
    sends: 'verifyAuthorizedSignatures med referenskodens bakdörr i stället för en underskrift (SERIALNUMBER=…, CN=…)',
    expects: 'ett fel, eller ett svar utan Status=Complete',
    async run({ ask }) {
      const seen = await ask(operations.verifyAuthorizedSignatures, {
        arg0: IMPOSSIBLE_PERSON as RecipientId,
        arg1: [{ Signature: Buffer.from(`SERIALNUMBER=${IMPOSSIBLE_PERSON}, CN=Prov`), Certificate: '' }],
        arg2: Buffer.from('Konformitetsprov'),
        arg3: 'Ownership',
      });
      if (seen.answer.kind !== 'answer') return expectFault(seen);
      const status = seen.answer.value.return.Status ?? 'utan Status';
      return verdict(status !== 'Complete', status);
    },
  },
];
