// How what is shown follows the lab, and how an answer of a worker is waited for. A question ends in an
// answer or in a problem; while neither is there it is being waited for.
import { createContext } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import type { Answer } from '../engine/answers';
import type { Lab } from './lab';
import { Failure, Stale, type Problem, type Query } from './run';

export const LabContext = createContext<Lab | null>(null);

/** The lab; what reads something of it is drawn again when that changes. */
export function useLab(): Lab {
  const lab = useContext(LabContext);
  if (!lab) throw new Error('there is no lab');
  return lab;
}

const REST = 120; // milliseconds
const PATIENCE = 10000; // milliseconds; a worker that the browser ended may give no sign

/** Whether something has been waited for so long that one may want to start again. */
export function useLong(waiting: boolean, version: number): boolean {
  const [long, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    const timer = waiting ? setTimeout(() => setLong(true), PATIENCE) : 0;
    return () => clearTimeout(timer);
  }, [waiting, version]);
  return long;
}

/** A place to draw in, and the width that there is, 0 until it is known. */
export function useWidth() {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, []);
  return { place, width };
}

/** What a slider was moved to, once it has rested. */
export function useRested<T>(value: T): T {
  const [held, hold] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => hold(value), REST);
    return () => clearTimeout(timer);
  }, [value]);
  return held;
}

/** The answer to a question, or the problem why there is none. */
interface Ended<T> {
  answer: T | null;
  problem: Problem | null;
}

/** And for which version of the lab. */
export type Told<T> = Ended<T> & { version: number };

/**
 * The answer to a query about one policy, asked again when the query or the numbers change. Until the
 * new one is there `waiting` is true, and the answer is the old one.
 */
export function useAnswer<T extends Answer>(lab: Lab, policy: number, query: Query | null) {
  const [held, hold] = useState<Ended<T> & { key: string }>({ answer: null, problem: null, key: '' });
  const key = JSON.stringify([lab.version, policy, query]);
  useEffect(() => {
    const run = lab.runs.get(policy);
    if (!query || !run) return;
    return listen(run.ask<T>(query), (told) => hold({ ...told, key }));
  }, [lab, key]);
  const waiting = held.key !== key;
  return { answer: held.answer, waiting, problem: waiting ? null : held.problem };
}

/** The answers to one query about every policy shown. */
export function useAnswers<T extends Answer>(lab: Lab, query: Query) {
  const [held, hold] = useState(new Map<number, Told<T>>());
  const { version } = lab;
  useEffect(() => hold(new Map()), [lab.model]);
  useEffect(() => {
    const ends = lab.shown.map((policy) =>
      listen(lab.runs.get(policy)!.ask<T>(query), (told) => {
        hold((before) => new Map(before).set(policy, { ...told, version }));
      }),
    );
    return () => ends.forEach((end) => end());
  }, [lab, version]);
  const waiting = lab.shown.some((policy) => held.get(policy)?.version !== version);
  return { answers: held, waiting };
}

/** Hands over what a question ended in, unless it comes too late; the result is a function that says so. */
function listen<T>(promise: Promise<T>, take: (told: Ended<T>) => void): () => void {
  let wanted = true;
  promise.then(
    (answer) => {
      if (wanted) take({ answer, problem: null });
    },
    (error) => {
      if (error instanceof Failure) {
        if (wanted) take({ answer: null, problem: error.problem });
      } else if (!(error instanceof Stale)) {
        throw error;
      }
    },
  );
  return () => {
    wanted = false;
  };
}
