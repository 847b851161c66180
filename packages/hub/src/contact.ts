import { type Fault, type MailAddress, type PhoneNumber, readMailAddress, readPhoneNumber } from '@brevduva/base';
import { fault } from './intake/draft.ts';

/** Where a recipient can be told of something by SMS or e-mail. */
export interface Contact {
  readonly phone?: PhoneNumber;
  readonly email?: MailAddress;
}

/** As it was handed in, not judged. */
export interface ContactInput {
  readonly phone: string | undefined;
  readonly email: string | undefined;
}

/** The number in E.164 and the address as SMTP takes it. A contact without any of them is none. */
export function checkContact(input: ContactInput | undefined): { contact?: Contact; faults: Fault[] } {
  const written = { phone: given(input?.phone), email: given(input?.email) };
  const phone = written.phone === undefined ? undefined : readPhoneNumber(written.phone);
  const email = written.email === undefined ? undefined : readMailAddress(written.email);
  const faults = [
    ...(written.phone !== undefined && phone === undefined ? [fault('HUB_CONTACT_PHONE', 'contact/phone')] : []),
    ...(written.email !== undefined && email === undefined ? [fault('HUB_CONTACT_EMAIL', 'contact/email')] : []),
  ];
  if (phone === undefined && email === undefined) return { faults };
  return { contact: { ...(phone && { phone }), ...(email && { email }) }, faults };
}

function given(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text;
}
