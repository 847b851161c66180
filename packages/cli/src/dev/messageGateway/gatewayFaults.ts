import type { FaultKind } from '../faults.ts';

/** Who of the faults' parties this gateway is. */
export const GATEWAY_PARTIES = ['epost', 'sms'] as const;
export type GatewayParty = (typeof GATEWAY_PARTIES)[number];

export const GATEWAY_FAULT_TEXTS = {
  'refuse-now': 'Avvisas för stunden (4xx, strypt)',
  'refuse-for-good': 'Avvisas för gott (5xx, numret finns inte)',
  'accept-then-silence': 'Tas emot, men svaret kommer aldrig',
  'fails-later': 'Tas emot, och studsar sedan',
} as const satisfies Partial<Record<FaultKind, string>>;

export type GatewayFaultKind = keyof typeof GATEWAY_FAULT_TEXTS;

export function isGatewayFault(kind: string): kind is GatewayFaultKind {
  return Object.hasOwn(GATEWAY_FAULT_TEXTS, kind);
}
