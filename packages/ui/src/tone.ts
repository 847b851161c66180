import type { IconName } from './icons.ts';

/** How good or bad news is. Colour follows the tone, but a text and a sign always say it too. */
export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'danger';

/** The sign that stands for a tone where nobody chose another. */
export const TONE_ICONS: Readonly<Record<Tone, IconName>> = {
  neutral: 'dash',
  info: 'clock',
  success: 'check',
  warning: 'warning',
  danger: 'cross',
};
