// Numbers, chances and periods in words.
import type { Model, Variable } from '../engine/answers';

/** Four digits, fewer where they say nothing: "0.0292", "13 540", "8". */
export function show(number: number | null | undefined, digits = 4): string {
  if (number === null || number === undefined || !Number.isFinite(number)) return '–';
  if (number === 0) return '0';
  const size = Math.abs(number);
  if (size >= 10 ** digits) return Math.round(number).toLocaleString('en-US').replaceAll(',', ' ');
  if (size < 1e-4) return number.toExponential(1).replace('-', '−').replace('−', number < 0 ? '−' : '-');
  const text = Number(number.toPrecision(digits)).toString();
  return text.replace('-', '−');
}

export function signed(number: number, digits = 3): string {
  return (number > 0 ? '+' : '') + show(number, digits);
}

export function percent(probability: number | null | undefined): string {
  if (probability === null || probability === undefined) return '–';
  const p = 100 * probability;
  if (p > 0 && p < 0.01) return '< 0.01 %';
  if (p < 100 && p > 99.99) return '> 99.99 %';
  return `${Number(p.toPrecision(p < 1 ? 2 : 3))} %`;
}

/** "40 % → 72 %", or that the two can't be told apart so. */
export function fromTo(before: number, after: number): string {
  const was = percent(before), is = percent(after);
  return was === is ? `${was}, hardly moved` : `${was} → ${is}`;
}

export function small(number: number | null): string {
  if (number === null) return '–';
  return number === 0 ? '0' : number.toExponential(1);
}

/** How likely, in the words of Intelligence Community Directive 203. */
export function likelihood(probability: number): string {
  if (probability <= 0) return 'impossible in this model';
  if (probability >= 1) return 'certain in this model';
  if (probability < 0.05) return 'almost no chance';
  if (probability < 0.2) return 'very unlikely';
  if (probability < 0.45) return 'unlikely';
  if (probability <= 0.55) return 'roughly even chance';
  if (probability <= 0.8) return 'likely';
  if (probability <= 0.95) return 'very likely';
  return 'almost certain';
}

/** What a period (from 1) is called: by its date if the model counts from one, else by its number. */
export function periodName(model: Model, period: number): string {
  return model.periods[period - 1] ?? String(period);
}

/** Whole periods for an axis, at most `most`, as far from each other. */
export function periodTicks(periods: number, most: number): number[] {
  const step = Math.ceil(periods / most);
  return [...Array(periods).keys()].filter((t) => t % step === 0).map((t) => t + 1);
}

export const FORMS = {
  ever: 'probability that it happens within the horizon',
  first: 'expected period of the first time',
  last: 'expectation at the horizon',
  mean: 'average over the periods',
  total: 'sum over the periods',
  count: 'number of periods',
} as const;

export function better(direction: number): string {
  return direction > 0 ? 'more is better' : direction < 0 ? 'less is better' : '';
}

/** The setting of each lever that is in force under a policy: "lead=seoul, drills=off". */
export function settingsOf(model: Model, policy: number): string {
  const { settings } = model.policies[policy]!;
  return model.levers.map((lever, i) => `${lever.name}=${lever.settings[settings[i]!]!.name}`).join(', ');
}

/** What a variable's value of a rank is called. */
export function valueName(variable: Variable, rank: number): string {
  if (variable.type === 'bool') return rank ? 'yes' : 'no';
  return variable.type === 'enum' ? variable.values[rank]! : String(variable.low + rank);
}
