// Private variables as the page shows them: which there are, what can be believed of them, and the places
// of the sliders that set a belief. A belief about values 1 … K is kept by its sums from above,
// P(value m or a later one), m = 2 … K: each has a slider, whose stops are the grid's, so that whatever the
// sliders say, as long as they don't rise with m, is a point of the grid.
import type { Belief, ExplainedMover, Explanation, Model, Variable } from '../engine/answers';
import { label, valueName } from './words';

export interface Secret {
  place: number; // among the variables
  variable: Variable;
  owner: string;
  first: number; // of its values among those of all private variables
  values: string[];
}

export function secretsOf(model: Model): Secret[] {
  let first = 0;
  return model.variables.flatMap((variable, place) => {
    if (variable.owner < 0) return [];
    const values = [...Array(variable.high - variable.low + 1).keys()].map((k) => valueName(variable, k));
    const secret = { place, variable, owner: label(model.actors[variable.owner]!), first, values };
    first += values.length;
    return [secret];
  });
}

/** "what it is after: stall", of one who knows something; else nothing. */
export function typeOf(model: Model, { variable, rank }: ExplainedMover): string {
  const secret = secretsOf(model).find(({ place }) => place === variable);
  return secret ? `${label(secret.variable)}: ${secret.values[rank]}` : '';
}

/** Who moves, whatever it knows: "North Korea" of "North Korea (what it is after: stall)". */
export function nameOf(model: Model, mover: ExplainedMover): string {
  const type = typeOf(model, mover);
  return type ? mover.called.slice(0, -` (${type})`.length) : mover.called;
}

/** What the others believe of a mover's type; 1 of one who knows nothing. */
export const believedOf = ({ beliefs }: Explanation, { variable, rank }: ExplainedMover): number => beliefs.find((b) => b.variable === variable)?.share[rank] ?? 1;

/** The beliefs about all private variables in one list. */
export function allOf(beliefs: Belief[]): number[] {
  return beliefs.flatMap(({ share }) => share);
}

export const shareOf = (secret: Secret, all: number[]): number[] => all.slice(secret.first, secret.first + secret.values.length);

/** Where the sliders stand: for each value but the first, the stop of the belief that it is that or a later one. */
export function stopsOf({ variable, values }: Secret, share: number[]): number[] {
  return values.slice(1).map((_, m) => {
    const above = share.slice(m + 1).reduce((sum, p) => sum + p, 0);
    const far = variable.knots.map((knot) => Math.abs(knot - above));
    return far.indexOf(Math.min(...far));
  });
}

/** All sliders once that of value `m` stands at `stop`: those before it are no lower, those after it no higher. */
export function moveStop(stops: number[], m: number, stop: number): number[] {
  return stops.map((s, k) => (k < m ? Math.max(s, stop) : k > m ? Math.min(s, stop) : stop));
}

export function beliefAt({ variable }: Secret, stops: number[]): number[] {
  const above = [1, ...stops.map((s) => variable.knots[s]!), 0];
  return above.slice(1).map((next, k) => above[k]! - next);
}

/** "bargain", "begun or finished", "3 or later ones": the values from the m-th on. */
export function fromOn({ variable, values }: Secret, m: number): string {
  const rest = values.slice(m);
  if (rest.length <= 2) return rest.join(' or ');
  return variable.type === 'range' ? `${rest[0]} or more` : `${rest.slice(0, -1).join(', ')} or ${rest.at(-1)}`;
}

/** The value whose share grows most, if one grows by more than what is told. */
export function gainer(before: number[], after: number[]): number {
  const gain = after.map((p, k) => p - before[k]!);
  const most = Math.max(...gain);
  return most > 0.0005 ? gain.indexOf(most) : -1;
}

/** From the palest for the first value to the strongest for the last, whatever the theme. */
export function shade(rank: number, values: number): string {
  return `color-mix(in srgb, var(--accent) ${18 + Math.round((72 * rank) / Math.max(1, values - 1))}%, var(--card))`;
}
