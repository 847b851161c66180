/** Random valid documents, made from nothing but the notation. */
import type {
  Attribute,
  Facets,
  Field,
  GlobalElement,
  Lazy,
  Particle,
  SimpleType,
  Type,
  Wildcard,
} from '../src/notation/types.ts';
import { resolve } from '../src/notation/types.ts';
import { escapeAttribute, escapeText } from '../src/xml/escape.ts';
import { textMatching } from './differentialPattern.ts';
import type { Random } from './differentialRandom.ts';

export interface Tree {
  namespace: string;
  name: string;
  attributes: [name: string, value: string][];
  children: (Tree | string)[];
}

/** Below this depth nothing optional is made. */
const DEPTH_MAX = 9;

const ALPHABETS = {
  string: [...'aB 9åÖ&<">\n\r\té–'],
  normalizedString: [...'aB 9åÖ&<">'],
  anyURI: [...'abc.'],
};

export class DocumentMaker {
  readonly #random: Random;
  readonly #foreign: readonly GlobalElement[];
  #ids = 0;

  /** @param foreign elements that may stand where any element is allowed */
  constructor(random: Random, foreign: readonly GlobalElement[]) {
    this.#random = random;
    this.#foreign = foreign;
  }

  make(element: GlobalElement, depth = 0): Tree {
    return this.#element(element.schema.namespace, element.name, resolve(element.type), depth);
  }

  #element(namespace: string, name: string, type: Type, depth: number): Tree {
    if (type.kind === 'simple') return { namespace, name, attributes: [], children: [this.text(type)] };
    const attributes = type.attributes.flatMap((attribute) => this.#attribute(attribute));
    return { namespace, name, attributes, children: this.#children(type, depth + 1) };
  }

  #children(type: Exclude<Type, SimpleType>, depth: number): (Tree | string)[] {
    if (type.kind === 'text') return [this.text(type.content)];
    if (type.kind === 'record') {
      const fields = type.group === 'choice' ? [this.#random.pick(type.fields)] : type.fields;
      return fields.flatMap((field) => this.#field(type.schema.localNamespace, field, type.schema.namespace, depth));
    }
    const made = type.particle === undefined ? [] : this.#particle(type.particle, type.schema.namespace, depth);
    return type.mixed && this.#random.chance(0.2) ? ['mixed ', ...made] : made;
  }

  #field(localNamespace: string, { name, of, min, max }: Field, targetNamespace: string, depth: number): Tree[] {
    if (typeof of === 'object' && of.kind === 'wildcard') {
      return this.#times(min, max, depth, () => this.#any(of, targetNamespace, depth));
    }
    const target = resolve(of as Lazy<Type | GlobalElement>);
    return this.#times(min, max, depth, () =>
      target.kind === 'element' ? [this.make(target, depth)] : [this.#element(localNamespace, name, target, depth)],
    );
  }

  #particle(particle: Particle, namespace: string, depth: number): Tree[] {
    return this.#times(particle.min, particle.max, depth, () => {
      switch (particle.kind) {
        case 'any':
          return this.#any(particle.wildcard, namespace, depth);
        case 'ref':
          return [this.make(particle.element(), depth)];
        case 'local':
          return [this.#element(namespace, particle.name, resolve(particle.type), depth)];
        case 'sequence':
          return particle.items.flatMap((item) => this.#particle(item, namespace, depth));
        case 'choice':
          return this.#particle(this.#random.pick(particle.items), namespace, depth);
      }
    });
  }

  #times(min: number, max: number, depth: number, make: () => Tree[]): Tree[] {
    const most = depth > DEPTH_MAX ? min : Math.max(min, Math.min(max, min + this.#random.pick([0, 1, 1, 2])));
    return Array.from({ length: this.#random.between(min, most) }, make).flat();
  }

  /** A known element of another namespace, or, where the wildcard is lax, an unknown one. */
  #any({ processContents, namespace }: Wildcard, targetNamespace: string, depth: number): Tree[] {
    if (processContents === 'lax' && (this.#random.chance(0.5) || depth > DEPTH_MAX)) {
      return [{ namespace: 'urn:unknown', name: 'Free', attributes: [['x', 'y']], children: ['text'] }];
    }
    const allowed = this.#foreign.filter((e) => namespace === '##any' || e.schema.namespace !== targetNamespace);
    return [this.make(this.#random.pick(allowed), depth)];
  }

  #attribute({ name, type, required }: Attribute): [string, string][] {
    return required || this.#random.chance(0.4) ? [[name, this.text(resolve(type))]] : [];
  }

  text({ builtIn, facets }: SimpleType): string {
    const random = this.#random;
    if (facets.enumeration !== undefined) return random.pick(facets.enumeration);
    switch (builtIn) {
      case 'string':
      case 'normalizedString':
      case 'anyURI':
        return this.#string(builtIn, facets);
      case 'language':
        return random.pick(['svSE', 'sv', 'sv-SE', 'en']);
      case 'ID':
        this.#ids += 1;
        return `id-${this.#ids}`;
      case 'boolean':
        return random.pick(['true', 'false']);
      case 'int':
        return String(random.between((facets.minExclusive ?? -100_000) + 1, (facets.maxExclusive ?? 100_000) - 1));
      case 'integer':
        return random.pick(['0', '-17', '123456789012345678901234567890']);
      case 'positiveInteger':
        return String(random.between(1, 1_000_000));
      case 'base64Binary':
        return Buffer.alloc(random.between(0, 40), random.between(0, 255)).toString('base64');
      case 'date':
        return random.pick(['2026-01-15', '2023-10-11+02:00', '2024-02-29Z', '1999-12-31-05:00']);
      case 'dateTime':
        return random.pick(['2016-10-30T15:38:49.517+01:00', '2026-01-15T10:00:00Z', '2026-01-15T23:59:59']);
    }
  }

  #string(builtIn: keyof typeof ALPHABETS, facets: Facets): string {
    const min = facets.length ?? facets.minLength ?? 0;
    const max = facets.length ?? facets.maxLength ?? min + 20;
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const text =
        facets.pattern === undefined ? this.#words(builtIn, min, max) : textMatching(facets.pattern, this.#random);
      if (text.length >= min && text.length <= max) return text;
    }
    throw new Error(`no text found for ${JSON.stringify(facets)}`);
  }

  /** Often exactly as short or as long as is allowed. */
  #words(builtIn: keyof typeof ALPHABETS, min: number, max: number): string {
    const length = this.#random.pick([min, max, this.#random.between(min, Math.min(max, min + 20))]);
    return Array.from({ length }, () => this.#random.pick(ALPHABETS[builtIn])).join('');
  }
}

/** Sometimes with prefixes, since they must never matter. */
export function toXml(tree: Tree, prefixed: boolean, parentNamespace = ''): string {
  const attributes = tree.attributes.map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`).join('');
  const prefix = prefixed && tree.namespace !== '' ? 'p:' : '';
  const declaration = prefixed
    ? tree.namespace === ''
      ? ''
      : ` xmlns:p="${tree.namespace}"`
    : tree.namespace === parentNamespace
      ? ''
      : ` xmlns="${tree.namespace}"`;
  const children = tree.children.map((child) =>
    typeof child === 'string' ? escapeText(child) : toXml(child, prefixed, tree.namespace),
  );
  return `<${prefix}${tree.name}${declaration}${attributes}>${children.join('')}</${prefix}${tree.name}>`;
}
