/** What an organisation can be to the register, in the order in which pages name them. */
export const ACTOR_ROLES = ['sender', 'dispatcher', 'operator', 'forwarder'] as const;

export type ActorRole = (typeof ACTOR_ROLES)[number];
