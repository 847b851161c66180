/** Addresses of the pages where a person decides about her mailbox. */
export const OPEN_PATH = '/open';
export const SETTINGS_PATH = '/settings';
export const SENDERS_PATH = '/settings/senders';
export const SENDERS_REVIEW_PATH = '/settings/senders/review';
export const CLOSE_PATH = '/settings/close';

/** Where the e-ID sends the person back to, and where an act is seen afterwards. */
export function actPath(orderId: string): string {
  return `/signing/${orderId}`;
}

/** Where an act out of the history is read. */
export function signedActPath(orderId: string): string {
  return `/settings/acts/${orderId}`;
}

export const ALERTS_PATH = '/settings/alerts';

/** Where a form about one way of being told of new mail is sent. */
export function alertPath(channel: 'email' | 'sms', act: 'address' | 'confirm' | 'choices' | 'remove'): string {
  return `${ALERTS_PATH}/${channel}/${act}`;
}
