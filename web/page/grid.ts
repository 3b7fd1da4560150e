// How good the grid is on which beliefs are kept: outcomes on one of half the fineness, asked of the pool when nothing
// else waits. Where they are further from those on the whole grid than policies are from each other, the differences of
// policies say nothing: the rule of `detente run`. Invariant: what is handed over is of the numbers set.
import { useEffect, useState } from 'preact/hooks';
import type { Halved } from '../engine/answers';
import type { Lab } from './lab';
import { Dropped, URGENCY } from './pool';
import { Failure } from './run';

/** Of each policy shown that has something to believe, its outcomes on half the grid. */
export type Halves = ReadonlyMap<number, readonly (number | null)[]>;

const NOTHING: Halves = new Map();
const ROUNDING = 1e-9;

export function useHalves(lab: Lab): Halves {
  const [held, hold] = useState<{ key: unknown[]; halves: Halves }>({ key: [], halves: NOTHING });
  const owned = lab.shown.filter((policy) => (lab.runs.get(policy)!.result?.private?.beliefs ?? 1) > 1);
  const solved = lab.shown.every((policy) => !lab.runs.get(policy)!.stale);
  const key = [lab.model, lab.world, owned.join(), lab.attempts];
  useEffect(() => {
    if (!solved || !owned.length) return;
    let wanted = true;
    const one = async (policy: number): Promise<[number, (number | null)[]]> => {
      const { half } = await lab.askGame<Halved>(policy, { call: 'half' }, () => wanted, URGENCY.idle);
      return [policy, half ?? []];
    };
    Promise.all(owned.map(one)).then(
      (all) => wanted && hold({ key, halves: new Map(all) }),
      (error) => {
        if (!(error instanceof Failure || error instanceof Dropped)) throw error; // without it nothing is told
      },
    );
    return () => {
      wanted = false;
    };
  }, [...key, solved]);
  return solved && held.key.every((part, i) => part === key[i]) ? held.halves : NOTHING;
}

/** How far an outcome under a policy is from that on half the grid; null where that isn't known. */
export function distanceOf(lab: Lab, halves: Halves, policy: number, outcome: number): number | null {
  const whole = lab.runs.get(policy)?.result?.outcomes[outcome], half = halves.get(policy)?.[outcome];
  return typeof whole === 'number' && typeof half === 'number' ? Math.abs(whole - half) : null;
}

/** The largest such distance, if it is larger than what the policies shown differ by; else null. */
export function coarseOf(lab: Lab, halves: Halves, outcome: number): number | null {
  const numbers = lab.shown.flatMap((policy) => lab.runs.get(policy)!.result?.outcomes[outcome] ?? []);
  const most = Math.max(0, ...lab.shown.map((policy) => distanceOf(lab, halves, policy, outcome) ?? 0));
  return numbers.length > 1 && most > ROUNDING && most > Math.max(...numbers) - Math.min(...numbers) ? most : null;
}
