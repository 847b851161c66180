import type { ObjectReader } from '../objectReader.ts';

/** A portal, as verksamt.se, that hands in forms with attachments for the organisation's own systems. */
export interface FormsSettings {
  readonly products: readonly FormProduct[];
}

/** A kind of form, and who gets it. */
export interface FormProduct {
  /** What the portal calls it: the label's product. */
  readonly code: string;
  readonly name: string;
  /** Code of the system that the form is for. */
  readonly receiver: string;
  /** Where forms are pushed to; without one the receiver fetches them from its case mailbox. */
  readonly webhook: WebhookSettings | undefined;
  /** What is shown first of the form, by its path. */
  readonly fields: readonly { readonly name: string; readonly path: string }[];
  /** A form that nobody has fetched so long after it came goes to a person. */
  readonly fetchHours: number;
  /** How long the person has, who finds out why a form did not arrive. */
  readonly caseHours: number;
  readonly retentionDays: number;
}

export interface WebhookSettings {
  readonly url: string;
  /** `public`: the address must be one of the internet, and TLS; `internal`: one of our own network is let through too. */
  readonly network: 'public' | 'internal';
  readonly timeoutSeconds: number;
  readonly attempts: number;
  /** Before the second attempt; each wait after it is three times as long, six hours at most. */
  readonly retrySeconds: number;
  /** Raised to change the secret; see waysIn/forms/webhookSecret.ts. */
  readonly secretVersion: number;
}

/** SHS names products by UUID, and others by words. */
const PRODUCT = {
  pattern: /^[\p{L}\p{N}][\p{L}\p{N}._:/-]{0,99}$/u,
  patternText: 'ska vara ett ord på högst 100 tecken',
};
const CODE = { pattern: /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, patternText: 'ska vara koden för ett system' };
const PRODUCTS_MAX = 200;
const FIELDS_MAX = 20;
const URL_CHARS_MAX = 1_000;
const FETCH_HOURS = 48;
const CASE_HOURS = 24;
const HOURS = { min: 1, max: 720 };
const RETENTION_DAYS = 90;
const TIMEOUT_SECONDS = 30;
export const TIMEOUT_SECONDS_MAX = 120;
const ATTEMPTS = 8;
const RETRY_SECONDS = 30;

/** Reads the part `forms` of a system's ways in; faults go to the reader. */
export function readForms(part: ObjectReader): FormsSettings {
  const products = part.objects('products').map(readProduct);
  if (products.length === 0) part.fault('products', 'Ange minst ett slags formulär.');
  if (products.length > PRODUCTS_MAX) part.fault('products', `Högst ${PRODUCTS_MAX} slags formulär får plats.`);
  products.forEach(({ code }, n) => {
    const isTwice = code !== '' && products.findIndex((other) => other.code === code) < n;
    if (isTwice) part.fault(`products/${n}/code`, `Formuläret ${code} finns redan ovanför.`);
  });
  return { products };
}

function readProduct(product: ObjectReader): FormProduct {
  const code = product.text('code', PRODUCT);
  const fields = product.objects('fields').map(readField);
  if (fields.length > FIELDS_MAX) product.fault('fields', `Högst ${FIELDS_MAX} fält kan visas först.`);
  const read = {
    code,
    name: product.optionalText('name') ?? code,
    receiver: product.text('receiver', CODE),
    webhook: readWebhook(product.optionalObject('webhook')),
    fields,
    fetchHours: product.optionalInteger('fetchHours', HOURS) ?? FETCH_HOURS,
    caseHours: product.optionalInteger('caseHours', HOURS) ?? CASE_HOURS,
    retentionDays: product.optionalInteger('retentionDays', { min: 1, max: 3650 }) ?? RETENTION_DAYS,
  };
  product.end();
  return read;
}

function readField(field: ObjectReader): { name: string; path: string } {
  const read = { name: field.text('name'), path: field.text('path') };
  field.end();
  return read;
}

function readWebhook(webhook: ObjectReader | undefined): WebhookSettings | undefined {
  if (webhook === undefined) return undefined;
  const read = {
    url: webhook.text('url', { charsMax: URL_CHARS_MAX }),
    network: webhook.choice('network', ['public', 'internal'] as const, 'public'),
    timeoutSeconds: webhook.optionalInteger('timeoutSeconds', { min: 1, max: TIMEOUT_SECONDS_MAX }) ?? TIMEOUT_SECONDS,
    attempts: webhook.optionalInteger('attempts', { min: 1, max: 20 }) ?? ATTEMPTS,
    retrySeconds: webhook.optionalInteger('retrySeconds', { min: 1, max: 3_600 }) ?? RETRY_SECONDS,
    secretVersion: webhook.optionalInteger('secretVersion', { min: 1, max: 10_000 }) ?? 1,
  };
  const wrong = read.url === '' ? undefined : urlFault(read.url, read.network);
  if (wrong !== undefined) webhook.fault('url', wrong);
  webhook.end();
  return read;
}

/** A form holds what its sender told an authority: it goes over TLS, or stays on the machine. */
function urlFault(text: string, network: WebhookSettings['network']): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['https:', 'http:'].includes(url.protocol)) return 'Fältet ska vara en webbadress.';
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    return 'Adressen får inte ha namn, lösenord eller #. Brevduva skriver under det som skickas.';
  }
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'http:' && !(isHere && network === 'internal')) {
    return 'Adressen ska börja med https. Bara till samma dator, med network: internal, får det vara http.';
  }
  return undefined;
}
