/** Who is logged in, as the party's own register admitted her. Kept with the session until it ends. */
export interface Principal {
  /** Stable key of the person in the party's register. */
  subject: string;
  /** Shown on the page. */
  name: string;
  roles: readonly string[];
  /** Whatever else the party needs on every request, for example which mailbox is open. */
  attributes?: Readonly<Record<string, string>>;
}
