/** The e-ID's service for signing, where the operator is known by the same name as for login. */
export interface SigningSettings {
  /** Origin; `POST <issuer>/sign` begins. https, or http on the loopback. */
  issuer: string;
  clientId: string;
  clientSecret: string;
}
