// The address of settings, and what an address asks for. A link may have been made on another page, or written by
// hand: whatever this page doesn't have is dropped and told, and the rest is taken.
import type { Model } from '../engine/answers';
import { readFragment, writeFragment, type BesideCode } from './fragment';
import { TEXTS } from './phrases';
import { secretsOf } from './private';
import type { Beside, Look, Settings } from './settings';
import type { Texts } from './texts';

const FIRST_SHOWN = 3;

/** The policies that go by these names, each once; the rest is told. */
function known(model: Model, names: readonly string[], wrong: string[]): number[] {
  const found: number[] = [];
  for (const name of names) {
    const policy = model.policies.findIndex((p) => p.name === name);
    if (policy < 0) wrong.push(`there is no policy '${name}'`);
    else if (found.includes(policy)) wrong.push(`policy '${name}' is asked for twice`);
    else found.push(policy);
  }
  return found;
}

/** Those of the policies that the model has; the first ones, if it has none of them. */
export function shownOf(model: Model, names: readonly string[]): number[] {
  const found = known(model, names, []);
  return found.length ? found : [...model.policies.keys()].slice(0, FIRST_SHOWN);
}

/** A situation, if the model can have it. */
function lookOf(model: Model, asked: Look, wrong: string[]): Look | null {
  const secrets = secretsOf(model).reduce((sum, { values }) => sum + values.length, 0);
  const fits =
    model.policies.some((p) => p.name === asked.policy) &&
    asked.period < model.horizon &&
    (asked.stage === '' || model.stages.some((s) => s.name === asked.stage && s.movers.length > 0)) &&
    (!asked.belief || (asked.belief.length === secrets && asked.belief.every((p) => p >= 0 && p <= 1)));
  if (!fits) wrong.push('there is no such situation');
  return fits ? asked : null;
}

/** Numbers of a model, by name; what it doesn't have is told. */
function numbersOf(model: Model, asked: ReadonlyMap<string, number>, wrong: string[]): Map<string, number> {
  const set = new Map<string, number>();
  for (const [name, value] of asked) {
    if (model.params.some((p) => p.name === name)) set.set(name, value);
    else wrong.push(`there is no number '${name}'`);
  }
  return set;
}

/** What is put beside, of the original or of an edited text. */
async function besideOf(asked: BesideCode, texts: Texts, wrong: string[]): Promise<Beside | null> {
  const edit = asked.edit ? await texts.read(asked.edit) : { text: texts.original };
  if ('wrong' in edit) {
    wrong.push(`of what is put beside, ${edit.wrong}`);
    return null;
  }
  return { name: asked.name || TEXTS.ofLink, text: edit.text, set: numbersOf(texts.modelOf(edit.text), asked.set, wrong) };
}

/** What an address asks for: of a text's edit, the text; of everything else, names. `now`: what it says nothing about. */
export async function readAddress(hash: string, texts: Texts, panels: readonly string[], now: Settings): Promise<{ settings: Settings; refused: string[] }> {
  const asked = readFragment(hash);
  const refused = asked.wrong;
  const edit = asked.edit ? await texts.read(asked.edit) : { text: now.text };
  if ('wrong' in edit) refused.push(edit.wrong);
  const text = 'text' in edit ? edit.text : now.text;
  const model = texts.modelOf(text);
  const policies = known(model, asked.policies, refused);
  const set = numbersOf(model, asked.set, refused);
  const has = panels.includes(asked.panel);
  if (asked.panel && !has) refused.push(`there is no panel '${asked.panel}'`);
  const settings = {
    text,
    policies: policies.length ? policies.map((p) => model.policies[p]!.name) : now.policies,
    set,
    panel: has ? asked.panel : now.panel,
    look: asked.look && lookOf(model, asked.look, refused),
    embed: asked.embed,
    beside: asked.beside && (await besideOf(asked.beside, texts, refused)),
  };
  return { settings, refused };
}

/** The address that leads to settings, whose text is known. */
export function writeAddress(settings: Settings, texts: Texts): string {
  const model = texts.modelOf(settings.text);
  return writeFragment({
    ...settings,
    edit: texts.codeOf(settings.text),
    beside: settings.beside && { ...settings.beside, edit: texts.codeOf(settings.beside.text) },
    policies: shownOf(model, settings.policies).map((p) => model.policies[p]!.name),
    set: new Map([...settings.set].filter(([name]) => model.params.some((p) => p.name === name))),
  });
}
