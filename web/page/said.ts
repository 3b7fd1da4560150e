// The answer in words, which only the engine writes: what the program wrote into the page, as long as text and numbers
// are those; else asked of a worker, about the policies shown, once all of them are solved or known not to be. What a
// ranking by chance alone says belongs to the sentence, so that is waited for, too. By which number a ranking turns it says
// once the search for that has come to its end. Invariant: sentences that are of other
// numbers, or another text, than those set are never handed over as if they were of these.
import { useEffect, useState } from 'preact/hooks';
import type { Answered, Said, Tossed, Tried } from '../engine/answers';
import { finderOf } from './finder';
import type { Lab } from './lab';
import { Dropped } from './pool';
import { Failure, type Problem } from './run';
import type { Progress } from './sweep';
import type { Numbers } from './worker';

/** The policy that things were before: the first of the model. */
export const BASELINE = 0;

/** What the program wrote, where it is about what is set. */
export function writtenOf(lab: Lab): Answered | null {
  return lab.text === lab.data.text && lab.world === lab.base ? lab.data.answered : null;
}

/** Among the policies shown: the first of the model, or the first there is. */
export const baselineOf = (lab: Lab): number => (lab.shown.includes(BASELINE) ? BASELINE : lab.shown[0]!);

interface Held {
  key: unknown[];
  answered: Answered | null; // the one before while another is waited for
  problem: Problem | null;
}

/** Of all policies shown, once they are solved. `tried`: what a search for numbers has found, and nothing is said of chance then. */
async function ask(lab: Lab, wanted: () => boolean, tried: Tried | null = null): Promise<Answered> {
  const { shown, runs } = lab;
  const moved = lab.text !== lab.data.text || lab.world.some((x, i) => x !== lab.model.params[i]!.value);
  const policies: Numbers[] = await Promise.all(shown.map(async (policy) => {
    const result = runs.get(policy)!.result;
    if (!result) return { policy, outcomes: lab.model.outcomes.map(() => null), chance: null };
    const chance = shown.length > 1 && !tried ? await lab.askGame<Tossed>(policy, { call: 'chance' }, wanted) : null;
    return { policy, outcomes: result.outcomes, chance: chance && chance.outcomes };
  }));
  const { answered } = await lab.askGame<Said>(shown[0]!, { call: 'answered', policies, baseline: shown.indexOf(baselineOf(lab)), moved, tried }, wanted);
  return answered!;
}

/** The sentences about what is set; while they are waited for the ones before, which must be shown so. */
export function useAnswered(lab: Lab): { answered: Answered | null; waiting: boolean; problem: Problem | null } {
  const [held, hold] = useState<Held | null>(null);
  const written = writtenOf(lab);
  const solved = lab.shown.every((policy) => !lab.runs.get(policy)!.stale);
  const key = [lab.model, lab.world, lab.shown.join(), lab.attempts];
  useEffect(() => {
    if (written || !solved) return;
    let wanted = true;
    const take = (answered: Answered | null, problem: Problem | null) => wanted && hold({ key, answered, problem });
    ask(lab, () => wanted).then(
      (answered) => take(answered, null),
      (error) => {
        if (error instanceof Failure) take(null, error.problem);
        else if (!(error instanceof Dropped)) throw error;
      },
    );
    return () => {
      wanted = false;
    };
  }, [...key, written, solved]);
  if (written) return { answered: written, waiting: false, problem: null };
  const fresh = solved && held !== null && held.key.every((part, i) => part === key[i]);
  const before = held?.key[0] === lab.model ? held.answered : lab.text === lab.data.text ? lab.data.answered : null;
  return { answered: fresh ? held.answered : before, waiting: !fresh, problem: fresh ? held.problem : null };
}

/** What the search for the numbers that decide comes to in words, of each headline outcome; null until it has been made at
 * the numbers set. It is about the policies shown. */
export function useTurns(lab: Lab): ReadonlyMap<number, string> | null {
  const progress = finderOf(lab).progress.value;
  const [held, hold] = useState<{ of: Progress; turns: ReadonlyMap<number, string> } | null>(null);
  const found = progress?.done && progress.tried > 0 && progress.world === lab.world ? progress : null;
  const solved = lab.shown.every((policy) => !lab.runs.get(policy)!.stale);
  useEffect(() => {
    if (!found || !solved) return;
    let wanted = true;
    ask(lab, () => wanted, { count: found.tried, soonest: found.soonest }).then(
      ({ outcomes }) => wanted && hold({ of: found, turns: new Map(outcomes.map(({ outcome, turns }) => [outcome, turns])) }),
      (error) => {
        if (!(error instanceof Failure || error instanceof Dropped)) throw error; // the sliders say what there is
      },
    );
    return () => {
      wanted = false;
    };
  }, [lab, found, solved]);
  return found && held?.of === found ? held.turns : null;
}
