const LINK_SCHEMES = /^(?:https?|mailto|tel):/i;
/** Raster pictures only: an SVG picture is a document that can hold scripts and load others. */
const INLINE_IMAGE = /^data:image\/(?:png|jpe?g|gif|webp|bmp);base64,[a-z0-9+/\s]*={0,2}\s*$/i;
/** Browsers drop these before they look for the scheme: `java\nscript:` runs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const IGNORED = /[\u0000-\u0020\u007f-\u00a0\u200b-\u200d\u2028\u2029\ufeff]/g;

/** An address as a browser reads it: without white space and control characters. */
export function urlOf(value: string): string {
  return value.replace(IGNORED, '');
}

/** Whether a link leads somewhere a letter may lead to: the web, mail, telephone, or a place in itself. */
export function hasLinkScheme(value: string): boolean {
  const url = urlOf(value);
  return url === '' || url.startsWith('#') || LINK_SCHEMES.test(url);
}

/** Whether a picture lies in the message itself (FACTS f). */
export function isInlineImage(value: string): boolean {
  return INLINE_IMAGE.test(value.trim());
}
