// The engine that takes differences apart, in a worker of its own, so that sliders don't wait for it. It
// holds three solutions at a time; of those that aren't asked for the longest unused goes first.
import { Engine } from '../engine/engine.mjs';
import type { Contrast } from '../engine/answers';

/** A policy in a world. */
export interface Side {
  policy: number;
  world: Float64Array;
}

export interface ContrastRequest {
  module: WebAssembly.Module;
  text: string;
  here: Side;
  there: Side;
  outcome: number;
}

export type ContrastReply = { contrast: Contrast | null };

const SIDES = 3;
let engine: Engine | undefined;
const held: { side: Side; used: number }[] = [];
let uses = 0;

const same = (a: Side, b: Side) => a.policy === b.policy && a.world.every((x, i) => x === b.world[i]);

/** Where a side is held, or -1 if it can't be solved; what lies at `kept` isn't touched. */
function hold(side: Side, kept: number): number {
  let at = held.findIndex((h) => same(h.side, side));
  if (at < 0) {
    const free = [...Array(SIDES).keys()].filter((k) => k !== kept);
    const age = (k: number) => held[k]?.used ?? -1;
    at = free.find((k) => held[k]?.side.policy === side.policy && free.every((f) => held[f])) ?? free.sort((a, b) => age(a) - age(b))[0]!;
    const { status } = engine!.side(at, side.policy, side.world);
    held[at] = { side: status <= 1 ? side : { policy: -1, world: new Float64Array() }, used: 0 };
    if (status > 1) return -1;
  }
  held[at]!.used = ++uses;
  return at;
}

self.onmessage = (event: MessageEvent<ContrastRequest>) => {
  const { module, text, here, there, outcome } = event.data;
  if (!engine) {
    engine = new Engine(module);
    engine.parse(text);
  }
  const a = hold(here, -1);
  const b = a < 0 ? -1 : hold(there, a);
  const contrast = b < 0 ? null : engine.contrast(a, b, outcome).contrast;
  self.postMessage({ contrast } satisfies ContrastReply);
};
