// One policy as it is shown: the solution of the newest world. While a world is being solved the next ones
// wait, and of those that wait only the newest is solved. Invariant: what is held is of the world
// `solved`; if that isn't the one wanted, the numbers are stale and must be shown so. Else there is
// either a `result` or a `problem`: what isn't solved is no result.
import { batch, signal } from '@preact/signals';
import type { Answer, Diagnostic, Solution, Solved } from '../engine/answers';
import { Ended } from './call';
import { Dropped, URGENCY, type Pool } from './pool';
import type { Query } from './worker';

export type { Query } from './worker';

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

/** Why an answer isn't one; null: it is. */
export function problemOf(answer: Answer & { solution?: Solution }): Problem | null {
  const { solution, status, diagnostics } = answer;
  if (solution && !solution.solved) return { reason: solution.reason, cure: solution.cure, ended: false };
  if (status <= 1) return null;
  const [told] = diagnostics;
  return { reason: told?.message ?? 'there is no solution', cure: told?.hint ?? '', ended: false };
}

const endedBy = (error: Ended): Problem => ({ reason: error.message, cure: '', ended: true });

/** Asks a pool about a policy in a world, whatever is shown. Failure is thrown if there is no answer, Dropped if
 * nobody wants it any more. */
export async function askPool<T extends Answer>(pool: Pool, policy: number, world: Float64Array, query: Query | null, urgency: number, wanted = () => true): Promise<T> {
  let answer: Answer;
  try {
    answer = await pool.ask({ policy, world, query }, urgency, wanted);
  } catch (error) {
    throw error instanceof Ended ? new Failure(endedBy(error)) : error;
  }
  const problem = problemOf(answer);
  if (problem) throw new Failure(problem);
  return answer as T;
}

interface Held {
  solved: Float64Array | null; // the world
  current: Solution | null; // no result if there is a problem
  problem: Problem | null;
  diagnostics: Diagnostic[];
  milliseconds: number; // that it took, 0: it was known
}

const NOTHING: Held = { solved: null, current: null, problem: null, diagnostics: [], milliseconds: 0 };

export class Run {
  private readonly held = signal<Held>(NOTHING);
  private readonly wanted = signal<Float64Array | null>(null);
  private working: Promise<void> | null = null;
  private closed = false;

  constructor(
    readonly policy: number,
    private readonly pool: () => Pool,
  ) {}

  get stale(): boolean {
    return this.wanted.value !== this.held.value.solved;
  }

  get current(): Solution | null {
    return this.held.value.current;
  }

  get problem(): Problem | null {
    return this.held.value.problem;
  }

  get diagnostics(): Diagnostic[] {
    return this.held.value.diagnostics;
  }

  get milliseconds(): number {
    return this.held.value.milliseconds;
  }

  /** The solution, if it is one. */
  get result(): Solution | null {
    return this.problem ? null : this.current;
  }

  /** The solution of a world, if that is the one held. */
  solutionFor(world: Float64Array): Solution | null {
    return this.held.value.solved === world ? this.current : null;
  }

  /** A solution that is known already. */
  know(world: Float64Array, solution: Solution): void {
    batch(() => {
      this.wanted.value = world;
      this.hold(world, { status: 0, diagnostics: [], solution }, 0);
    });
  }

  solve(world: Float64Array): void {
    this.wanted.value = world;
    if (this.newest) this.working ??= this.solveNewest();
  }

  /** Resolved when the newest world is solved, or can't be, and what was asked meanwhile is asked. */
  get settled(): Promise<void> {
    return (this.working ?? Promise.resolve()).then(() => {});
  }

  private hold(world: Float64Array, answer: Solved, milliseconds: number): void {
    const { solution, diagnostics } = answer;
    this.held.value = { solved: world, current: solution ?? null, problem: problemOf(answer), diagnostics, milliseconds };
  }

  /** The world that is wanted and not solved yet. */
  private get newest(): Float64Array | null {
    const wanted = this.wanted.peek();
    return this.closed || wanted === this.held.peek().solved ? null : wanted;
  }

  private async solveNewest(): Promise<void> {
    for (let world = this.newest; world; world = this.newest) await this.solveOne(world);
    this.working = null;
  }

  private async solveOne(world: Float64Array): Promise<void> {
    const start = performance.now();
    try {
      const answer = await this.pool().ask({ policy: this.policy, world, query: null }, URGENCY.shown, () => this.newest === world);
      if (this.newest) this.hold(world, answer, performance.now() - start); // else what is wanted became known meanwhile
    } catch (error) {
      const reason = error instanceof Ended || error instanceof Dropped ? error : new Ended(String(error));
      if (reason instanceof Ended) this.held.value = { ...NOTHING, solved: world, problem: endedBy(reason) };
    }
  }

  /** Asks about the result of the newest world. Stale is thrown if another came in between, Failure if
   * there is no result or no answer. */
  async ask<T extends Answer>(query: Query): Promise<T> {
    const world = this.wanted.peek();
    const wanted = () => !this.closed && world === this.wanted.peek();
    await this.working;
    if (!world || !wanted() || this.newest) throw new Stale();
    const { problem } = this.held.peek();
    if (problem) throw new Failure(problem);
    try {
      const answer = await askPool<T>(this.pool(), this.policy, world, query, URGENCY.asked, wanted);
      if (!wanted()) throw new Stale();
      return answer;
    } catch (error) {
      if (error instanceof Dropped || !wanted()) throw new Stale();
      throw error;
    }
  }

  close(): void {
    this.closed = true;
  }
}
