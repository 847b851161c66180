/** A whole number on the command line; ends the process with exit code 2 where it is none. */
export function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= min) return value;
  process.stderr.write(`${name} must be a whole number of at least ${min}, not "${text}"\n`);
  process.exit(2);
}

/** Progress is for someone who watches. */
export function say(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`);
}
