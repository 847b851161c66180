import type { PrintJob } from '../src/paper/handOver.ts';

export function sampleJob(letterId: string, pdfBytes = 1000): PrintJob {
  return {
    letterId,
    pdf: Buffer.alloc(pdfBytes, '%PDF'),
    manifest: {
      organisation: { number: '162120000001', name: 'Provköpings kommun' },
      unit: 'SOC',
      flow: 'beslut',
      sheets: 1,
      pages: 2,
      duplex: true,
      colour: false,
      postageClass: 'economy',
      envelope: 'C5',
      weightGrams: 12,
      postageStepGrams: 50,
      addressCountry: 'SE',
    },
  };
}
