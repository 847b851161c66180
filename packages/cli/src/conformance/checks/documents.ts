import { CONTRACT_SCHEMAS, wsdlFor, xsdFor } from '@brevduva/protocol';
import { type ContractMeaning, contractMeaning } from '@brevduva/protocol/testing';
import { type Check, failed, SERVICE_NAMES, unlessFaults } from '../check.ts';
import type { Context } from '../context.ts';

const common = { clause: 'b.1', basis: 'reading', services: SERVICE_NAMES } as const;
const DOCUMENTS_MAX = 100;
const FAULTS_SHOWN = 5;
const WSDL = 'documents.wsdl';

/** The contract as the server publishes it. */
export const DOCUMENT_CHECKS: readonly Check[] = [
  {
    ...common,
    id: WSDL,
    dependsOn: ['transport.connects'],
    title: 'WSDL finns på ?wsdl och betyder detsamma som den officiella',
    sends: 'GET ?wsdl',
    expects: 'samma meddelanden, operationer och bindningar; adressen får vara en annan',
    async run(context) {
      const found = await read(context, wsdlUrl(context));
      if (typeof found === 'string') return failed(found);
      const ours = contractMeaning(wsdlFor(context.contract, context.target.url.href));
      return unlessFaults(differences(ours?.wsdl ?? [], found.wsdl), `${found.wsdl.length} uppgifter stämmer`);
    },
  },
  {
    ...common,
    id: 'documents.xsd',
    dependsOn: [WSDL],
    title: 'Schemana som WSDL hänvisar till finns och betyder detsamma som de officiella',
    sends: 'GET för varje schema, från WSDL och vidare',
    expects: 'samma deklarationer i varje av kontraktets namnrymder',
    async run(context) {
      const { schemas, faults } = await readSchemas(context);
      const wrong = [...schemas].flatMap(([namespace, served]) => {
        const ours = contractMeaning(xsdFor(namespace) ?? '')?.schemas.get(namespace);
        return ours === undefined ? [] : differences(ours, served).map((text) => `${namespace}: ${text}`);
      });
      const missing = neededNamespaces(context).filter((namespace) => !schemas.has(namespace));
      return unlessFaults(
        [...faults, ...missing.map((namespace) => `${namespace} saknas`), ...wrong].slice(0, FAULTS_SHOWN),
        `${schemas.size} namnrymder stämmer`,
      );
    },
  },
];

const wsdlUrl = ({ target }: Context): URL => new URL('?wsdl', target.url);

async function read({ wire }: Context, url: URL): Promise<ContractMeaning | string> {
  const { status, body } = await wire.get(url);
  if (status !== 200) return `${url.search || url.pathname}: HTTP ${status}`;
  return contractMeaning(body.toString('utf8')) ?? `${url.search || url.pathname}: inte XML`;
}

/** Follows every import; schemas import each other in circles (FACTS b.1), so each is read once. */
async function readSchemas(context: Context) {
  const schemas = new Map<string, readonly string[]>();
  const faults: string[] = [];
  const waiting = [wsdlUrl(context)];
  const known = new Set(waiting.map(String));
  for (let url = waiting.shift(); url !== undefined && known.size <= DOCUMENTS_MAX; url = waiting.shift()) {
    const found = await read(context, url);
    if (typeof found === 'string') {
      faults.push(found);
      continue;
    }
    for (const [namespace, declarations] of found.schemas) {
      schemas.set(namespace, [...(schemas.get(namespace) ?? []), ...declarations].sort());
    }
    for (const location of found.locations) {
      const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
      // Only the server that is checked is asked.
      if (next === undefined || next.origin !== url.origin || known.has(next.href)) continue;
      known.add(next.href);
      waiting.push(next);
    }
  }
  return { schemas, faults };
}

/** The namespaces of the operations' own elements, and all that those need. */
function neededNamespaces({ contract }: Context): string[] {
  const byFile = new Map(CONTRACT_SCHEMAS.map(({ fileName, namespace }) => [`?xsd=${fileName}`, namespace]));
  const needed = new Set<string>();
  const waiting = Object.values(contract.operations).flatMap(({ request, response, fault }) =>
    [request, response, fault].map(({ schema }) => schema.namespace),
  );
  for (let namespace = waiting.pop(); namespace !== undefined; namespace = waiting.pop()) {
    if (needed.has(namespace)) continue;
    needed.add(namespace);
    const locations = contractMeaning(xsdFor(namespace) ?? '')?.locations ?? [];
    waiting.push(...locations.flatMap((location) => byFile.get(location) ?? []));
  }
  return [...needed];
}

/** `PersonalNumber` was renamed in the schema of 2025 and not in the public WSDL of 2022 (FACTS b.8): both are right. */
function differences(ours: readonly string[], theirs: readonly string[]): string[] {
  const renamed = (text: string) => text.replaceAll('}PersonalNumber', '}SignatoryId');
  const [wanted, found] = [new Set(ours.map(renamed)), new Set(theirs.map(renamed))];
  const extra = [...found].filter((text) => !wanted.has(text));
  const missing = [...wanted].filter((text) => !found.has(text));
  return [
    ...missing.map((text) => {
      const other = extra.find((one) => nameOf(one) === nameOf(text));
      return other === undefined ? `saknas: ${nameOf(text)}` : `${nameOf(text)}: ${whereTheyPart(text, other)}`;
    }),
    ...extra
      .filter((text) => !missing.some((one) => nameOf(one) === nameOf(text)))
      .map((text) => `för mycket: ${nameOf(text)}`),
  ].slice(0, FAULTS_SHOWN);
}

/** `qualified element(name=isReachable)`, `message isReachableRequestV3`: what stands before the content. */
const nameOf = (text: string): string => /^[^:[]*/.exec(text)?.[0] ?? text;

const BEFORE_CHARACTERS = 60;
const AFTER_CHARACTERS = 60;

function whereTheyPart(ours: string, theirs: string): string {
  const at = [...ours].findIndex((character, index) => character !== theirs[index]);
  const shown = (text: string) => text.slice(Math.max(0, at - BEFORE_CHARACTERS), at + AFTER_CHARACTERS);
  return `väntat …${shown(ours)}…, sett …${shown(theirs)}…`;
}
