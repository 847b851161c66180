/** How one gateway wants to be called. Every name and path is data: gateways differ in nothing else. */
export interface HttpSmsGateway {
  readonly url: string;
  readonly body: 'json' | 'form';
  /**
   * The body's fields. In the values `{to}`, `{text}`, `{from}`, `{id}` (ours) and `{statusUrl}` are filled in; a dot in a
   * name makes a JSON object: `{ "message.body": "{text}" }`.
   */
  readonly fields: Readonly<Record<string, string>>;
  /** `+46701234567` or `46701234567`. */
  readonly numberForm?: 'plus' | 'bare';
  readonly auth?:
    | { readonly kind: 'header'; readonly name: string; readonly value: string }
    | { readonly kind: 'basic'; readonly user: string; readonly password: string };
  /** Where the answer (JSON) holds the ids, and its own code: `data.messages.*.id`, `error.code`; `*` is every member of a list. */
  readonly answer: { readonly ids: string; readonly errorCode?: string };
  /** Error codes that mean that the number does not work; every other 4xx is about the message or us. */
  readonly recipientErrors?: readonly string[];
  /** Error codes that pass (no credit, too many). */
  readonly passingErrors?: readonly string[];
  readonly status?: HttpSmsStatusReports;
}

/** How the gateway tells what became of a message: a POST to our address, in JSON or as a form. */
export interface HttpSmsStatusReports {
  /** Our address, as the gateway reaches it. */
  readonly url: string;
  /**
   * How we know that it is the gateway. `hmac`: a header holds HMAC-SHA256 of the body, in hex or base64, after an optional
   * `sha256=`. `secret`: a header holds the secret itself.
   */
  readonly proof: { readonly kind: 'hmac' | 'secret'; readonly header: string; readonly secret: string };
  /** Where the report holds the message's id, and its state. */
  readonly id: string;
  readonly state: string;
  /** The gateway's words for the states; a word that is in none is `unknown`. */
  readonly states: {
    readonly delivered: readonly string[];
    readonly failed: readonly string[];
    readonly expired?: readonly string[];
    readonly waiting?: readonly string[];
  };
  readonly code?: string;
}
