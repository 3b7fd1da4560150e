// What a reader has set: one value that is never changed, only replaced, so that it can be kept, compared,
// gone back to and sent. Everything is said by name: another text keeps what it still has of it.

export interface Settings {
  readonly text: string; // of the model that is solved
  readonly policies: readonly string[]; // shown
  readonly set: ReadonlyMap<string, number>; // numbers moved away from the base case
  readonly panel: string;
}

const sameList = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((x, i) => x === b[i]);

const sameNumbers = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>) => a.size === b.size && [...a].every(([name, x]) => b.get(name) === x);

/** Whether the same is solved and shown, in whatever panel. */
export function sameWork(a: Settings, b: Settings): boolean {
  return a.text === b.text && sameList(a.policies, b.policies) && sameNumbers(a.set, b.set);
}

/** The second, as far as it says something else than the first; what is alike stays the same object. */
export function replaced(before: Settings, after: Settings): Settings {
  if (sameWork(before, after) && before.panel === after.panel) return before;
  return {
    ...after,
    policies: sameList(before.policies, after.policies) ? before.policies : after.policies,
    set: sameNumbers(before.set, after.set) ? before.set : after.set,
  };
}

/** What lay in the browser's history, if it is settings: another version of the page may have put it there. */
export function readSettings(kept: unknown): Settings | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { text, policies, set, panel } = kept as Partial<Record<keyof Settings, unknown>>;
  if (typeof text !== 'string' || typeof panel !== 'string' || !Array.isArray(policies) || !(set instanceof Map)) return null;
  if (!policies.every((name) => typeof name === 'string')) return null;
  if (![...set].every(([name, x]) => typeof name === 'string' && Number.isFinite(x))) return null;
  return { text, panel, policies, set };
}
