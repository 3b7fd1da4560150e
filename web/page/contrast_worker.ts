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

/** The difference taken apart, or why it can't be. */
export type ContrastAnswer = { contrast: Contrast } | { problem: string; ended: boolean };

const SIDES = 3;
let engine: Engine | undefined;
const held: { side: Side; used: number }[] = [];
let uses = 0;

const same = (a: Side, b: Side) => a.policy === b.policy && a.world.every((x, i) => x === b.world[i]);

/** Where a side is held, or why it can't be solved; what lies at `kept` isn't touched. */
function hold(engine: Engine, side: Side, kept: number): number | string {
  let at = held.findIndex((h) => same(h.side, side));
  if (at < 0) {
    const free = [...Array(SIDES).keys()].filter((k) => k !== kept);
    const age = (k: number) => held[k]?.used ?? -1;
    at = free.find((k) => held[k]?.side.policy === side.policy && free.every((f) => held[f])) ?? free.sort((a, b) => age(a) - age(b))[0]!;
    const { status, diagnostics } = engine.side(at, side.policy, side.world);
    held[at] = { side: status === 0 ? side : { policy: -1, world: new Float64Array() }, used: 0 };
    if (status !== 0) return diagnostics[0]?.message ?? 'one of the two is not solved';
  }
  held[at]!.used = ++uses;
  return at;
}

export function answer({ module, text, here, there, outcome }: ContrastRequest): ContrastAnswer {
  if (!engine) {
    engine = new Engine(module);
    engine.parse(text);
  }
  const a = hold(engine, here, -1);
  if (typeof a === 'string') return { problem: a, ended: false };
  const b = hold(engine, there, a);
  if (typeof b === 'string') return { problem: b, ended: false };
  const { contrast, diagnostics } = engine.contrast(a, b, outcome);
  return contrast ? { contrast } : { problem: diagnostics[0]!.message, ended: false };
}
