import { html, page, pageHeading, pickLanguage, table } from '@brevduva/ui';
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { OPENAPI_HEAD } from './openapi.ts';

/** Must be registered before the routes it describes. */
export async function registerApiDescription(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    // The head is frozen data; swagger fills in paths from the routes themselves.
    openapi: structuredClone(OPENAPI_HEAD) as never,
    hideUntagged: false,
    refResolver: { buildLocalReference: (schema, _baseUri, _fragment, n) => String(schema['$id'] ?? `schema-${n}`) },
    transform: ({ schema, url, route }) => ({
      schema: url.startsWith('/api/v1/') ? (schema ?? {}) : { ...schema, hide: true },
      url: route.url,
    }),
  });
  app.get('/api/openapi.json', { config: { access: 'public' }, schema: { hide: true } as never }, async () =>
    app.swagger(),
  );
  app.get('/api', { config: { access: 'public' }, schema: { hide: true } as never }, async (request, reply) => {
    if (!(request.headers.accept ?? '').includes('text/html')) return reply.send(app.swagger());
    return reply
      .type('text/html; charset=utf-8')
      .send(descriptionPage(app, request.cspNonce, request.headers['accept-language']));
  });
}

/** The description for a person, made from the document itself. */
function descriptionPage(app: FastifyInstance, nonce: string, acceptLanguage: string | undefined): string {
  const lang = pickLanguage(acceptLanguage);
  const document = app.swagger() as {
    info: { title: string; description: string };
    paths: Record<string, Record<string, { summary?: string }>>;
  };
  const rows = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary }]) => ({
      path,
      method: method.toUpperCase(),
      summary: summary ?? '',
    })),
  );
  return page({
    lang,
    title: 'API',
    brand: { name: 'Brevduva', home: '/' },
    nonce,
    width: 'narrow',
    content: html`${pageHeading({ lang, title: document.info.title, lead: document.info.description })}
<p><a href="/api/openapi.json">OpenAPI 3.1 (JSON)</a></p>
${table({
  caption: 'API',
  captionHidden: true,
  rows,
  columns: [
    { header: 'HTTP', cell: (row) => row.method, nowrap: true },
    { header: 'URL', cell: (row) => row.path, rowHeader: true },
    { header: lang === 'sv' ? 'Gör' : 'Does', cell: (row) => row.summary },
  ],
})}`,
  });
}
