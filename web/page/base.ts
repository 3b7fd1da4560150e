// Answers about the base case while other numbers are set. Each is asked for once for a policy and a
// text: if the numbers are those of the base case, by keeping what is shown; else of a worker of its
// own, which solves the base case and goes again. That a worker ended is no answer: it may be asked again.
import { useEffect, useState } from 'preact/hooks';
import type { Answer, Model } from '../engine/answers';
import type { Lab } from './lab';
import { Failure, Run, type Problem, type Query } from './run';
import type { Told } from './use';

const kept = new WeakMap<Model, Map<string, Promise<Answer>>>();

function keptOf(model: Model): Map<string, Promise<Answer>> {
  if (!kept.has(model)) kept.set(model, new Map());
  return kept.get(model)!;
}

const keyOf = (policy: number, query: Query) => JSON.stringify([policy, query]);

/** Keeps an answer that was given in the base case. */
function keep(lab: Lab, policy: number, query: Query, answer: Answer): void {
  keptOf(lab.model).set(keyOf(policy, query), Promise.resolve(answer));
}

function ask(lab: Lab, policy: number, query: Query): Promise<Answer> {
  const held = keptOf(lab.model);
  const key = keyOf(policy, query);
  let answer = held.get(key);
  if (!answer) {
    const run = new Run(policy, lab.module, lab.text, () => {});
    run.solve(lab.base);
    answer = run.ask<Answer>(query).finally(() => run.close());
    answer.catch((error) => error instanceof Failure && error.problem.ended && held.delete(key));
    held.set(key, answer);
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
