/** A readable id out of a text: "Senaste försändelserna" → "senaste-forsandelserna". Unique only if the texts are. */
export function elementId(text: string): string {
  const plain = text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  const id = plain.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  return /^[a-z]/.test(id) ? id : `x-${id}`;
}
