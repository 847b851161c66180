import { runCli } from '../src/index.ts';

const IMPATIENT_AFTER_MS = 1_000;
const INTERRUPTED = 130;
const stop = new AbortController();
let stoppedAtMs: number | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // npm passes Ctrl-C on to us although the terminal sent it to us already: only a later one means "at once".
    if (stoppedAtMs !== undefined && performance.now() - stoppedAtMs > IMPATIENT_AFTER_MS) process.exit(INTERRUPTED);
    stoppedAtMs ??= performance.now();
    stop.abort(new Error(signal));
  });
}
// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTty: process.stdout.isTTY === true,
  env: process.env,
  cwd: process.cwd(),
  stop: stop.signal,
  input: () => process.stdin,
});
