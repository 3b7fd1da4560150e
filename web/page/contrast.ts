// Why an outcome differs between two policies, or between the numbers set and the base case: asked of
// a worker that is started when the first question comes. Answers are kept as long as the text.
import { useEffect, useState } from 'preact/hooks';
import type { Contrast, Model } from '../engine/answers';
import type { Lab } from './lab';
import ContrastWorker from './contrast_worker?worker&inline';
import type { ContrastReply, ContrastRequest, Side } from './contrast_worker';

const PAUSE = 250; // milliseconds that one must look before it is worked out

class Contrasts {
  private worker: Worker | null = null;
  private waiting: Promise<unknown> = Promise.resolve();
  private known = new Map<string, Promise<Contrast | null>>();

  constructor(readonly model: Model) {}

  ask(request: ContrastRequest): Promise<Contrast | null> {
    const { here, there, outcome } = request;
    const key = JSON.stringify([outcome, here.policy, [...here.world], there.policy, [...there.world]]);
    let answer = this.known.get(key);
    if (!answer) {
      answer = this.waiting.then(() => this.send(request));
      this.waiting = answer;
      this.known.set(key, answer);
    }
    return answer;
  }

  private send(request: ContrastRequest): Promise<Contrast | null> {
    const worker = (this.worker ??= new ContrastWorker());
    return new Promise((resolve) => {
      worker.onmessage = (event: MessageEvent<ContrastReply>) => resolve(event.data.contrast);
      worker.onerror = (event) => {
        event.preventDefault(); // a broken engine, as when memory ran out: there is no answer
        this.close();
        resolve(null);
      };
      worker.postMessage(request);
    });
  }

  close(): void {
    this.worker?.terminate();
    this.worker = null;
  }
}

let contrasts: Contrasts | null = null;

/** The difference taken apart; undefined until it is there, null if it can't be. */
export function useContrast(lab: Lab, outcome: number, here: Side, there: Side): Contrast | null | undefined {
  const [held, hold] = useState<{ key: unknown; contrast: Contrast | null }>();
  const key = [lab.model, outcome, here.policy, here.world, there.policy, there.world];
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => {
      if (contrasts?.model !== lab.model) {
        contrasts?.close();
        contrasts = new Contrasts(lab.model);
      }
      void contrasts.ask({ module: lab.module, text: lab.text, here, there, outcome }).then((contrast) => {
        if (wanted) hold({ key, contrast });
      });
    }, PAUSE);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, key);
  const fresh = held && (held.key as unknown[]).every((part, i) => part === key[i]);
  return fresh ? held.contrast : undefined;
}
