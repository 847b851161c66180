/**
 * A reporter that fails the run when a test file's suite holds no test (testBunches.mjs): its tests then fell to another file, whose hooks
 * are not theirs.
 *
 * @param {AsyncIterable<{ type: string, data: { name: string, nesting: number } }>} events
 */
// biome-ignore lint/style/noDefaultExport: node:test takes a reporter from its module's default export.
export default async function* suiteGuard(events) {
  let testsInSuite = 0;
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.nesting > 0) {
      testsInSuite += 1;
      continue;
    }
    if (data.name.endsWith('.test.ts') && testsInSuite === 0) {
      process.exitCode = 1;
      yield `${data.name}: ingen test hamnade i filens egen svit\n`;
    }
    testsInSuite = 0;
  }
}
