/** What an organisation says of itself as the one who is to be paid; the rest of what an invoice says of it is its own settings. */
export interface Creditor {
  /** BT-31, as `SE202100474801`. */
  readonly vatNumber: string;
  /** BT-34, as `0007:2021004748`; that of its organisation number unless it says otherwise. */
  readonly endpoint?: string;
  /** BT-120: why its flows without value added tax have none. */
  readonly vatExemption?: string;
}
