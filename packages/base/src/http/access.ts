import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RenderError } from './errorReply.ts';
import type { CspSources } from './securityHeaders.ts';

/** Who may call a route. Every route says it; there is no default. */
export type Access = 'public' | 'session' | 'apiKey' | 'mtls';

export interface RouteAccess {
  method: string;
  url: string;
  access: Access;
}

/** How a kind of access is proven. */
export interface Guard {
  /** Runs before the body is read. Throws an AppError, or sends a reply of its own (a redirect) and returns it. */
  authenticate(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined>;
  /** Runs when the body is read, right before the handler. */
  beforeHandler?(request: FastifyRequest): void;
  /** For public routes that want to know who is there, if anyone (`optionalSession`). */
  recognise?(request: FastifyRequest): Promise<void>;
}

/** What the server keeps beside Fastify's own state. */
export interface WebServerState {
  routes: RouteAccess[];
  guards: Map<Access, Guard>;
  csp: CspSources;
  renderError: RenderError | undefined;
  hasTls: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access: Access;
    /** Sources that this route alone allows, in place of the server's. */
    csp?: Partial<CspSources>;
    /** On a public route: fill `request.principal` when someone is logged in. */
    optionalSession?: boolean;
  }
  interface FastifyInstance {
    webServer: WebServerState;
  }
}

/** Sets how `access` is proven. Routes with an access that no guard proves stop the server from starting. */
export function registerGuard(app: FastifyInstance, access: Exclude<Access, 'public'>, guard: Guard): void {
  app.webServer.guards.set(access, guard);
}

/** Every route with its access, for inventory tests; complete after `app.ready()`. */
export function listRoutes(app: FastifyInstance): RouteAccess[] {
  return [...app.webServer.routes];
}

/** Makes every route declare its access and proves it on every request. */
export function enforceAccess(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const access = route.config?.access;
    for (const method of [route.method].flat()) {
      if (access === undefined) throw new TypeError(`Route ${method} ${route.url} does not declare config.access`);
      app.webServer.routes.push({ method, url: route.url, access });
    }
  });
  app.addHook('onReady', async () => {
    const open = app.webServer.routes.find(({ access }) => access !== 'public' && !app.webServer.guards.has(access));
    if (open) throw new TypeError(`Route ${open.method} ${open.url}: no guard is registered for access ${open.access}`);
  });
  app.addHook('onRequest', async (request, reply) => {
    const config = accessOf(request);
    if (config === undefined) return undefined; // no such route: the 404 page
    if (config.access === 'public') {
      if (config.optionalSession) await app.webServer.guards.get('session')?.recognise?.(request);
      return undefined;
    }
    return app.webServer.guards.get(config.access)?.authenticate(request, reply);
  });
  app.addHook('preHandler', async (request) => {
    const access = accessOf(request)?.access;
    if (access !== undefined) app.webServer.guards.get(access)?.beforeHandler?.(request);
  });
}

/** What the route of this request declared; undefined where there is no route. */
export function accessOf(request: FastifyRequest): FastifyRequest['routeOptions']['config'] | undefined {
  const config: Partial<FastifyRequest['routeOptions']['config']> | undefined = request.routeOptions.config;
  return config?.access === undefined ? undefined : request.routeOptions.config;
}
