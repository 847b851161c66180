export const PORT_BASE_DEFAULT = 4700;
export const PORT_BASE_MIN = 1024;
export const PORT_BASE_MAX = 65_500;

/** Which port each listener has, counted from the base. A new one is added last, so that bookmarks stay true. */
export interface Ports {
  readonly hub: number;
  readonly identityProvider: number;
  readonly farWeb: number;
  readonly farSoap: number;
  readonly operators: Readonly<Record<'brevladan' | 'posthornan', { readonly web: number; readonly soap: number }>>;
  readonly postgres: number;
  /** The hub's listener for business systems with client certificates. */
  readonly systems: number;
  /** SFTP in front of the drop folders. */
  readonly sftp: number;
  /** The development register of addresses. */
  readonly addressSource: number;
  /** The development gateway for e-mail and SMS: its page, and its two protocols. */
  readonly messages: { readonly web: number; readonly smtp: number; readonly smpp: number };
  /** Where each operator receives bounces. */
  readonly bounces: Readonly<Record<'brevladan' | 'posthornan', number>>;
  /** Where the hub does. */
  readonly hubBounces: number;
  /** The development bank: registry, access point and page of e-invoices. */
  readonly bank: number;
  /** The development print shop's page. */
  readonly printShop: number;
  /** The hub of the company that dispatches for the municipality, in topology b. */
  readonly companyHub: { readonly web: number; readonly systems: number };
  /** The hub's metrics, for Prometheus. */
  readonly metrics: number;
}

export function portsFrom(base: number): Ports {
  return {
    hub: base,
    identityProvider: base + 1,
    farWeb: base + 2,
    farSoap: base + 3,
    operators: {
      brevladan: { web: base + 4, soap: base + 5 },
      posthornan: { web: base + 6, soap: base + 7 },
    },
    postgres: base + 8,
    systems: base + 9,
    sftp: base + 10,
    addressSource: base + 11,
    messages: { web: base + 12, smtp: base + 13, smpp: base + 14 },
    bounces: { brevladan: base + 15, posthornan: base + 16 },
    hubBounces: base + 17,
    bank: base + 18,
    printShop: base + 19,
    // Twenty on: what every installation has may grow.
    companyHub: { web: base + 20, systems: base + 21 },
    metrics: base + 22,
  };
}
