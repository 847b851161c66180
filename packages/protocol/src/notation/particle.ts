/** Particles: the content of opaque types, for which the object form of a record is too narrow. */
import type {
  AnyParticle,
  ElementParticle,
  GlobalElement,
  GroupParticle,
  Lazy,
  Particle,
  RefParticle,
  Type,
  Wildcard,
} from './types.ts';

export interface Limits {
  readonly min?: number;
  readonly max?: number;
}

export const ANY_NUMBER: Limits = { min: 0, max: Number.POSITIVE_INFINITY };
export const AT_LEAST_ONE: Limits = { min: 1, max: Number.POSITIVE_INFINITY };
export const AT_MOST_ONE: Limits = { min: 0, max: 1 };

export const sequence = (items: readonly Particle[], limits: Limits = {}): GroupParticle => ({
  kind: 'sequence',
  items,
  ...filled(limits),
});

export const choice = (items: readonly Particle[], limits: Limits = {}): GroupParticle => ({
  kind: 'choice',
  items,
  ...filled(limits),
});

export const local = (name: string, type: Lazy<Type>, limits: Limits = {}): ElementParticle => ({
  kind: 'local',
  name,
  type,
  ...filled(limits),
});

export const ref = (element: () => GlobalElement, limits: Limits = {}): RefParticle => ({
  kind: 'ref',
  element,
  ...filled(limits),
});

export const any = (
  namespace: Wildcard['namespace'],
  processContents: Wildcard['processContents'],
  limits: Limits = {},
): AnyParticle => ({ kind: 'any', wildcard: { kind: 'wildcard', namespace, processContents }, ...filled(limits) });

const filled = (limits: Limits): { min: number; max: number } => ({ min: limits.min ?? 1, max: limits.max ?? 1 });
