// An engine in a worker: it has one text of the model, keeps the games of the policies it was asked about,
// and the solutions of the two asked about last, of one where games are many: solutions are what memory goes
// to. A question names policy and world; whatever isn't there yet is worked out first, or again. A call that
// throws has broken the engine; the page then starts another worker.
import { Engine } from '../engine/engine.mjs';
import type { Answer, Explored, Seed, Solved, Tried } from '../engine/answers';

export type Query =
  | { call: 'gaps' }
  | { call: 'overTime' }
  | { call: 'situation'; period: number; stage: number; wanted: number[] | null; fixed: number }
  | { call: 'explain'; period: number; node: number; belief: number[] | null }
  | { call: 'next'; period: number; node: number; agent: number; option: number; rank: number; belief: number[] | null }
  | { call: 'tree' }
  | { call: 'match'; seed: Seed; held: boolean[]; taken: number[] }
  | { call: 'spread'; seed: Seed; actors: number; first: number; count: number }
  | { call: 'code'; code: string }
  | { call: 'follow'; file: string }
  /** For these a policy needn't be solved. */
  | { call: 'chance' }
  | { call: 'half' }
  | { call: 'answered'; policies: Numbers[]; baseline: number; moved: boolean; tried: Tried | null };

/** What a policy comes to, null where it isn't solved, and what it would if everybody tossed coins. */
export interface Numbers {
  policy: number;
  outcomes: (number | null)[];
  chance: (number | null)[] | null;
}

export type Request =
  | { call: 'open'; module: WebAssembly.Module; text: string }
  /** `forget`: policies whose games are of no more use here. */
  | { call: 'answer'; policy: number; world: Float64Array; query: Query | null; forget: number[] }
  /** About a text that is being written, whatever is open. */
  | { call: 'marks'; module: WebAssembly.Module; text: string }
  | { call: 'offers'; module: WebAssembly.Module; text: string; at: number };

const SOLUTIONS = 2; // kept at a time
const MANY_GAMES = 4; // beyond which it is one

let engine: Engine | undefined;
/** By policy, the one asked about last at the end; what the engine has the solution of is `kept`. */
const solved = new Map<number, { world: Float64Array; answer: Solved; kept: boolean }>();

function open(module: WebAssembly.Module, text: string): Answer {
  engine ??= new Engine(module);
  solved.clear();
  return engine.parse(text);
}

function forget(engine: Engine, policy: number, game: boolean): void {
  engine.forget(policy, game);
  const before = solved.get(policy);
  if (game) solved.delete(policy);
  else if (before) before.kept = false;
}

/** Takes up a policy, for a world. */
function explore(engine: Engine, policy: number, world: Float64Array): Explored {
  const explored = engine.explore(policy, world);
  const before = solved.get(policy);
  if (explored.fresh && before) before.kept = false;
  return explored;
}

/** The solution of a policy in a world; if `needed` the engine has it at hand from then on. */
function solve(engine: Engine, policy: number, world: Float64Array, needed: boolean): Solved {
  const before = solved.get(policy);
  const same = before && before.world.every((x, i) => x === world[i]);
  if (same && !needed) return before.answer;
  const kept = [...solved].filter(([other, { kept }]) => kept && other !== policy).map(([other]) => other);
  const most = solved.size > MANY_GAMES ? 1 : SOLUTIONS;
  for (const other of kept.slice(0, Math.max(0, kept.length + 1 - most))) forget(engine, other, false);
  const explored = explore(engine, policy, world);
  if (explored.status !== 0) return explored;
  const answer = same && before.kept ? before.answer : engine.solve(world);
  solved.delete(policy);
  solved.set(policy, { world, answer, kept: true });
  return answer;
}

/** Of the game alone, whatever is solved: what needs no solution, or another. */
function ofGame(engine: Engine, policy: number, world: Float64Array, call: 'chance' | 'half'): Answer {
  const explored = explore(engine, policy, world);
  return explored.status === 0 ? engine[call](world) : explored;
}

function ask(engine: Engine, query: Exclude<Query, { call: 'chance' | 'half' | 'answered' }>): Answer {
  switch (query.call) {
    case 'gaps':
      return engine.gaps();
    case 'overTime':
      return engine.overTime();
    case 'situation':
      return engine.situation(query.period, query.stage, query.wanted && Int32Array.from(query.wanted), query.fixed);
    case 'explain':
      return engine.explain(query.period, query.node, query.belief && Float64Array.from(query.belief));
    case 'next':
      return engine.next(query.period, query.node, query.agent, query.option, query.rank, query.belief && Float64Array.from(query.belief));
    case 'tree':
      return engine.tree();
    case 'match':
      return engine.match(query.seed, query.held, query.taken);
    case 'spread':
      return engine.spread(query.seed, query.actors, query.first, query.count);
    case 'code':
      return engine.code(query.code);
    case 'follow':
      return engine.follow(query.file);
  }
}

export function answer(request: Request): Answer {
  if (request.call === 'open') return open(request.module, request.text);
  if (request.call === 'marks') return (engine ??= new Engine(request.module)).marks(request.text);
  if (request.call === 'offers') return (engine ??= new Engine(request.module)).offers(request.text, request.at);
  if (!engine) throw new Error('the engine has not been opened');
  for (const policy of request.forget) forget(engine, policy, true);
  const { policy, world, query } = request;
  if (query?.call === 'answered') return engine.answered(query.policies, query.baseline, query.moved, world, query.tried);
  if (query?.call === 'chance' || query?.call === 'half') return ofGame(engine, policy, world, query.call);
  const answer = solve(engine, policy, world, query !== null);
  return query && answer.solution?.solved ? ask(engine, query) : answer;
}
