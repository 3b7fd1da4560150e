// Two settings side by side: another one, which a reader saved, or which a link leads to, or the base case, and the one
// in force. It is solved when nothing else waits, under the policies shown that its text has; what is told apart are the
// outcomes that both texts have. Invariant: what is held belongs to the other setting and the policies shown now.
import { useEffect, useState } from 'preact/hooks';
import type { Answer, Outcome, Solution } from '../engine/answers';
import { employ } from './employ';
import type { Lab } from './lab';
import { MOST_WORKERS, Dropped, Pool, URGENCY } from './pool';
import { askPool, Failure } from './run';
import type { Beside } from './settings';
import { apart } from './verdict';

/** What a policy comes to in the other setting: its outcomes by name, or why there are none. */
export type There = ReadonlyMap<string, number | null> | { problem: string };

/** Of each policy shown, by name; one that is missing is still being solved. */
export function useBeside(lab: Lab, beside: Beside): ReadonlyMap<string, There> {
  const [held, hold] = useState<{ key: unknown[]; found: ReadonlyMap<string, There> }>({ key: [], found: new Map() });
  const { model, world } = lab.settingOf(beside);
  const names = lab.shown.map((p) => lab.model.policies[p]!.name);
  const key = [beside, lab.attempts, ...names];
  useEffect(() => {
    let wanted = true;
    hold({ key, found: new Map() });
    const policies = names.flatMap((name) => {
      const policy = model.policies.findIndex((p) => p.name === name);
      return policy < 0 ? [] : [{ name, policy }];
    });
    const pool = new Pool(lab.module, beside.text, Math.min(MOST_WORKERS / 2, policies.length || 1), () => employ('engine'));
    pool.spread(policies.map(({ policy }) => policy));
    const tell = (name: string, there: There) => wanted && hold((before) => ({ key, found: new Map(before.found).set(name, there) }));
    void Promise.all(policies.map(async ({ name, policy }) => {
      try {
        const { solution } = await askPool<Answer & { solution: Solution }>(pool, policy, world, null, URGENCY.base, () => wanted);
        tell(name, new Map(model.outcomes.map((o, i) => [o.name, solution.outcomes[i] ?? null])));
      } catch (error) {
        if (error instanceof Failure) tell(name, { problem: error.problem.reason });
        else if (!(error instanceof Dropped)) throw error;
      }
    })).then(() => pool.close()); // its memory is free again
    return () => {
      wanted = false;
      pool.close();
    };
  }, key);
  return held.key.every((part, i) => part === key[i]) && held.key.length === key.length ? held.found : new Map();
}

/** One policy under both. */
export interface Pair {
  policy: number;
  there: number | null;
  here: number | null;
}

/** Pairs of policies of which the one is better there and the other here, each time by more than a hair. */
export function turned(outcome: Pick<Outcome, 'direction'>, pairs: Pair[]): { worse: number; better: number }[] {
  const known = pairs.filter((p): p is Pair & { there: number; here: number } => p.there !== null && p.here !== null);
  if (!outcome.direction) return [];
  return known.flatMap((a) =>
    known.flatMap((b) => {
      const gains = outcome.direction * (a.here - b.here) > 0 && outcome.direction * (a.there - b.there) < 0;
      return gains && apart(a.here, b.here) && apart(a.there, b.there) ? [{ better: a.policy, worse: b.policy }] : [];
    }),
  );
}

/** A number that the two settings don't share; null: its text doesn't have it. */
export interface Moved {
  param: number;
  there: number | null;
  here: number;
}

export function movedBetween(lab: Lab, beside: Beside): Moved[] {
  const { model, world } = lab.settingOf(beside);
  const places = new Map(model.params.map((p, i) => [p.name, i]));
  return lab.model.params.flatMap(({ name }, param) => {
    const place = places.get(name);
    const there = place === undefined ? null : world[place]!;
    const here = lab.world[param]!;
    return there === here ? [] : [{ param, there, here }];
  });
}
