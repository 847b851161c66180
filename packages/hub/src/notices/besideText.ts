import type { ClaimedNotice } from '../sql/recipientNotices.ts';
import type { NoticeText } from './noticeText.ts';

type Facts = Pick<
  ClaimedNotice,
  'kind' | 'language' | 'letterState' | 'letterChannel' | 'operator' | 'sensitivity' | 'unitName' | 'organisationName'
>;

/**
 * What a notice beside a letter says: who has written, and where the letter is. Never its subject, no number and no link; of a sensitive flow
 * not even the unit, whose name alone may tell too much.
 */
export function besideText(facts: Facts): NoticeText {
  const { kind, language, operator, sensitivity, unitName, organisationName } = facts;
  const from =
    sensitivity === 'sensitive' || unitName === organisationName
      ? organisationName
      : `${organisationName}, ${unitName}`;
  const isEnglish = /^en/i.test(language);
  if (kind === 'reminder') return isEnglish ? reminderEn(from, operator) : reminder(from, operator);
  const isByPost = facts.letterState === 'printed';
  return isEnglish
    ? arrivedEn(from, isByPost ? null : operator, isByPost)
    : arrived(from, isByPost ? null : operator, isByPost);
}

function arrived(from: string, operator: string | null, isByPost: boolean): NoticeText {
  if (isByPost)
    return { subject: 'Ett brev är på väg till dig', text: `Ett brev från ${from} är på väg till dig med posten.` };
  const where = operator === null ? 'din digitala brevlåda' : `din digitala brevlåda hos ${operator}`;
  return { subject: 'Du har fått ett brev', text: `Du har fått ett brev från ${from}. Det finns i ${where}.` };
}

function arrivedEn(from: string, operator: string | null, isByPost: boolean): NoticeText {
  if (isByPost)
    return { subject: 'A letter is on its way to you', text: `A letter from ${from} is on its way to you by post.` };
  const where = operator === null ? 'your digital mailbox' : `your digital mailbox at ${operator}`;
  return { subject: 'You have a letter', text: `You have a letter from ${from}. It is in ${where}.` };
}

function reminder(from: string, operator: string | null): NoticeText {
  const where = operator === null ? 'din digitala brevlåda' : `din digitala brevlåda hos ${operator}`;
  return { subject: 'Du har ett oöppnat brev', text: `Påminnelse: du har ett oöppnat brev från ${from} i ${where}.` };
}

function reminderEn(from: string, operator: string | null): NoticeText {
  const where = operator === null ? 'your digital mailbox' : `your digital mailbox at ${operator}`;
  return {
    subject: 'You have an unopened letter',
    text: `Reminder: you have an unopened letter from ${from} in ${where}.`,
  };
}
