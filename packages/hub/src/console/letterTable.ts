import { type Language, link, type SafeHtml, table, time } from '@brevduva/ui';
import type { LetterLine } from '../sql/letters.ts';
import { consoleTexts } from './texts.ts';
import { channelName, recipientName, stateBadge, subjectOf } from './words.ts';

/** Letters in a table; the subject leads to the letter. */
export function letterTable(lines: readonly LetterLine[], lang: Language, caption: string, empty: SafeHtml): SafeHtml {
  const texts = consoleTexts(lang);
  return table({
    caption,
    captionHidden: true,
    rows: lines,
    empty,
    emphasize: (line) => line.state === 'case',
    columns: [
      { header: texts.subject, cell: (line) => link(subjectOf(line, texts), `/brev/${line.id}`), rowHeader: true },
      { header: texts.state, cell: (line) => stateBadge(line.state, texts), nowrap: true },
      { header: texts.recipient, cell: (line) => recipientName(line, texts), nowrap: true },
      { header: texts.flow, cell: (line) => line.flowName },
      { header: texts.channel, cell: (line) => channelName(line.channel, texts), nowrap: true },
      { header: texts.accepted, cell: (line) => time(line.createdAt, lang), nowrap: true },
    ],
  });
}
