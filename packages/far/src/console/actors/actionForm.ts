import { type Language, radioGroup, type SafeHtml, textArea, textField } from '@brevduva/ui';
import type { ActorChanges } from '../../actors/actors.ts';
import type { ActorRef, Staff } from '../../actors/changeActor.ts';
import type { ActorView } from '../../actors/readActor.ts';
import { type ActionTexts, actionTexts } from './actionTexts.ts';

export type FormValues = Readonly<Record<string, string>>;

/** A form as it is shown: empty, or with what was typed and what was wrong. */
export interface ActionForm {
  lang: Language;
  texts: ActionTexts;
  values: FormValues;
  errorOf(name: string): string | undefined;
}

/** What a form is about: the actor, and what the address names beside it (a certificate, a sender, a contact person). */
export interface ActionSubject {
  actor: ActorView;
  target: string;
}

/** One thing that staff can do to an actor, with a page of its own. */
export interface ActorAction {
  /** Behind the actor's address; with `hasTarget` something more follows. */
  path: string;
  hasTarget?: boolean;
  /** Its texts are `…Title`, `…Lead`, `…Submit` and `…Done`. */
  key: ActionKey;
  isDangerous?: boolean;
  /** What the form holds at first. */
  initial?: (subject: ActionSubject) => FormValues;
  /** Names of the fields that are read. */
  names: readonly string[];
  fields?: (form: ActionForm, subject: ActionSubject) => readonly SafeHtml[];
  /** What the form is about, in a line above the fields. */
  about?: (subject: ActionSubject, lang: Language) => SafeHtml | undefined;
  /** What was handed in, as the domain takes it. */
  run: (
    change: ActorChanges,
    by: Staff,
    ref: ActorRef,
    given: { values: FormValues; target: string },
  ) => Promise<unknown>;
}

export type ActionKey = keyof ActionTexts extends infer Key
  ? Key extends `${infer Name}Submit`
    ? Name
    : never
  : never;

export function createActionForm(
  lang: Language,
  values: FormValues,
  faults: readonly { path: string; text: string }[],
): ActionForm {
  const errorOf = (name: string) => faults.find(({ path }) => path === name)?.text;
  return { lang, texts: actionTexts(lang), values, errorOf };
}

type TextName = Extract<keyof ActionTexts, string>;

/** A line of text with the label of its name, and the help of its name where there is one. */
export function line(
  { lang, texts, values, errorOf }: ActionForm,
  name: TextName,
  more: { type?: 'email' | 'date'; size?: number; isOptional?: boolean; inputMode?: 'numeric' } = {},
): SafeHtml {
  const { isOptional = false, ...look } = more;
  return textField({
    ...look,
    name,
    label: texts[name],
    value: values[name],
    error: errorOf(name),
    ...helpOf(texts, name),
    ...(isOptional ? { optionalIn: lang } : { required: true }),
  });
}

/** Several lines. */
export function area({ texts, values, errorOf }: ActionForm, name: TextName, rows = 3): SafeHtml {
  const value = values[name];
  return textArea({
    name,
    label: texts[name],
    value,
    error: errorOf(name),
    rows,
    required: true,
    ...helpOf(texts, name),
  });
}

/** One of a few, each with what it means. */
export function choice(
  { texts, values, errorOf }: ActionForm,
  name: TextName,
  meanings: readonly { readonly value: string; readonly text: string; readonly description: string }[],
): SafeHtml {
  return radioGroup({ name, label: texts[name], error: errorOf(name), value: values[name], choices: meanings });
}

function helpOf(texts: ActionTexts, name: string): { description?: string } {
  const help = `${name}Help`;
  return Object.hasOwn(texts, help) ? { description: texts[help as TextName] } : {};
}
