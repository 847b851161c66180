/** In English: every error and fault that a person can meet on the pages about actors. The Swedish texts stand in errors.ts. */
export const ACTOR_ERRORS_ENGLISH = {
  FAR_ACTOR_NOT_FOUND: 'The actor does not exist. Choose it from the list of actors.',
  FAR_ACTOR_CHANGED:
    'Somebody else has changed the actor since you opened the page. Nothing of what you did is saved. See what has changed, and do again what is needed.',
  FAR_ACTOR_INVALID: 'Some of it must be corrected. Nothing is saved.',
  FAR_FIELD_REQUIRED: 'Fill in the field.',
  FAR_FIELD_CHOICE: 'Choose at least one of the alternatives.',
  FAR_FIELD_SHORT: 'Write a little more.',
  FAR_FIELD_LONG: 'Write less: the text is too long.',
  FAR_FIELD_PERSON: 'Write no personal number here: the text is kept in the audit trail.',
  FAR_FIELD_ORGANIZATION: 'This is no organisation number. Write ten digits, or twelve that begin with 16.',
  FAR_FIELD_LEGAL_PERSON: 'The number is a personal number. Only legal persons can be connected.',
  FAR_FIELD_EMAIL: 'This is no e-mail address.',
  FAR_FIELD_PERSONAL_NUMBER: 'This is no personal number. Write twelve digits.',
  FAR_FIELD_DAY: 'Write the day as year, month, day: 2026-01-31.',
  FAR_FIELD_DAY_FUTURE: 'The day has not come yet.',
  FAR_FIELD_DOMAIN: 'This is no internet domain, for example brevladan.se.',
  FAR_FIELD_ADDRESS: 'Write the whole address, beginning with https://.',
  FAR_MISSING_CONTACT: 'A contact person is missing.',
  FAR_MISSING_AGREEMENT: 'The agreement is not registered.',
  FAR_MISSING_CERTIFICATE: 'A valid certificate for calls is missing.',
  FAR_MISSING_SERVED_SENDER: 'No sender has consented to being served.',
  FAR_MISSING_CONFORMANCE: 'The checks are not passed, nor waived.',
  FAR_CONNECTION_OPEN:
    'The organisation already has a connection in progress. Finish or end it before a new application.',
  FAR_ROLE_HELD: 'The organisation is already connected in the role. Choose only roles that it does not have.',
  FAR_STEP_WRONG: "The connection does not stand at that step. See on the actor's page how far it has come.",
  FAR_STEP_MISSING: 'Something is missing before the next step. Nothing is changed.',
  FAR_CONFORMANCE_NOT_DONE:
    "The checklist is not done: the actor's own traffic does not fulfil all of it yet. Wait, or waive it with a reason.",
  FAR_ACTOR_SUSPENDED: 'The actor is suspended already.',
  FAR_ACTOR_NOT_SUSPENDED: 'The actor is not suspended.',
  FAR_NOT_DISPATCHER: 'The actor is no dispatcher and cannot send for others.',
  FAR_NOT_OPERATOR: 'The actor is no mailbox operator and has no addresses in the register.',
  FAR_CONTACT_NOT_FOUND: 'The contact person is no longer there.',
  FAR_UNKNOWN_SENDER: 'The organisation is no sender here. Enter it as a sender first.',
  FAR_OPERATOR_DOMAIN_TAKEN: 'The domain already belongs to another mailbox operator.',
  FAR_CERTIFICATE_UNREADABLE:
    'The certificate cannot be read. Paste the whole text, from BEGIN CERTIFICATE to END CERTIFICATE.',
  FAR_CERTIFICATE_SEVERAL:
    "There are several certificates in the text. Paste only the organisation's own, not the issuer's.",
  FAR_CERTIFICATE_PRIVATE_KEY:
    'The text holds a private key. Nothing is saved. The key must never be given away: ask the actor to replace it and to send only the certificate.',
  FAR_CERTIFICATE_OTHER_ORGANIZATION:
    "The certificate does not belong to the organisation: serialNumber in the certificate's subject must be the organisation number.",
  FAR_CERTIFICATE_UNTRUSTED: 'The certificate is not issued by anyone whom the register trusts.',
  FAR_CERTIFICATE_EXPIRED: "The certificate, or its issuer's, has expired.",
  FAR_CERTIFICATE_UNSUITABLE:
    'The certificate cannot be used: the key must be RSA of at least 2048 bits, and be allowed to sign.',
  FAR_CERTIFICATE_KNOWN: 'The certificate is registered already. One that was retired cannot be taken into use again.',
  FAR_CERTIFICATE_TOO_MANY:
    'The actor already has as many valid certificates for the same use as it may. Retire one first.',
  FAR_CERTIFICATE_NOT_FOUND: 'The actor has no such certificate in use.',
} as const;
