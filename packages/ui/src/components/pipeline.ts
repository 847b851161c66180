import { attributes, type HtmlValue, html, type SafeHtml } from '../html.ts';
import { type IconName, icon } from '../icons.ts';
import type { Language } from '../language.ts';
import type { Tone } from '../tone.ts';
import { uiTexts } from '../uiTexts.ts';

export type StageState = 'done' | 'active' | 'waiting' | 'failed' | 'manual' | 'skipped';

export interface PipelineStage {
  name: string;
  state: StageState;
  /** A few words below: the time, the channel, the next try. */
  note?: HtmlValue;
}

/** The stages a letter passes and where it stands; beside each other, below each other on a phone. */
export function pipeline(options: { label: string; stages: readonly PipelineStage[]; lang: Language }): SafeHtml {
  const stages = options.stages.map((stage) => stageItem(stage, options.lang));
  return html`<ol class="bd-pipeline" aria-label="${options.label}">${stages}</ol>`;
}

interface StageLook {
  icon: IconName;
  tone: Tone;
  text: 'stageDone' | 'stageActive' | 'stageWaiting' | 'stageFailed' | 'stageManual' | 'stageSkipped';
}

const STAGE_LOOKS: Readonly<Record<StageState, StageLook>> = {
  done: { icon: 'check', tone: 'success', text: 'stageDone' },
  active: { icon: 'arrowRight', tone: 'info', text: 'stageActive' },
  waiting: { icon: 'clock', tone: 'neutral', text: 'stageWaiting' },
  failed: { icon: 'cross', tone: 'danger', text: 'stageFailed' },
  manual: { icon: 'hand', tone: 'warning', text: 'stageManual' },
  skipped: { icon: 'dash', tone: 'neutral', text: 'stageSkipped' },
};

function stageItem(stage: PipelineStage, lang: Language): SafeHtml {
  const look = STAGE_LOOKS[stage.state];
  const isHere = stage.state === 'active' || stage.state === 'manual';
  const marks = attributes({
    'data-state': stage.state,
    'data-color': look.tone,
    'aria-current': isHere ? 'step' : undefined,
  });
  return html`<li class="bd-stage"${marks}><span class="bd-stage__sign">${icon(look.icon)}</span><span
 class="bd-stage__text"><span class="bd-stage__name">${stage.name}</span> <span
 class="bd-stage__state">${uiTexts(lang)[look.text]}</span>${
   stage.note !== undefined && html` <span class="bd-stage__note">${stage.note}</span>`
 }</span></li>`;
}
