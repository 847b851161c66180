/** A letter that we set ourselves. Every text is data: nothing in it is read as markup of the typesetter. */
export interface TextLetter {
  readonly subject: string;
  readonly body: LetterBody;
  readonly sender: LetterSender;
  /** "sv", "sv-SE" or the contract's "svSE". */
  readonly language: string;
  /** Calendar date of the letter, "YYYY-MM-DD". The same letter with the same date gives the same bytes. */
  readonly date: string;
  readonly reference?: string;
  readonly payment?: LetterPayment;
}

/** What is to be paid, each part as it is read. */
export interface LetterPayment {
  readonly amount: string;
  /** "YYYY-MM-DD". */
  readonly dueDate: string;
  readonly account: { readonly kind: 'bankgiro' | 'plusgiro'; readonly number: string };
  readonly reference?: { readonly kind: 'ocr' | 'message'; readonly text: string };
}

export interface LetterBody {
  readonly contentType: 'text/plain' | 'text/html';
  /** HTML has passed `checkMessageHtml`; what this typesetter does not know it sets as plain text. */
  readonly text: string;
}

export interface LetterSender {
  readonly name: string;
  readonly unit?: string;
  /** Whom to ask, below the message. */
  readonly support?: {
    readonly text?: string;
    readonly url?: string;
    readonly phone?: string;
    readonly email?: string;
  };
}

/** Both are tagged; A-2a is what archives take, UA-1 what accessibility checkers ask for. */
export type LetterStandard = 'a-2a' | 'ua-1';

/** About 150 pages; the contract's whole message holds 2 MB. */
export const LETTER_CHARS_MAX = 400_000;
