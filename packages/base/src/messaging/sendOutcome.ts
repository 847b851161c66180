/**
 * What became of one attempt to send a message. The four are handled differently, so nothing in between exists:
 * an `accepted` message is the next system's responsibility, a refused one is never tried again as it is, one for
 * later is certain not to have left, and of an unknown one nobody can say whether it arrived.
 */
export type SendOutcome =
  | {
      readonly kind: 'accepted';
      /** The ids that later reports name: one for an e-mail, one for each part of an SMS. Never empty. */
      readonly messageIds: readonly string[];
    }
  | {
      readonly kind: 'refusedForGood';
      readonly code: string;
      readonly text: string;
      /** Whether the address does not work, or this message (or we as its sender) is not wanted. */
      readonly about: 'recipient' | 'message';
    }
  | {
      readonly kind: 'tryLater';
      readonly code: string;
      readonly text: string;
      /** When the receiver said for how long it wants to be left alone. */
      readonly retryAfterMs?: number;
    }
  | {
      /** The message left and no answer came. Sent again it may arrive twice. */
      readonly kind: 'unknown';
      readonly code: string;
      readonly text: string;
    };

const TEXT_CHARACTERS_MAX = 300;

/**
 * Another system's words as they may be kept and shown: one line, cut off, and without the address they were said
 * about (servers like to repeat it).
 */
export function foreignText(text: string, address?: string): string {
  const oneLine = [...text].map((each) => (each < ' ' || each === '\u007f' ? ' ' : each)).join('');
  return withoutAddress(oneLine, address)
    .replace(/[^\s<>"',;:]+@[^\s<>"',;:]+/g, '…')
    .slice(0, TEXT_CHARACTERS_MAX);
}

function withoutAddress(text: string, address: string | undefined): string {
  if (address === undefined) return text;
  return text.replaceAll(address, '…').replaceAll(address.replace(/^\+/, ''), '…');
}
