import { createHmac, hkdfSync } from 'node:crypto';

const SECRET_BYTES = 32;

/**
 * What a receiver and the hub sign webhooks with: derived from the hub's own key, so that it lies neither in the configuration file nor in
 * the database. The receiver fetches it with its own credential (docs/ways-in/forms.md); a new `version` is another secret.
 */
export function webhookSecret(contentKey: Buffer, receiverLoginName: string, version: number): string {
  const purpose = `brevduva webhook ${receiverLoginName} ${version}`;
  return `bdwh_${Buffer.from(hkdfSync('sha256', contentKey, '', purpose, SECRET_BYTES)).toString('base64url')}`;
}

/** The value of `Brevduva-Signature`: the time in it keeps a request that was overheard from being played again for ever. */
export function webhookSignature(secret: string, body: Buffer, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1_000);
  const mac = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex');
  return `t=${seconds},v1=${mac}`;
}
