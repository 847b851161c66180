import type { OrganizationNumber, RecipientId } from '@brevduva/protocol';

/**
 * Who wants a creditor's invoices as e-invoices, and where they are to go: the banks' register of consents (e-faktura), PEPPOL's look-up
 * (SML and SMP), or what stands in their place. Asked at dispatch, in sets; docs/e-invoice.md.
 */
export interface EInvoiceRegistry {
  /**
   * Never rejects: that it cannot answer is an answer, and the letters wait (scenario 13). Answers stand in the order of the questions;
   * at most {@link EINVOICE_QUESTIONS_MAX} of them.
   */
  find(creditor: EInvoiceCreditor, questions: readonly EInvoiceQuestion[]): Promise<EInvoiceAnswer>;
}

/** Who sends the invoices. A consent may be for one kind of invoice only, so the flow is told. */
export interface EInvoiceCreditor {
  readonly organizationNumber: OrganizationNumber;
  readonly flow: string;
}

/** One invoice. A consent may hold for a customer number or a series of OCR numbers only, so they are told where they are known. */
export interface EInvoiceQuestion {
  readonly recipient: RecipientId;
  readonly reference: string | undefined;
  readonly ocr: string | undefined;
}

export type EInvoiceAnswer =
  | { readonly kind: 'answered'; readonly wishes: readonly EInvoiceWish[] }
  /** `reason` for the log and the event; no personal number in it. */
  | { readonly kind: 'unavailable'; readonly reason: string };

export type EInvoiceWish =
  | { readonly kind: 'wanted'; readonly address: EInvoiceAddress }
  | { readonly kind: 'notWanted' };

/** An electronic address (BT-49), as PEPPOL writes participants. For a person it is the bank's, never her number. */
export interface EInvoiceAddress {
  /** A code of the list EAS, as `0007`. */
  readonly scheme: string;
  readonly id: string;
  /** The buyer's name as the register has it. */
  readonly name?: string;
}

/** So many invoices in one question. */
export const EINVOICE_QUESTIONS_MAX = 1_000;
