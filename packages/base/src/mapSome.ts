/**
 * Maps items with so many of them under way at once: the next begins as soon as one is done. The first failure rejects; what is under way
 * then goes on, and nothing more is begun.
 *
 * @returns the results in the items' order.
 */
export async function mapSome<T, R>(
  items: readonly T[],
  atOnceMax: number,
  map: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const rest = items.entries();
  let hasFailed = false;
  const work = async () => {
    for (const [index, item] of rest) {
      if (hasFailed) return;
      try {
        results[index] = await map(item, index);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnceMax, items.length) }, work));
  return results;
}
