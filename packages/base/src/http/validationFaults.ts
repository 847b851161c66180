import type { FastifyError } from 'fastify';
import type { Fault } from '../appError.ts';

type Violation = NonNullable<FastifyError['validation']>[number];

const CODE = 'BASE_FIELD_INVALID';

/** Every violation of a route's schema, in Swedish; `path` is a JSON pointer into the body, or `query/…`, `params/…`. */
export function validationFaults(err: FastifyError): Fault[] {
  const context = err.validationContext === 'querystring' ? 'query' : (err.validationContext ?? 'body');
  const prefix = context === 'body' ? '' : context;
  return (err.validation ?? []).map((each) => ({ code: CODE, path: `${prefix}${pathOf(each)}`, text: textOf(each) }));
}

function pathOf({ instancePath, params }: Violation): string {
  const name = params['missingProperty'] ?? params['additionalProperty'];
  return typeof name === 'string' ? `${instancePath}/${name}` : instancePath;
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'ett heltal',
  number: 'ett tal',
  boolean: 'true eller false',
  array: 'en lista',
  object: 'ett objekt',
  null: 'null',
};

function textOf({ keyword, params }: Violation): string {
  const limit = String(params['limit']);
  switch (keyword) {
    case 'required':
      return 'Fältet saknas.';
    case 'additionalProperties':
      return 'Fältet är okänt.';
    case 'type':
      return `Ska vara ${[params['type']]
        .flat()
        .map((type) => TYPES[String(type)] ?? String(type))
        .join(' eller ')}.`;
    case 'enum':
      return `Ska vara något av ${[params['allowedValues']].flat().join(', ')}.`;
    case 'minLength':
      return `Ska ha minst ${limit} tecken.`;
    case 'maxLength':
      return `Får ha högst ${limit} tecken.`;
    case 'minItems':
      return `Ska ha minst ${limit} poster.`;
    case 'maxItems':
      return `Får ha högst ${limit} poster.`;
    case 'minimum':
      return `Ska vara minst ${limit}.`;
    case 'maximum':
      return `Får vara högst ${limit}.`;
    case 'format':
      return `Har inte rätt form (${String(params['format'])}).`;
    case 'pattern':
      return 'Har inte rätt form.';
    default:
      return `Följer inte beskrivningen (${keyword}).`;
  }
}
