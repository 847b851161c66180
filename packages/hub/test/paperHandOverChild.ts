import { createPaperFolder, type PaperStep } from '../src/paper/handOver.ts';
import { sampleJob } from './paperSamples.ts';

/** Hands over one letter and kills itself after a step; without a step it prints the answer or the fault. */
const [dir = '', step, pdfBytes = '1000'] = process.argv.slice(2) as [string, PaperStep | 'none', string?];

try {
  const folder = await createPaperFolder({
    dir,
    clock: { now: () => new Date() },
    onStep: (done) => {
      if (done === step) process.kill(process.pid, 'SIGKILL');
    },
  });
  process.stdout.write(await folder.handOver(sampleJob('brev-1', Number(pdfBytes))));
} catch (error) {
  process.stdout.write(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}
