// The workers that solve. Each can solve any policy, keeps the games of those that are at home with it, and
// has one queue, from which the most urgent question is taken next. A question says all that it is
// about, policy and world, so that any worker can answer it at any time, also one that takes the place of
// another that ended. Invariant: a question is answered, or rejected: with Ended if its worker
// ended, with Dropped if nobody waits for it any more or the pool was closed.
import type { Answer } from '../engine/answers';
import { Caller, Ended } from './call';
import type { Query, Request } from './worker';

export const MOST_WORKERS = 4; // what a reader's machine gives to a page

/** The smaller the sooner. */
export const URGENCY = { shown: 0, asked: 1, base: 2, idle: 3 } as const;

export class Dropped extends Error {}

/** A query about a policy's solution in a world; null: the solution itself. */
export interface Question {
  policy: number;
  world: Float64Array;
  query: Query | null;
}

interface Waiting {
  question: Question;
  urgency: number;
  wanted: () => boolean;
  resolve: (answer: Answer) => void;
  reject: (reason: Error) => void;
}

interface Desk {
  caller: Caller<Request, Answer>;
  opened: Answer | null; // what the worker said of the text; null: it hasn't been asked
  games: Set<number>; // policies
  queue: Waiting[];
  current: Waiting | null;
}

export class Pool {
  private readonly desks: Desk[];
  private readonly homes = new Map<number, Desk>(); // of policies
  private closed = false;

  /** `module` is awaited when the first question comes. */
  constructor(
    private readonly module: () => Promise<WebAssembly.Module>,
    private readonly text: string,
    size: number,
    make: () => Worker,
  ) {
    this.desks = Array.from({ length: size }, () => ({ caller: new Caller(make), opened: null, games: new Set(), queue: [], current: null }));
  }

  /** Spreads these policies evenly over the workers, leaving where they are those that can stay; others are forgotten. */
  spread(policies: number[]): void {
    const most = Math.ceil(policies.length / this.desks.length);
    const loads = new Map(this.desks.map((desk) => [desk, 0]));
    const settle = (policy: number, desk: Desk) => {
      this.homes.set(policy, desk);
      loads.set(desk, loads.get(desk)! + 1);
    };
    const before = new Map(this.homes);
    this.homes.clear();
    const homeless = policies.filter((policy) => {
      const desk = before.get(policy);
      if (!desk || loads.get(desk)! >= most) return true;
      settle(policy, desk);
      return false;
    });
    for (const policy of homeless) settle(policy, this.desks.reduce((least, desk) => (loads.get(desk)! < loads.get(least)! ? desk : least)));
  }

  /** `wanted` is asked before work begins: an answer that nobody wants any more isn't worked out. */
  ask(question: Question, urgency: number, wanted: () => boolean): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(new Dropped());
      const desk = this.homes.get(question.policy) ?? this.desks[0]!;
      desk.queue.push({ question, urgency, wanted, resolve, reject });
      if (!desk.current) void this.work(desk);
    });
  }

  private next(desk: Desk): Waiting | null {
    const dropped = desk.queue.filter((w) => !w.wanted());
    desk.queue = desk.queue.filter((w) => !dropped.includes(w));
    dropped.forEach((w) => w.reject(new Dropped()));
    if (!desk.queue.length) return null;
    const first = desk.queue.reduce((best, w) => (w.urgency < best.urgency ? w : best));
    desk.queue.splice(desk.queue.indexOf(first), 1);
    return first;
  }

  private async work(desk: Desk): Promise<void> {
    while (!this.closed && (desk.current = this.next(desk))) {
      const { question, resolve, reject } = desk.current;
      try {
        resolve(await this.answer(desk, question));
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  private async answer(desk: Desk, question: Question): Promise<Answer> {
    const { caller } = desk;
    if (!caller.alive) {
      desk.games.clear();
      desk.opened = null;
      const module = await this.module().catch((error: unknown) => {
        throw new Ended(`the engine can't be had: ${error instanceof Error ? error.message : String(error)}`);
      });
      if (this.closed) throw new Dropped();
      desk.opened = await caller.ask({ call: 'open', module, text: this.text }, true);
    }
    if (desk.opened!.status !== 0) return desk.opened!;
    const forget = [...desk.games].filter((policy) => policy !== question.policy && this.homes.get(policy) !== desk);
    forget.forEach((policy) => desk.games.delete(policy));
    desk.games.add(question.policy);
    return caller.ask({ call: 'answer', ...question, forget }, false);
  }

  close(): void {
    this.closed = true;
    for (const desk of this.desks) {
      desk.caller.close();
      for (const waiting of desk.current ? [desk.current, ...desk.queue] : desk.queue) waiting.reject(new Dropped());
      desk.queue = [];
    }
  }
}
