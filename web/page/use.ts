// How what is shown follows the lab, and how an answer of a worker is waited for.
import { createContext } from 'preact';
import { useContext, useEffect, useReducer, useState } from 'preact/hooks';
import type { Answer } from '../engine/answers';
import type { Lab } from './lab';
import { Stale, type Query } from './run';

export const LabContext = createContext<Lab | null>(null);

/** The lab; what calls this is drawn again when the lab changes. */
export function useLab(): Lab {
  const lab = useContext(LabContext);
  if (!lab) throw new Error('there is no lab');
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => lab.subscribe(() => redraw(0)), [lab]);
  return lab;
}

/** The answer to a query about one policy, asked again when the world or `keys` change. */
export function useAnswer<T extends Answer>(lab: Lab, policy: number, query: Query | null, keys: unknown[]) {
  const [held, hold] = useState<{ answer: T | null; waiting: boolean }>({ answer: null, waiting: true });
  useEffect(() => {
    const run = lab.runs.get(policy);
    if (!query || !run) return;
    hold((before) => ({ ...before, waiting: true }));
    return listen(run.ask<T>(query), (answer) => hold({ answer, waiting: false }));
  }, [lab, policy, lab.shown, lab.model, lab.world, ...keys]);
  return held;
}

/** The answers to one query about every policy shown. */
export function useAnswers<T extends Answer>(lab: Lab, query: Query) {
  const [held, hold] = useState(new Map<number, T>());
  const [waiting, wait] = useState(new Set<number>());
  useEffect(() => hold(new Map()), [lab.model]);
  useEffect(() => {
    wait(new Set(lab.shown));
    const ends = lab.shown.map((policy) =>
      listen(lab.runs.get(policy)!.ask<T>(query), (answer) => {
        hold((before) => new Map(before).set(policy, answer));
        wait((before) => new Set([...before].filter((p) => p !== policy)));
      }),
    );
    return () => ends.forEach((end) => end());
  }, [lab, lab.model, lab.world, lab.shown]);
  return { answers: held, waiting: waiting.size > 0 };
}

/** Hands a result over unless it comes too late; the result is a function that says so. */
function listen<T>(promise: Promise<T>, take: (value: T) => void): () => void {
  let wanted = true;
  promise.then(
    (value) => {
      if (wanted) take(value);
    },
    (error) => {
      if (!(error instanceof Stale)) throw error;
    },
  );
  return () => {
    wanted = false;
  };
}
