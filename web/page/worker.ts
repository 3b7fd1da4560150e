// One policy's engine, in a worker of its own: explores its game once for each text of the model and
// solves it again for every world. A call that throws has broken the engine; the page then starts
// another worker.
import { Engine } from '../engine/engine.mjs';
import type { Answer } from '../engine/answers';
import { answerBy } from './call';

export type Request =
  | { call: 'open'; module: WebAssembly.Module; text: string; policy: number }
  | { call: 'solve'; world: Float64Array }
  | { call: 'gaps' }
  | { call: 'overTime' }
  | { call: 'situation'; period: number; stage: number; wanted: number[] | null; fixed: number }
  | { call: 'explain'; period: number; node: number; belief: number[] | null }
  | { call: 'next'; period: number; node: number; agent: number; option: number; rank: number; belief: number[] | null };

let engine: Engine | undefined;

function answer(request: Request): Answer {
  if (request.call === 'open') {
    engine ??= new Engine(request.module);
    const parsed = engine.parse(request.text);
    return parsed.model ? engine.explore(request.policy) : parsed;
  }
  if (!engine) throw new Error('the engine has not been opened');
  switch (request.call) {
    case 'solve':
      return engine.solve(request.world);
    case 'gaps':
      return engine.gaps();
    case 'overTime':
      return engine.overTime();
    case 'situation':
      return engine.situation(request.period, request.stage, request.wanted && Int32Array.from(request.wanted), request.fixed);
    case 'explain':
      return engine.explain(request.period, request.node, request.belief && Float64Array.from(request.belief));
    case 'next':
      return engine.next(request.period, request.node, request.agent, request.option, request.rank, request.belief && Float64Array.from(request.belief));
  }
}

answerBy(answer);
