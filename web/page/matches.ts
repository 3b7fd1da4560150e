// Matches on the page: what one has chosen and taken so far, and how events and values are said. A match is
// nothing but its beginning and the actions taken: the engine plays them again, which takes no time worth speaking of.
import { signal } from '@preact/signals';
import type { MatchEvent, Model, Seed, Variable } from '../engine/answers';
import { figuresOf } from './figures';
import { inHundred, label, periodName, valueName } from './words';

/** Everything by name, so that it survives another text as far as that has it. */
export interface Seat {
  policy: string;
  held: string[]; // actors; none: nobody plays, and everything is drawn
  seed: Seed;
  taken: number[]; // actions
  code?: string; // by which it was asked for
}

/** The match that is being played, and the history that is being watched; they stay while one looks elsewhere. */
export const seatNow = signal<Seat | null>(null);
export const coachNow = signal(false); // whether the coach speaks at each turn
export const watchedNow = signal<{ policy: string; seed: Seed } | null>(null);

const HALF = 2 ** 32;

/** A seed of at most 53 bits, as one types it. */
export function seedOf(number: number): Seed {
  return [number % HALF, Math.floor(number / HALF)];
}

export function numberOf([low, high]: Seed): number {
  return high * HALF + low;
}

/** A seed as a reader may type it: a whole number from 1. */
export function readSeed(text: string): Seed | null {
  const number = Number(text);
  return /^\d+$/.test(text.trim()) && number >= 1 && Number.isSafeInteger(number) ? seedOf(number) : null;
}

export function anySeed(): Seed {
  return [1 + Math.floor(Math.random() * 9999), 0];
}

export function heldBy(model: Model, held: string[]): boolean[] {
  return model.actors.map(({ name }) => held.includes(name));
}

/** "bargain 40 in 100, stall 60 in 100". */
export function sharesOf(variable: Variable, share: number[]): string {
  const figures = figuresOf('probability', share);
  return share.map((p, k) => `${valueName(variable, k)} ${inHundred(p, figures)}`).join(', ');
}

/** "2017Q3", or "Period 3" where the model counts from no date. */
export function when(model: Model, period: number): string {
  return model.periods.length ? periodName(model, period) : `Period ${period}`;
}


/** What happened, in a sentence without its full stop. */
export function eventText(model: Model, event: MatchEvent): string {
  const variable = model.variables[event.variable];
  if (event.kind === 'action') return `${label(model.actors[event.actor]!)}: ${label(model.stages[event.stage]!.actions[event.action]!)}`;
  if (event.kind === 'change') return `${label(variable!)}: ${valueName(variable!, event.from)} → ${valueName(variable!, event.to)}`;
  if (event.kind === 'belief') return `What is thought of “${label(variable!)}”: ${sharesOf(variable!, event.share)}`;
  return event.text;
}
