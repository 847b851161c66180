import { createPrivateKey, randomBytes, sign } from 'node:crypto';

/** What a letter's SignedInfo is, about. */
const SIGNED_BYTES = 700;
const SIGNATURES = 400;

/** CPU of one bare RSA-SHA256 signature with the key: the yardstick of design 6, taken in the same run as the letters. */
export function rawSignatureCpuMs(keyPem: string): number {
  const key = createPrivateKey(keyPem);
  const data = randomBytes(SIGNED_BYTES);
  const signMany = (count: number) => {
    for (let n = 0; n < count; n++) sign('sha256', data, key);
  };
  signMany(SIGNATURES / 10);
  const before = process.cpuUsage();
  signMany(SIGNATURES);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / SIGNATURES;
}
