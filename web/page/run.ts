// One policy as it is shown: its worker, its base case, and the solution of the newest world. While a
// world is being solved the next ones wait, and of those that wait only the newest is solved.
// Invariant: what is held is of the world `solved`; if that isn't `wanted`, the numbers are stale and
// must be shown so. Else there is either a `result` or a `problem`: what isn't solved is no result.
import type { Answer, Diagnostic, Solution, Solved } from '../engine/answers';
import { Caller, Ended } from './call';
import type { Request } from './worker';
import EngineWorker from './worker?worker&inline';

export type Query = Exclude<Request, { call: 'open' } | { call: 'solve' }>;

/** Another world came in between. */
export class Stale extends Error {}

/** Why there is no result, and what to do about it. */
export interface Problem {
  reason: string; // a sentence without its full stop
  cure: string; // '' if none is known
  ended: boolean; // the worker ended: it may be tried again
}

/** A question that has no answer. */
export class Failure extends Error {
  constructor(readonly problem: Problem) {
    super(problem.reason);
  }
}

/** A world solved before the one that is wanted, for somebody else. */
interface Before {
  world: Float64Array;
  take: (found: Solution | null) => void;
}

const BEFORE_PREPARING = 500; // milliseconds

function problemOf(answer: Answer): Problem {
  const [told] = answer.diagnostics;
  return { reason: told?.message ?? 'there is no solution', cure: told?.hint ?? '', ended: false };
}

export class Run {
  current: Solution | null = null; // of `solved`; no result if there is a problem
  problem: Problem | null = null;
  diagnostics: Diagnostic[] = []; // of `solved`
  milliseconds = 0; // that the last solution took
  private caller = new Caller<Request, Answer>(() => new EngineWorker());
  private wanted: Float64Array | null = null;
  private before: Before | null = null;
  private solved: Float64Array | null = null;
  private fresh = false; // the worker itself holds the solution of `solved`
  private trouble: Problem | null = null; // why it doesn't
  private refused: Answer | null = null; // the text and the policy, whatever the world
  private busy = false;
  private working: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    readonly policy: number,
    private readonly module: WebAssembly.Module,
    private readonly text: string,
    private readonly changed: () => void,
  ) {}

  get stale(): boolean {
    return this.wanted !== this.solved;
  }

  /** The solution, if it is one. */
  get result(): Solution | null {
    return this.problem ? null : this.current;
  }

  solvedFor(world: Float64Array): boolean {
    return this.solved === world;
  }

  /** A solution that is known already. */
  know(world: Float64Array, solution: Solution): void {
    if (this.solved !== world) this.fresh = false;
    this.wanted = this.solved = world;
    this.diagnostics = [];
    this.hold(solution);
  }

  /** Solves what is known in the worker as well, once the page has had its time: so the first number moved
   * is solved by code that the browser has compiled to the end, in memory that is there. */
  prepare(): void {
    setTimeout(() => void this.work(), BEFORE_PREPARING);
  }

  solve(world: Float64Array, before: Before | null = null): void {
    this.wanted = world;
    this.before ??= before;
    void this.work();
  }

  private hold(solution: Solution): void {
    const { solved, reason, cure } = solution;
    this.current = solution;
    this.problem = solved ? null : { reason, cure, ended: false };
  }

  /** Until the newest world is solved, or can't be. */
  private work(): Promise<void> {
    if (!this.busy && !this.closed) {
      this.busy = true;
      this.working = this.solveNewest();
    }
    return this.working;
  }

  private async solveNewest(): Promise<void> {
    try {
      this.changed();
      while (!this.closed && this.wanted && (this.stale || !this.fresh)) {
        const { before } = this;
        const world: Float64Array = before ? before.world : this.wanted;
        const start = performance.now();
        const answer = await this.answerFor(world);
        if (this.closed) return;
        if (before) {
          this.before = null;
          this.fresh = false;
          before.take((!(answer instanceof Ended) && answer.solution) || null);
          continue;
        }
        this.milliseconds = performance.now() - start;
        this.take(world, answer);
        if (world === this.wanted && !this.fresh) break;
      }
    } finally {
      this.busy = false;
      if (!this.closed) this.changed();
    }
  }

  /** The worker's answer, or why it ended. */
  private async answerFor(world: Float64Array): Promise<Solved | Ended> {
    const { module, text, policy } = this;
    try {
      if (this.refused) return this.refused;
      if (!this.caller.alive) {
        const opened = await this.caller.ask({ call: 'open', module, text, policy }, true);
        if (opened.status !== 0) return (this.refused = opened);
      }
      return await this.caller.ask({ call: 'solve', world }, false);
    } catch (error) {
      if (error instanceof Ended) return error;
      throw error;
    }
  }

  private take(world: Float64Array, answer: Solved | Ended): void {
    if (world !== this.wanted && !this.stale) {
      this.fresh = false; // what is wanted became known meanwhile
      return;
    }
    const known = this.solved === world && this.current; // it stays, whether the worker has it or not
    const solution = answer instanceof Ended ? undefined : answer.solution;
    this.solved = world;
    this.fresh = !!solution;
    this.trouble = null;
    if (answer instanceof Ended) this.trouble = { reason: answer.message, cure: '', ended: true };
    else if (!solution || answer.status > 1) this.trouble = problemOf(answer);
    if (known) return;
    this.problem = null;
    this.diagnostics = answer instanceof Ended ? [] : answer.diagnostics;
    if (solution) this.hold(solution);
    else this.current = null;
    this.problem ??= this.trouble;
  }

  /** Asks about the result of the newest world. Stale is thrown if another came in between, Failure if
   * there is no result or no answer. */
  async ask<T extends Answer>(query: Query): Promise<T> {
    const world = this.wanted;
    const late = () => this.closed || world !== this.wanted || this.stale;
    if (this.stale || (!this.fresh && !this.problem)) await this.work();
    if (late()) throw new Stale();
    const problem = this.problem ?? (this.fresh ? null : this.trouble);
    if (problem) throw new Failure(problem);
    let answer: T;
    try {
      answer = (await this.caller.ask(query, false)) as T;
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      this.fresh = false;
      if (late()) throw new Stale();
      throw new Failure({ reason: error.message, cure: '', ended: true });
    }
    if (late()) throw new Stale();
    if (answer.status > 1) throw new Failure(problemOf(answer));
    return answer;
  }

  close(): void {
    this.closed = true;
    this.caller.close();
  }
}
