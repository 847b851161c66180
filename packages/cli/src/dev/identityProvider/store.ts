import type { Adapter, AdapterPayload } from 'oidc-provider';

/** More than this many open logins and sessions on one developer's machine means that something runs wild. */
const ENTRIES_MAX = 5_000;

interface Entry {
  readonly payload: AdapterPayload;
  readonly expiresAtMs: number;
}

/**
 * Where oidc-provider keeps sessions, codes and grants: in memory. They last minutes; a restart only means that one
 * logs in again. (The library's own memory store warns on the console that it is not for production.)
 */
export function createMemoryStore(now: () => Date): (model: string) => Adapter {
  const entries = new Map<string, Entry>();
  const read = (key: string) => {
    const entry = entries.get(key);
    return entry !== undefined && entry.expiresAtMs > now().getTime() ? entry.payload : undefined;
  };
  const findWhere = (model: string, fits: (payload: AdapterPayload) => boolean) => {
    for (const key of entries.keys()) {
      const payload = key.startsWith(`${model}:`) ? read(key) : undefined;
      if (payload !== undefined && fits(payload)) return payload;
    }
    return undefined;
  };
  return (model) => ({
    async upsert(id, payload, expiresInSeconds) {
      const lifeMs = expiresInSeconds === undefined ? Number.POSITIVE_INFINITY : expiresInSeconds * 1000;
      entries.set(`${model}:${id}`, { payload, expiresAtMs: now().getTime() + lifeMs });
      if (entries.size > ENTRIES_MAX) dropExpired(entries, now().getTime());
    },
    find: async (id) => read(`${model}:${id}`),
    findByUid: async (uid) => findWhere(model, (payload) => payload.uid === uid),
    findByUserCode: async (userCode) => findWhere(model, (payload) => payload.userCode === userCode),
    async consume(id) {
      const payload = read(`${model}:${id}`);
      if (payload !== undefined) payload['consumed'] = Math.floor(now().getTime() / 1000);
    },
    destroy: async (id) => void entries.delete(`${model}:${id}`),
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of entries) if (payload.grantId === grantId) entries.delete(key);
    },
  });
}

/** Expired ones first; should all be alive, the oldest goes. */
function dropExpired(entries: Map<string, Entry>, nowMs: number): void {
  for (const [key, { expiresAtMs }] of entries) if (expiresAtMs <= nowMs) entries.delete(key);
  const [oldest] = entries.keys();
  if (entries.size > ENTRIES_MAX && oldest !== undefined) entries.delete(oldest);
}
