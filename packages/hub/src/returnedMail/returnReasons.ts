interface ReturnReasonFacts {
  readonly text: string;
  readonly en: string;
  /** The address will not do next time either. */
  readonly flagsAddress: boolean;
}

/** Why mail comes back, as the post writes on it. */
export const RETURN_REASONS = {
  unknownAtAddress: {
    text: 'Okänd på adressen eller flyttat',
    en: 'Unknown at the address, or moved',
    flagsAddress: true,
  },
  insufficientAddress: { text: 'Otillräcklig adress', en: 'Insufficient address', flagsAddress: true },
  notCollected: { text: 'Ej avhämtat', en: 'Not collected', flagsAddress: false },
  refused: { text: 'Mottagaren tar inte emot', en: 'Refused by the recipient', flagsAddress: false },
  deceased: { text: 'Avliden', en: 'Deceased', flagsAddress: true },
  damaged: { text: 'Skadat på vägen', en: 'Damaged on the way', flagsAddress: false },
  other: { text: 'Annat, eller oläsligt', en: 'Something else, or illegible', flagsAddress: true },
} as const satisfies Record<string, ReturnReasonFacts>;

export type ReturnReason = keyof typeof RETURN_REASONS;

export function isReturnReason(value: unknown): value is ReturnReason {
  return typeof value === 'string' && Object.hasOwn(RETURN_REASONS, value);
}

/** For so long the next letter to the same person at the same address is held. */
export const FLAG_DAYS = 365;
