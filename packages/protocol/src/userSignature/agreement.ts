/** What a person agrees to with a signature, in the words of Recipient v3 (FACTS i). */
export interface Agreement {
  action: 'register' | 'deregister' | 'changeServiceSupplier' | 'storeAccountPreferences';
  recipientId: string;
  /** Internet domain of the operator: the one that has the account, or is chosen. */
  serviceSupplier: string;
  /** Only for `storeAccountPreferences`: numbers of the senders that may send digitally. */
  acceptedSenders?: readonly string[];
}

/**
 * The line that ties a signed text to one action. The contract carries a free text beside the request (FACTS n.13), so
 * without it a signature for one thing could be handed in as consent to another. Written for the person who reads it.
 */
export function agreementLine({ action, recipientId, serviceSupplier, acceptedSenders = [] }: Agreement): string {
  const holder = `Mottagare ${recipientId}`;
  const domain = serviceSupplier.toLowerCase();
  switch (action) {
    case 'register':
      return `${holder} ansluter sig till Mina meddelanden med brevlåda hos ${domain}.`;
    case 'deregister':
      return `${holder} lämnar Mina meddelanden och avslutar sin brevlåda hos ${domain}.`;
    case 'changeServiceSupplier':
      return `${holder} byter brevlåda till ${domain}.`;
    case 'storeAccountPreferences':
      return `${holder} tar emot post i sin brevlåda hos ${domain} från ${sendersText(acceptedSenders)}.`;
  }
}

/** An agreement text: the operator's own terms, then the line that ties them to the action. */
export function agreementText(terms: string, agreement: Agreement): string {
  return `${terms.trimEnd()}\n\n${agreementLine(agreement)}`.trimStart();
}

/** Whether a text has the line of this very agreement, as a line of its own. */
export function isAgreementTo(text: string, agreement: Agreement): boolean {
  const line = agreementLine(agreement);
  return text.split(/\r\n|\r|\n/).some((each) => each.trim() === line);
}

function sendersText(acceptedSenders: readonly string[]): string {
  const numbers = [...new Set(acceptedSenders)].sort();
  return numbers.length === 0 ? 'inga avsändare' : `dessa avsändare: ${numbers.join(', ')}`;
}
