// The answer in words, which only the engine writes: what the program wrote into the page, as long as text and numbers
// are those; else asked of a worker, about the policies shown, once all of them are solved or known not to be. What a
// ranking by chance alone says belongs to the sentence, so that is waited for, too. Invariant: sentences that are of other
// numbers, or another text, than those set are never handed over as if they were of these.
import { useEffect, useState } from 'preact/hooks';
import type { Answered, Said, Tossed } from '../engine/answers';
import type { Lab } from './lab';
import { Dropped } from './pool';
import { Failure, type Problem } from './run';
import type { Numbers } from './worker';

/** The policy that things were before: the first of the model. */
export const BASELINE = 0;

/** What the program wrote, where it is about what is set. */
export function writtenOf(lab: Lab): Answered | null {
  return lab.text === lab.data.text && lab.world === lab.base ? lab.data.answered : null;
}

interface Held {
  key: unknown[];
  answered: Answered | null; // the one before while another is waited for
  problem: Problem | null;
}

/** Of all policies shown, once they are solved. */
async function ask(lab: Lab, wanted: () => boolean): Promise<Answered> {
  const { shown, runs } = lab;
  const moved = lab.text !== lab.data.text || lab.world.some((x, i) => x !== lab.model.params[i]!.value);
  const policies: Numbers[] = await Promise.all(shown.map(async (policy) => {
    const result = runs.get(policy)!.result;
    if (!result) return { policy, outcomes: lab.model.outcomes.map(() => null), chance: null };
    const chance = shown.length > 1 ? await lab.askGame<Tossed>(policy, { call: 'chance' }, wanted) : null;
    return { policy, outcomes: result.outcomes, chance: chance && chance.outcomes };
  }));
  const { answered } = await lab.askGame<Said>(shown[0]!, { call: 'answered', policies, baseline: Math.max(0, shown.indexOf(BASELINE)), moved }, wanted);
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
