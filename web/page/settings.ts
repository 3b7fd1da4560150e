// What a reader has set: one value that is never changed, only replaced, so that it can be kept, compared,
// gone back to and sent. Everything is said by name: another text keeps what it still has of it.

/** A situation that is looked at. */
export interface Look {
  readonly policy: string;
  readonly period: number; // from 0
  readonly stage: string; // '' for the first that is played
  readonly wanted: readonly number[] | null; // for each slot; null: what is likeliest
  readonly belief: readonly number[] | null; // of all values of all private variables; null: what is likeliest
}

/** Another setting, which is put beside the one in force. */
export interface Beside {
  readonly name: string; // as the reader called it
  readonly text: string; // of its model, which is known
  readonly set: ReadonlyMap<string, number>; // numbers moved away from the base case
}

export interface Settings {
  readonly text: string; // of the model that is solved
  readonly policies: readonly string[]; // shown
  readonly set: ReadonlyMap<string, number>; // numbers moved away from the base case
  readonly panel: string;
  readonly look: Look | null;
  readonly embed: string; // the chart that stands alone, '' if none does
  readonly beside: Beside | null;
}

const sameList = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((x, i) => x === b[i]);

const sameNumbers = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>) => a.size === b.size && [...a].every(([name, x]) => b.get(name) === x);

const sameParts = (a: readonly number[] | null, b: readonly number[] | null) => a === b || (a !== null && b !== null && a.length === b.length && a.every((x, i) => x === b[i]));

export function sameLook(a: Look | null, b: Look | null): boolean {
  if (!a || !b) return a === b;
  return a.policy === b.policy && a.period === b.period && a.stage === b.stage && sameParts(a.wanted, b.wanted) && sameParts(a.belief, b.belief);
}

export function sameBeside(a: Beside | null, b: Beside | null): boolean {
  if (!a || !b) return a === b;
  return a.name === b.name && a.text === b.text && sameNumbers(a.set, b.set);
}

/** Whether the same is solved and shown, in whatever panel. */
export function sameWork(a: Settings, b: Settings): boolean {
  return sameBeside(a.beside, b.beside) && a.text === b.text && sameList(a.policies, b.policies) && sameNumbers(a.set, b.set);
}

/** The second, as far as it says something else than the first; what is alike stays the same object. */
export function replaced(before: Settings, after: Settings): Settings {
  const look = sameLook(before.look, after.look) ? before.look : after.look;
  if (sameWork(before, after) && before.panel === after.panel && before.look === look && before.embed === after.embed) return before;
  return {
    ...after,
    look,
    beside: sameBeside(before.beside, after.beside) ? before.beside : after.beside,
    policies: sameList(before.policies, after.policies) ? before.policies : after.policies,
    set: sameNumbers(before.set, after.set) ? before.set : after.set,
  };
}

const isSet = (x: unknown): x is Map<string, number> => x instanceof Map && [...x].every(([name, number]) => typeof name === 'string' && Number.isFinite(number));

function isBeside(kept: unknown): kept is Beside | null {
  if (kept === null) return true;
  if (typeof kept !== 'object') return false;
  const { name, text, set } = kept as Partial<Record<keyof Beside, unknown>>;
  return typeof name === 'string' && typeof text === 'string' && isSet(set);
}

const isNumbers = (x: unknown) => x === null || (Array.isArray(x) && x.every(Number.isFinite));

function isLook(kept: unknown): kept is Look | null {
  if (kept === null) return true;
  if (typeof kept !== 'object') return false;
  const { policy, period, stage, wanted, belief } = kept as Partial<Record<keyof Look, unknown>>;
  return typeof policy === 'string' && typeof stage === 'string' && Number.isInteger(period) && isNumbers(wanted) && isNumbers(belief);
}

/** What lay in the browser's history, if it is settings: another version of the page may have put it there. */
export function readSettings(kept: unknown): Settings | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { text, policies, set, panel, look, embed, beside } = kept as Partial<Record<keyof Settings, unknown>>;
  if (typeof text !== 'string' || typeof panel !== 'string' || typeof embed !== 'string') return null;
  if (!Array.isArray(policies) || !policies.every((name) => typeof name === 'string')) return null;
  if (!isSet(set) || !isBeside(beside)) return null;
  return isLook(look) ? { text, panel, policies, set, look, embed, beside } : null;
}
