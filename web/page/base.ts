// Answers about the base case while other numbers are set. Each is asked for once for a policy and a
// text: if the numbers are those of the base case, by keeping what is shown; else when everything that is
// shown is done. Whoever starts again asks all of it again.
import { useEffect, useState } from 'preact/hooks';
import type { Answer, Model } from '../engine/answers';
import type { Lab } from './lab';
import { Dropped } from './pool';
import { Failure, type Problem, type Query } from './run';
import type { Told } from './use';

/** Of one model, asked in one attempt. */
interface Kept {
  model: Model;
  attempts: number;
  answers: Map<string, Promise<Answer>>;
}

let kept: Kept | null = null;

function keptOf(lab: Lab): Kept {
  if (kept?.model !== lab.model || kept.attempts !== lab.attempts) {
    kept = { model: lab.model, attempts: lab.attempts, answers: new Map() };
  }
  return kept;
}

const keyOf = (policy: number, query: Query) => JSON.stringify([policy, query]);

/** Keeps an answer that was given in the base case. */
function keep(lab: Lab, policy: number, query: Query, answer: Answer): void {
  keptOf(lab).answers.set(keyOf(policy, query), Promise.resolve(answer));
}

function ask(lab: Lab, policy: number, query: Query): Promise<Answer> {
  const { answers } = keptOf(lab);
  const key = keyOf(policy, query);
  let answer = answers.get(key);
  if (!answer) {
    answer = lab.askBase(policy, query);
    answers.set(key, answer);
  }
  return answer;
}

export type BaseAnswer<T> = { answer: T } | { problem: Problem };

/** The base case's answers for the policies shown, once numbers are moved; none before. */
export function useBaseAnswers<T extends Answer>(lab: Lab, query: Query, now: Map<number, Told<T>>): Map<number, BaseAnswer<T>> {
  const [held, hold] = useState<{ model: Model; answers: Map<number, BaseAnswer<T>> }>({ model: lab.model, answers: new Map() });
  const moved = lab.world !== lab.base;
  useEffect(() => {
    if (!moved) now.forEach(({ answer, version }, policy) => answer && version === lab.version && keep(lab, policy, query, answer));
  }, [moved, now]);
  useEffect(() => {
    if (!moved) return;
    const { model } = lab;
    let wanted = true;
    for (const policy of lab.shown) {
      const take = (told: BaseAnswer<T>) => {
        if (wanted) hold((before) => ({ model, answers: new Map(before.model === model ? before.answers : []).set(policy, told) }));
      };
      ask(lab, policy, query).then(
        (answer) => take({ answer: answer as T }),
        (error) => {
          if (error instanceof Failure) take({ problem: error.problem });
          else if (!(error instanceof Dropped)) throw error;
        },
      );
    }
    return () => {
      wanted = false;
    };
  }, [lab.model, moved, lab.shown.join(), lab.attempts]);
  return moved && held.model === lab.model ? held.answers : new Map();
}
