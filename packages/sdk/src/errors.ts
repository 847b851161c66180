/** The SDK's own error codes, beside those the hub answers. Same shape as every package's list; codes are never reused. */
export const ERRORS = {
  SDK_INVALID_LETTER: { status: 0, text: 'Brevet är ofullständigt eller motsägelsefullt.' },
  SDK_UNREACHABLE: {
    status: 0,
    text: 'Brevduva gick inte att nå. Brevet kan skickas igen med samma idempotensnyckel.',
  },
  SDK_BAD_ANSWER: { status: 0, text: 'Svaret gick inte att tolka. Kontrollera att adressen leder till Brevduva.' },
  SDK_WAIT_ENDED: { status: 0, text: 'Brevet hann inte bli klart. Det behandlas vidare; fråga igen senare.' },
} as const satisfies Record<string, { status: number; text: string }>;

export type SdkErrorCode = keyof typeof ERRORS;
