import { isLanguage, type Language, pickLanguage } from '@brevduva/ui';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What the person chose in the address, else before, else what the browser asks for. */
export function languageOf(request: FastifyRequest): Language {
  const chosen = languageInAddress(request);
  return chosen ?? pickLanguage(request.headers['accept-language'], request.cookies?.[LANGUAGE_COOKIE]);
}

/** As {@link languageOf}; a language chosen in the address is remembered for a year. */
export function rememberLanguage(request: FastifyRequest, reply: FastifyReply): Language {
  const chosen = languageInAddress(request);
  if (chosen !== undefined) reply.setCookie(LANGUAGE_COOKIE, chosen, COOKIE_OPTIONS);
  return languageOf(request);
}

function languageInAddress(request: FastifyRequest): Language | undefined {
  const { lang } = request.query as { lang?: unknown };
  return typeof lang === 'string' && isLanguage(lang) ? lang : undefined;
}

const LANGUAGE_COOKIE = 'far_lang';
const COOKIE_OPTIONS = { path: '/', httpOnly: true, sameSite: 'lax', maxAge: 31_536_000 } as const;
