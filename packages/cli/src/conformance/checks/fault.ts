import { SPOILT } from '@brevduva/protocol/testing';
import { type Check, failed, passed, SERVICE_NAMES, skipped, unlessFaults, type Verdict, verdict } from '../check.ts';
import { type Context, told } from '../context.ts';
import { spoilt } from './envelope.ts';

const CALL_ID_CHARACTERS_MIN = 20;
const CALL_ID_CHARACTERS_MAX = 50;
const ERROR_CODE_MAX = 9999;

const common = {
  clause: 'b.9',
  services: SERVICE_NAMES,
  sends: 'en fråga med ett främmande element, som ska få ett fel',
  dependsOn: ['transport.connects'],
} as const;

/** The form of a fault, whatever it is about (FACTS b.9). */
export const FAULT_CHECKS: readonly Check[] = [
  {
    ...common,
    id: 'fault.detail',
    basis: 'contract',
    title: 'Felet bär kontraktets element med ErrorCode och Description',
    expects:
      'detail med applicationFault i Common/v3 (för Authority också operationens eget felelement), ErrorCode 1–9998',
    run: (context) =>
      withFault(context, ({ detail, errorCode, description, wrong }) => {
        const isCode = errorCode !== undefined && errorCode > 0 && errorCode < ERROR_CODE_MAX;
        // What is wrong with CallId alone is told by its own check.
        const others = wrong.filter((fault) => !/CallId/.test(fault));
        return unlessFaults(
          [
            ...others,
            ...(isCode ? [] : ['ErrorCode saknas']),
            ...(description === undefined ? ['Description saknas'] : []),
          ],
          detail ?? '',
        );
      }),
  },
  {
    ...common,
    id: 'fault.call-id',
    basis: 'contract',
    title: 'Felet bär ett CallId',
    expects: `CallId med ${CALL_ID_CHARACTERS_MIN}–${CALL_ID_CHARACTERS_MAX} tecken`,
    run: (context) =>
      withFault(context, ({ callId }) => {
        if (callId === undefined) return failed('CallId saknas');
        const length = [...callId].length;
        return verdict(length >= CALL_ID_CHARACTERS_MIN && length <= CALL_ID_CHARACTERS_MAX, `${length} tecken`);
      }),
  },
  {
    ...common,
    id: 'fault.call-id-unique',
    basis: 'reading',
    title: 'Varje anrop har sitt eget CallId',
    sends: 'samma felaktiga fråga två gånger',
    expects: 'två olika CallId, så att vart och ett leder till sin rad i loggen',
    run: (context) =>
      withFault(context, (first) =>
        withFault(context, async (second) => {
          if (first.callId === undefined || second.callId === undefined) return skipped('CallId saknas');
          return verdict(
            first.callId !== second.callId,
            first.callId === second.callId ? 'samma CallId' : 'olika CallId',
          );
        }),
      ),
  },
  {
    ...common,
    id: 'fault.status',
    basis: 'reading',
    title: 'Fel har HTTP-status 500',
    expects: 'HTTP 500, som SOAP 1.1 säger',
    async run(context) {
      const seen = await spoilt(context, SPOILT.foreignElement);
      if (seen.answer.kind !== 'fault') return failed(told(seen));
      return seen.status === 500 ? passed('HTTP 500') : failed(`HTTP ${seen.status}`);
    },
  },
];

type Fault = Extract<Awaited<ReturnType<typeof spoilt>>['answer'], { kind: 'fault' }>;

async function withFault(context: Context, judge: (fault: Fault) => Verdict | Promise<Verdict>): Promise<Verdict> {
  const seen = await spoilt(context, SPOILT.foreignElement);
  return seen.answer.kind === 'fault' ? judge(seen.answer) : failed(`${told(seen)} i stället för ett fel`);
}
