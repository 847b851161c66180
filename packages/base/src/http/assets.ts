import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { FastifyInstance } from 'fastify';

export interface Asset {
  /** `/assets/<hash>-<name>`, or a plain name that gets its hash here. */
  path: string;
  contentType: string;
  bytes: Buffer;
}

const HASH_CHARACTERS = 16;

/** Serves files that a browser may keep for ever; gives the address of each by the `path` it came with. */
export function serveAssets(app: FastifyInstance, assets: readonly Asset[]): ReadonlyMap<string, string> {
  const addresses = new Map<string, string>();
  for (const asset of assets) {
    const url = addressOf(asset);
    addresses.set(asset.path, url);
    app.get(url, { config: { access: 'public' } }, (_request, reply) =>
      reply.type(asset.contentType).header('cache-control', 'public, max-age=31536000, immutable').send(asset.bytes),
    );
  }
  return addresses;
}

function addressOf({ path, bytes }: Asset): string {
  if (path.startsWith('/assets/')) return path;
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, HASH_CHARACTERS);
  return `/assets/${hash}-${basename(path)}`;
}
