import { badge, type Language, type SafeHtml, type Tone } from '@brevduva/ui';
import type { ActorRole } from '../../actors/actorRole.ts';
import { daysLeft, expiryWarning } from '../../actors/certificateExpiry.ts';
import { type ConnectionEnd, type ConnectionStep, isStep } from '../../actors/connectionSteps.ts';
import type { CertificatePurpose } from '../../sql/certificates.ts';
import { type ActorTexts, actorTexts } from './actorTexts.ts';

/** Roles in words: "Avsändare, förmedlare och befordrare". */
export function roleWords(roles: readonly ActorRole[], lang: Language): string {
  const texts = actorTexts(lang);
  return listed(
    roles.map((role) => texts[`role_${role}`]),
    texts,
  );
}

/** What a certificate is used for: "Anrop och underskrift". */
export function purposeWords(purposes: readonly CertificatePurpose[], lang: Language): string {
  const texts = actorTexts(lang);
  return listed(
    purposes.map((purpose) => texts[`purpose_${purpose}`]),
    texts,
  );
}

function listed(words: readonly string[], texts: ActorTexts): string {
  const [first = '', ...rest] = words;
  const last = rest.pop()?.toLowerCase();
  const before = [first, ...rest.map((word) => word.toLowerCase())].join(', ');
  return last === undefined ? first : `${before} ${texts.and} ${last}`;
}

const STEP_TONES: Readonly<Record<ConnectionStep, Tone>> = {
  application: 'info',
  agreement: 'info',
  technicalTest: 'info',
  production: 'success',
};

export function stepBadge(step: ConnectionStep | ConnectionEnd, lang: Language): SafeHtml {
  return badge({ text: actorTexts(lang)[`step_${step}`], tone: isStep(step) ? STEP_TONES[step] : 'neutral' });
}

export function suspendedBadge(lang: Language): SafeHtml {
  return badge({ text: actorTexts(lang).suspended, tone: 'danger', icon: 'ban' });
}

/** How long a certificate lasts, with a warning at 60, 30 and 7 days. */
export function daysLeftBadge(
  { validFrom, validTo }: { validFrom: Date; validTo: Date },
  lang: Language,
  now: Date,
): SafeHtml {
  const texts = actorTexts(lang);
  if (now < validFrom) return badge({ text: texts.notYetValid, tone: 'info' });
  const warning = expiryWarning(validTo, now);
  const text = warning === 'expired' ? texts.expired : daysText(daysLeft(validTo, now), texts);
  // A clock while there is time: only what has expired is crossed out.
  const hasTime = warning !== undefined && warning !== 'expired';
  return badge({ text, tone: toneOf(warning), ...(hasTime && { icon: 'clock' as const }) });
}

function toneOf(warning: ReturnType<typeof expiryWarning>): Tone {
  if (warning === undefined) return 'success';
  return warning === 60 ? 'info' : warning === 30 ? 'warning' : 'danger';
}

function daysText(days: number, texts: ActorTexts): string {
  if (days === 0) return texts.lastDay;
  return days === 1 ? texts.oneDayLeft : texts.daysLeft(String(days));
}
