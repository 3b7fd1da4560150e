// Answers about the base case while other numbers are set. Each is asked for once for a policy and a
// text: if the numbers are those of the base case, by keeping what is shown; else of a worker of its
// own, which solves the base case and goes again. Whoever starts again asks all of it again.
import { useEffect, useState } from 'preact/hooks';
import type { Answer, Model } from '../engine/answers';
import type { Lab } from './lab';
import { Failure, Run, type Problem, type Query } from './run';
import type { Told } from './use';

/** Of one model, asked in one attempt. */
interface Kept {
  model: Model;
  attempts: number;
  answers: Map<string, Promise<Answer>>;
  runs: Run[];
}

let kept: Kept | null = null;

function keptOf(lab: Lab): Kept {
  if (kept?.model !== lab.model || kept.attempts !== lab.attempts) {
    kept?.runs.forEach((run) => run.close());
    kept = { model: lab.model, attempts: lab.attempts, answers: new Map(), runs: [] };
  }
  return kept;
}

const keyOf = (policy: number, query: Query) => JSON.stringify([policy, query]);

/** Keeps an answer that was given in the base case. */
function keep(lab: Lab, policy: number, query: Query, answer: Answer): void {
  keptOf(lab).answers.set(keyOf(policy, query), Promise.resolve(answer));
}

function ask(lab: Lab, policy: number, query: Query): Promise<Answer> {
  const { answers, runs } = keptOf(lab);
  const key = keyOf(policy, query);
  let answer = answers.get(key);
  if (!answer) {
    const run = new Run(policy, lab.module, lab.text, () => {});
    run.solve(lab.base);
    answer = run.ask<Answer>(query).finally(() => run.close());
    answers.set(key, answer);
    runs.push(run);
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
          if (!(error instanceof Failure)) throw error;
          take({ problem: error.problem });
        },
      );
    }
    return () => {
      wanted = false;
    };
  }, [lab.model, moved, lab.shown.join(), lab.attempts]);
  return moved && held.model === lab.model ? held.answers : new Map();
}
