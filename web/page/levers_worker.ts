// The engine that solves the cells between two policies, in a worker of its own.
import { Engine } from '../engine/engine.mjs';
import type { Levers } from '../engine/answers';

export interface LeversRequest {
  module: WebAssembly.Module;
  text: string;
  from: number;
  to: number;
  world: Float64Array;
  most: number; // cells between them
}

/** The two taken apart, or why they can't be. */
export type LeversAnswer = { levers: Levers } | { problem: string };

let engine: Engine | undefined;

export function answer({ module, text, from, to, world, most }: LeversRequest): LeversAnswer {
  if (!engine) {
    engine = new Engine(module);
    engine.parse(text);
  }
  const { levers, diagnostics } = engine.levers(from, to, world, most);
  return levers ? { levers } : { problem: diagnostics[0]?.message ?? 'a policy between the two is not solved' };
}
