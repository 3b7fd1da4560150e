// Why an outcome differs between two policies, or between the numbers set and the base case: asked of
// a worker that is started when the first question comes. Answers are kept as long as the text;
// what ended, or seems to have, is asked again of another worker.
import { useEffect, useState } from 'preact/hooks';
import type { Model } from '../engine/answers';
import { Caller, Ended } from './call';
import { employ } from './employ';
import type { Lab } from './lab';
import type { ContrastAnswer, ContrastRequest, Side } from './contrast_worker';

const PAUSE = 250; // milliseconds that one must look before it is worked out

class Contrasts {
  private caller = new Caller<ContrastRequest, ContrastAnswer>(() => employ('contrast'));
  private known = new Map<string, Promise<ContrastAnswer>>();

  constructor(
    readonly model: Model,
    readonly attempts: number,
  ) {}

  ask(request: ContrastRequest): Promise<ContrastAnswer> {
    const { here, there, outcome } = request;
    const key = JSON.stringify([outcome, here.policy, [...here.world], there.policy, [...there.world]]);
    let answer = this.known.get(key);
    if (!answer) {
      answer = this.caller.ask(request, true).catch((error) => {
        if (!(error instanceof Ended)) throw error;
        return { problem: error.message, ended: true };
      });
      this.known.set(key, answer);
    }
    return answer;
  }

  close(): void {
    this.caller.close();
  }
}

let contrasts: Contrasts | null = null;

/** The difference taken apart, or why it can't be; undefined until that is known. */
export function useContrast(lab: Lab, outcome: number, here: Side, there: Side): ContrastAnswer | undefined {
  const [held, hold] = useState<{ key: unknown[]; answer: ContrastAnswer }>();
  const key = [lab.model, outcome, here.policy, here.world, there.policy, there.world, lab.attempts];
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => {
      if (contrasts?.model !== lab.model || contrasts.attempts !== lab.attempts) {
        contrasts?.close();
        contrasts = new Contrasts(lab.model, lab.attempts);
      }
      const { text } = lab;
      const asked = contrasts;
      void lab.module().then((module) => asked.ask({ module, text, here, there, outcome })).then((answer) => {
        if (wanted) hold({ key, answer });
      });
    }, PAUSE);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, key);
  const fresh = held && held.key.every((part, i) => part === key[i]);
  return fresh ? held.answer : undefined;
}
