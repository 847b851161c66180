/**
 * Large bytes as one parameter, with where each part begins (from 1, as SQL counts) and how long it is; `substring(bytes from start
 * for length)` takes it apart. pg sends a Buffer as it is, but a list of Buffers as hexadecimal text of twice the size.
 */
export function joinBytes(parts: readonly Buffer[]): [starts: number[], lengths: number[], bytes: Buffer] {
  let start = 1;
  const starts = parts.map((part) => {
    const own = start;
    start += part.length;
    return own;
  });
  return [starts, parts.map((part) => part.length), Buffer.concat(parts)];
}
