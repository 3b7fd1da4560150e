// Two policies taken apart, asked of a worker of its own, so that sliders don't wait for it: all cells between the
// two are solved there. What was asked before is remembered; a worker that ends is asked anew the next time.
import { useEffect, useState } from 'preact/hooks';
import type { Levers, Model } from '../engine/answers';
import { Caller, Ended } from './call';
import { employ } from './employ';
import type { Lab } from './lab';
import type { LeversAnswer, LeversRequest } from './levers_worker';

const PAUSE = 250; // milliseconds that one must look before it is worked out

let caller: Caller<LeversRequest, LeversAnswer> | null = null;
let known = new Map<string, Promise<LeversAnswer>>();
let about: Model | null = null;

function ask(model: Model, request: LeversRequest): Promise<LeversAnswer> {
  if (about !== model) {
    caller?.close();
    caller = new Caller(() => employ('levers'));
    known = new Map();
    about = model;
  }
  const key = JSON.stringify([request.from, request.to, request.most, [...request.world]]);
  let answer = known.get(key);
  if (!answer) {
    answer = caller!.ask(request, true).catch((error) => {
      if (!(error instanceof Ended)) throw error;
      known.delete(key);
      return { problem: error.message };
    });
    known.set(key, answer);
  }
  return answer;
}

/** What does the work from one policy to another at the numbers set, if no more than `most` cells lie between them, or why that can't be had; undefined until it is known. */
export function useLevers(lab: Lab, from: number, to: number, most = 4096): LeversAnswer | undefined {
  const [held, hold] = useState<{ key: unknown[]; answer: LeversAnswer }>();
  const { model, world, text } = lab;
  const key = [model, from, to, world, most];
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(async () => {
      const answer = await ask(model, { module: await lab.module(), text, from, to, world, most });
      if (wanted) hold({ key, answer });
    }, PAUSE);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, key);
  return held && held.key.every((part, i) => part === key[i]) ? held.answer : undefined;
}

export interface Bar {
  title: string;
  from: number;
  to: number;
}

/** The steps of a waterfall: each ingredient's share, the largest first, from the one outcome to the other. */
export function stepsOf(levers: Levers, outcome: number, titleOf: (ingredient: number) => string): Bar[] {
  const { from, shapley } = levers.outcomes[outcome]!;
  const order = [...shapley.keys()].sort((a, b) => Math.abs(shapley[b]!) - Math.abs(shapley[a]!) || a - b);
  let at = from!;
  return order.map((i) => {
    const bar = { title: titleOf(i), from: at, to: at + shapley[i]! };
    at = bar.to;
    return bar;
  });
}
