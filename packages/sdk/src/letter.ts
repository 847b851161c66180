/** A letter to hand in: one recipient. Exactly one of `text` and `html`, or neither when a PDF is the whole letter. */
export interface NewLetter {
  /** The kind of letter, as the organisation has named it in Brevduva. */
  readonly flow: string;
  /** Personnummer, samordningsnummer (12 digits) or organisationsnummer (10, or 12 with 16 first). */
  readonly recipient: string;
  readonly subject: string;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
  readonly attachments?: readonly NewAttachment[] | undefined;
  /** Where a paper letter goes when the recipient has no digital mailbox. */
  readonly address?: PostalAddress | undefined;
  /** Where the recipient can be told by SMS or e-mail, if the flow sends notices. */
  readonly contact?: Contact | undefined;
  /** The business system's own word for the letter, e.g. a case number. */
  readonly reference?: string | undefined;
  /** ISO 8601 with a time zone; the letter is not sent earlier. */
  readonly notBefore?: string | undefined;
  /** ISO 8601 with a time zone; a letter that has not been sent by then is not sent. */
  readonly expiresAt?: string | undefined;
  /** The form that it answers: its id, or its portal's transaction id. */
  readonly inReplyTo?: string | undefined;
  /** What the recipient is to pay, where the letter is an invoice. */
  readonly invoice?: NewInvoice | undefined;
  /** `sv` unless said. */
  readonly language?: string | undefined;
  /**
   * The same key with the same content never gives a second letter. Choose it from your own record and keep it before
   * the call, so that a restarted program sends with the same key; without one the SDK makes one for this call only.
   */
  readonly idempotencyKey?: string | undefined;
}

/** A PDF, sent as it is. */
export interface NewAttachment {
  readonly name: string;
  readonly bytes: Uint8Array | ArrayBuffer | Blob;
}

export interface Contact {
  /** A mobile number; without a country it is Swedish. */
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
}

export interface PostalAddress {
  readonly name: string;
  readonly careOf?: string | undefined;
  readonly street: string;
  readonly postalCode: string;
  readonly city: string;
  readonly country?: string | undefined;
}

/** Exactly one of `bankgiro` and `plusgiro`, and at most one of `ocr` and `message`. */
export interface NewInvoice {
  /** The last day to pay, YYYY-MM-DD. */
  readonly dueDate: string;
  /** A decimal as text, so that no fraction is lost: `"1234.50"`. */
  readonly amount: string;
  /** `SEK` unless said. */
  readonly currency?: 'SEK' | 'EUR' | undefined;
  readonly bankgiro?: string | undefined;
  readonly plusgiro?: string | undefined;
  readonly ocr?: string | undefined;
  /** To the payee, where there is no OCR number. */
  readonly message?: string | undefined;
}

/** The answer to a letter handed in. */
export interface LetterAccepted {
  readonly id: string;
  readonly status: string;
  readonly links: Readonly<Record<string, string>>;
  /** True when the key was known: this is the first letter, no second one was made. */
  readonly replayed: boolean;
  readonly idempotencyKey: string;
}

/** A letter as it stands now. */
export interface Letter {
  readonly id: string;
  readonly status: string;
  /** Where in the pipeline; absent when no stage will take it. */
  readonly stage?: string;
  readonly channel?: string;
  /** Nothing more will happen by itself. */
  readonly final: boolean;
  readonly recipientMasked: string;
  /** Null when erased. */
  readonly subject: string | null;
  /** When the flow's retention rule erased what the letter held (ISO 8601, UTC); null until then. */
  readonly erasedAt?: string | null;
  readonly events: readonly LetterEvent[];
  /** Why this channel: question, answer, rule that won, rules that lost. */
  readonly decision?: Readonly<Record<string, unknown>>;
  /** Set when a person must act. */
  readonly case?: LetterCase;
}

/** Why a person must act, who, what to do next, and by when (ISO 8601, UTC). */
export interface LetterCase {
  readonly reason: string;
  readonly text?: string;
  readonly owner?: string;
  readonly nextAction?: string;
  readonly deadline?: string;
}

export interface LetterEvent {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly kind: string;
  readonly text: string;
  /** Who did it: a business system, a person, or `system`. */
  readonly actor?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}
