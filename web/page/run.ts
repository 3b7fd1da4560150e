// One policy as it is shown: its worker, its base case, and the solution of the newest world. While a
// world is being solved the next ones wait, and of those that wait only the newest is solved.
// Invariant: `current` is a solution of `solved`; if that isn't `wanted`, the numbers are stale and
// must be shown so.
import type { Answer, Diagnostic, Solution, Solved } from '../engine/answers';
import type { Reply, Request } from './worker';
import EngineWorker from './worker?worker&inline';

export type Query = Exclude<Request, { call: 'open' } | { call: 'solve' }>;

export class Stale extends Error {}

const BEFORE_PREPARING = 500; // milliseconds

export class Run {
  current: Solution | null = null;
  diagnostics: Diagnostic[] = []; // why there is no solution
  problem = ''; // the same as a sentence
  milliseconds = 0; // that the last solution took
  private worker: Worker;
  private waiting: Promise<unknown> = Promise.resolve();
  private opened: Promise<boolean>;
  private wanted: Float64Array | null = null;
  private solved: Float64Array | null = null;
  private pumping = false;
  private closed = false;

  constructor(
    readonly policy: number,
    private readonly module: WebAssembly.Module,
    private readonly text: string,
    private readonly changed: () => void,
  ) {
    this.worker = new EngineWorker();
    this.opened = this.open();
  }

  private async open(): Promise<boolean> {
    const answer = await this.send({
      call: 'open',
      module: this.module,
      text: this.text,
      policy: this.policy,
    });
    if (answer.status !== 0) this.fail(answer.diagnostics);
    return answer.status === 0;
  }

  get stale(): boolean {
    return this.wanted !== this.solved;
  }

  solvedFor(world: Float64Array): boolean {
    return this.solved === world;
  }

  /** A solution that is known already. */
  know(world: Float64Array, solution: Solution): void {
    if (this.solved !== world) this.fresh = false;
    this.wanted = this.solved = world;
    this.current = solution;
    this.problem = '';
    this.diagnostics = [];
  }

  /** Solves what is known in the worker as well, once the page has had its time: so the first number moved
   * is solved by code that the browser has compiled to the end, in memory that is there. */
  prepare(): void {
    setTimeout(() => void this.pump(), BEFORE_PREPARING);
  }

  private fresh = false; // the worker itself holds the solution of `solved`

  private fail(diagnostics: Diagnostic[]): void {
    this.diagnostics = diagnostics;
    this.problem = diagnostics[0]?.message ?? 'the policy could not be solved';
    this.changed();
  }

  /** Sends one request when all before it are answered. */
  private send(request: Request): Promise<Answer> {
    const reply = this.waiting.then(
      () =>
        new Promise<Answer>((resolve) => {
          this.worker.onmessage = (event: MessageEvent<Reply>) => {
            if ('answer' in event.data) return resolve(event.data.answer);
            this.problem = event.data.broken;
            return resolve(this.restart(event.data.broken));
          };
          this.worker.postMessage(request);
        }),
    );
    this.waiting = reply;
    return reply;
  }

  /** A broken engine is replaced; what it was asked is answered by the reason. */
  private restart(reason: string): Answer {
    this.worker.terminate();
    if (!this.closed) {
      this.worker = new EngineWorker();
      this.fresh = false;
      queueMicrotask(() => {
        this.opened = this.open();
      });
    }
    const told = { severity: 'error' as const, code: 'engine', line: 0, column: 0, length: 0 };
    return { status: 3, diagnostics: [{ ...told, message: reason, hint: '', state: '' }] };
  }

  solve(world: Float64Array): void {
    this.wanted = world;
    void this.pump();
  }

  private async pump(): Promise<void> {
    if (this.pumping || this.closed) return;
    this.pumping = true;
    this.changed();
    if (await this.opened) {
      while (!this.closed && this.wanted && (this.wanted !== this.solved || !this.fresh)) {
        const world: Float64Array = this.wanted;
        const start = performance.now();
        const answer = (await this.send({ call: 'solve', world })) as Solved;
        if (this.closed) return;
        this.milliseconds = performance.now() - start;
        this.fresh = !!answer.solution;
        if (this.solved !== world || !this.fresh) this.current = answer.solution ?? null; // else it is known
        this.solved = world;
        this.problem = '';
        this.diagnostics = answer.diagnostics;
        if (!answer.solution) this.fail(answer.diagnostics);
        if (world === this.wanted) this.changed();
        if (!answer.solution) break;
      }
    }
    this.pumping = false;
    this.changed();
  }

  /** Asks about the solution of the newest world. Stale is thrown if another came in between. */
  async ask<T extends Answer>(query: Query): Promise<T> {
    const world = this.wanted;
    if (!this.fresh || this.stale) await this.settle();
    const answer = (await this.send(query)) as T;
    if (this.closed || world !== this.wanted || this.stale) throw new Stale();
    return answer;
  }

  private async settle(): Promise<void> {
    void this.pump();
    while (this.pumping && !this.closed) await new Promise((next) => setTimeout(next, 10));
    if (this.closed || !this.fresh) throw new Stale();
  }

  close(): void {
    this.closed = true;
    this.worker.terminate();
  }
}
