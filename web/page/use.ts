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

/**
 * The answer to a query about one policy, asked again when the query or the numbers change. Until the
 * new one is there `waiting` is true, and the answer is the old one.
 */
export function useAnswer<T extends Answer>(lab: Lab, policy: number, query: Query | null) {
  const [held, hold] = useState<{ answer: T | null; key: string }>({ answer: null, key: '' });
  const key = JSON.stringify([lab.version, policy, query]);
  useEffect(() => {
    const run = lab.runs.get(policy);
    if (!query || !run) return;
    return listen(run.ask<T>(query), (answer) => hold({ answer, key }));
  }, [lab, key]);
  return { answer: held.answer, waiting: held.key !== key };
}

/** The answers to one query about every policy shown. */
export function useAnswers<T extends Answer>(lab: Lab, query: Query) {
  const [held, hold] = useState(new Map<number, { answer: T; version: number }>());
  const { version } = lab;
  useEffect(() => hold(new Map()), [lab.model]);
  useEffect(() => {
    const ends = lab.shown.map((policy) =>
      listen(lab.runs.get(policy)!.ask<T>(query), (answer) => {
        hold((before) => new Map(before).set(policy, { answer, version }));
      }),
    );
    return () => ends.forEach((end) => end());
  }, [lab, version]);
  const waiting = lab.shown.some((policy) => held.get(policy)?.version !== version);
  return { answers: held, waiting };
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
