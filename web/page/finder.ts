// The search for the numbers that decide, of which there is one for the whole page: it is started beside the sliders or
// under a sentence, and both show what it finds. It stops as soon as a number is moved; what it has found goes when
// text or policies are others.
import { effect, signal, untracked, type Signal } from '@preact/signals';
import type { Lab } from './lab';
import { Sweep, type Progress } from './sweep';

export interface Finder {
  readonly progress: Signal<Progress | null>;
  start(all: boolean): void;
  stop(): void;
}

const finders = new WeakMap<Lab, Finder>();

function make(lab: Lab): Finder {
  const progress = signal<Progress | null>(null);
  let sweep: Sweep | null = null;
  let about: unknown[] = [];
  const stop = () => {
    sweep?.close();
    sweep = null;
    const before = progress.peek();
    if (before && !before.done) progress.value = { ...before, done: true };
  };
  const start = (all: boolean) => {
    stop();
    progress.value = { tried: 0, of: 0, found: [], done: false, trouble: '', soonest: [], world: lab.world };
    sweep = new Sweep(lab, (found) => (progress.value = found));
    void sweep.run(all);
  };
  effect(() => {
    const { model, shown, world } = lab; // read: done again for another of each
    const now = [model, shown.join()];
    untracked(() => {
      if (progress.peek()?.world !== world) stop();
      if (now.some((part, i) => part !== about[i])) progress.value = null;
      about = now;
    });
  });
  return { progress, start, stop };
}

export function finderOf(lab: Lab): Finder {
  let finder = finders.get(lab);
  if (!finder) finders.set(lab, (finder = make(lab)));
  return finder;
}
