// Which numbers decide: one at a time is moved to both ends of its range, and all policies shown are
// solved there, by the pool, when nothing else waits. A number
// decides if at an end another policy is clearly best by a headline outcome; else it counts by how far it
// moves an outcome, as a part of what the policies differ by. Where a ranking turns is then found by
// halving the way. Invariant: what is found holds for the numbers and policies that it was asked for.
import type { Turned } from '../engine/answers';
import type { Lab } from './lab';
import { Dropped } from './pool';
import { byNumbers } from './verdict';

const MOST_FOUND = 8;
const FIRST_TRIED = 24; // numbers, the likeliest first, unless all are asked for
const HALVINGS = 8;

/** Another policy is best by an outcome, past a number between the one that is set and an end of its range. */
export interface Turn extends Turned {
  outcome: number;
  from: number; // the policy that is best as it is
  far: number; // how far that is, as a part of the range
}

export interface Deciding {
  param: number;
  turn: Turn | null; // the nearest
  turns: Turn[]; // of every outcome the nearest
  move: number; // the largest change of an outcome, in parts of what the policies differ by
}

export interface Progress {
  tried: number;
  of: number;
  found: Deciding[];
  done: boolean;
  trouble: string; // why it stopped, '' if it didn't
  soonest: (Turn | null)[]; // [outcomes] of all numbers tried
  world: Float64Array; // for which it holds
}

type Outcomes = (number | null)[];

/** Numbers by how likely they are to matter: those that the study's correlations name first. */
export function candidates(lab: Lab): number[] {
  const weight = new Map<number, number>();
  for (const { policies } of lab.data.study?.outcomes ?? []) {
    for (const { tornado } of policies) {
      tornado?.rows.forEach(({ parameter, effect }) => weight.set(parameter, Math.max(weight.get(parameter) ?? 0, Math.abs(effect) / (tornado.floor || 1))));
    }
  }
  const all = [...lab.model.params.keys()].filter((i) => lab.model.params[i]!.kind !== 'fixed');
  return all.sort((a, b) => (weight.get(b) ?? 0) - (weight.get(a) ?? 0) || a - b);
}

export class Sweep {
  private readonly policies: number[];
  private readonly outcomes: number[]; // headline outcomes that have a direction
  private readonly world: Float64Array;
  private readonly there = new Map<number, Promise<(Outcomes | null)[]>>();
  private about = -1; // the number that those are of
  private closed = false;

  constructor(
    private readonly lab: Lab,
    private readonly tell: (progress: Progress) => void,
  ) {
    this.policies = lab.shown;
    this.world = lab.world;
    this.outcomes = [...lab.model.outcomes.keys()].filter((o) => lab.model.outcomes[o]!.headline && lab.model.outcomes[o]!.direction);
  }

  private solve(policy: number, world: Float64Array): Promise<Outcomes | null> {
    return this.lab.tryOut(policy, world, () => !this.closed);
  }

  /** [policies] where a number is moved to `x`; asked of one number after the other, so that outcomes share what is solved. */
  private at(param: number, x: number): Promise<(Outcomes | null)[]> {
    if (this.about !== param) this.there.clear();
    this.about = param;
    let all = this.there.get(x);
    if (!all) this.there.set(x, (all = this.solveAt(param, x)));
    return all;
  }

  private solveAt(param: number, x: number): Promise<(Outcomes | null)[]> {
    const world = this.world.slice();
    world[param] = x;
    return Promise.all(this.policies.map((policy) => this.solve(policy, world)));
  }

  private best(outcome: number, all: (Outcomes | null)[]): number | null {
    const numbers = all.flatMap((outcomes, i) => (typeof outcomes?.[outcome] === 'number' ? [{ policy: this.policies[i]!, number: outcomes[outcome]! }] : []));
    return byNumbers(numbers, this.lab.model.outcomes[outcome]!.direction).best;
  }

  /** Where, on the way to an end at which another policy is best, it becomes so. */
  private async turn(param: number, end: number, outcome: number, from: number, to: number): Promise<Turn> {
    let still = this.world[param]!, turned = end;
    for (let i = 0; i < HALVINGS && !this.closed; i++) {
      const middle = (still + turned) / 2;
      if (this.best(outcome, await this.at(param, middle)) === to) turned = middle;
      else still = middle;
    }
    const { span } = this.lab.model.params[param]!;
    return { param, outcome, from, to, at: turned, above: turned > this.world[param]!, far: Math.abs(turned - this.world[param]!) / (span[1] - span[0] || 1) };
  }

  private async look(param: number, base: (Outcomes | null)[]): Promise<Deciding> {
    const { span, list } = this.lab.model.params[param]!;
    const ends = (list.length ? [list[0]!, list.at(-1)!] : span).filter((x) => x !== this.world[param]);
    const found: Deciding = { param, turn: null, turns: [], move: 0 };
    for (const end of ends) {
      const there = await this.at(param, end);
      for (const outcome of this.outcomes) {
        const known = base.flatMap((outcomes) => (typeof outcomes?.[outcome] === 'number' ? [outcomes[outcome]!] : []));
        const apart = Math.max(...known) - Math.min(...known);
        base.forEach((outcomes, i) => {
          const [before, after] = [outcomes?.[outcome], there[i]?.[outcome]];
          if (typeof before === 'number' && typeof after === 'number' && apart > 0) found.move = Math.max(found.move, Math.abs(after - before) / apart);
        });
        const [from, to] = [this.best(outcome, base), this.best(outcome, there)];
        if (from === null || to === null || from === to) continue;
        const turn = await this.turn(param, end, outcome, from, to);
        const other = found.turns.find((t) => t.outcome === outcome);
        if (other && other.far <= turn.far) continue;
        found.turns = [...found.turns.filter((t) => t !== other), turn];
      }
    }
    found.turn = found.turns.reduce<Turn | null>((least, turn) => (!least || turn.far < least.far ? turn : least), null);
    return found;
  }

  async run(all: boolean): Promise<void> {
    const tried = candidates(this.lab).slice(0, all ? Infinity : FIRST_TRIED);
    const progress: Progress = { tried: 0, of: tried.length, found: [], done: false, trouble: '', soonest: this.lab.model.outcomes.map(() => null), world: this.world };
    try {
      const base = await Promise.all(this.policies.map((policy) => this.solve(policy, this.world)));
      for (const param of tried) {
        if (this.closed) return;
        const found = await this.look(param, base);
        const order = (d: Deciding) => (d.turn ? 1e6 : 0) + d.move;
        const kept = [...progress.found, found].filter((d) => d.move > 0).sort((a, b) => order(b) - order(a));
        const soonest = progress.soonest.map((before, o) => {
          const turn = found.turns.find((t) => t.outcome === o);
          return turn && (!before || turn.far < before.far) ? turn : before;
        });
        Object.assign(progress, { soonest, tried: progress.tried + 1, found: kept.slice(0, MOST_FOUND) });
        if (!this.closed) this.tell({ ...progress });
      }
    } catch (error) {
      if (error instanceof Dropped) return;
      progress.trouble = error instanceof Error ? error.message : String(error);
    }
    if (!this.closed) this.tell({ ...progress, done: true });
  }

  close(): void {
    this.closed = true;
  }
}
