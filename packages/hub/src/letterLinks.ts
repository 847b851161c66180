/** Where a letter is found: by its business system, and by staff. */
export function letterLinks(letterId: string): { readonly self: string; readonly console: string } {
  return { self: `/api/v1/letters/${letterId}`, console: `/brev/${letterId}` };
}
