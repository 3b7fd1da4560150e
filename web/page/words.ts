// Numbers, chances and periods in words.
import type { Model, Outcome, Variable } from '../engine/answers';
import { countedIn, figure, figuresOf, type Figures } from './figures';

const LARGE = 1e6; // from here on in words: "2.4 million"
const HUGE = 1e15; // from here on, and below the tiny, in powers of ten
const TINY = 1e-4;

const formats = new Map<string, Intl.NumberFormat>();

/** The one place where a number becomes text. */
function format(number: number, options: Intl.NumberFormatOptions): string {
  const key = JSON.stringify(options);
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.NumberFormat('en', { maximumFractionDigits: 20, ...options })));
  return made.format(number).replace('-', '−').replaceAll(',', '\u202f');
}

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** "1.2 × 10⁻⁷". */
function power(number: number): string {
  const [digits = '', exponent = ''] = number.toExponential(1).split('e');
  const raised = [...exponent.replace('+', '')].map((c) => (c === '-' ? '⁻' : RAISED[Number(c)])).join('');
  return `${digits.replace('-', '−')} × 10${raised}`;
}

/** Four digits, fewer where they say nothing: "0.0292", "13 540", "8", "2.4 million". */
export function show(number: number | null | undefined, digits = 4): string {
  if (number === null || number === undefined || !Number.isFinite(number)) return '–';
  const size = Math.abs(number);
  if (size === 0) return '0';
  if (size < TINY || size >= HUGE) return power(number);
  if (size >= LARGE) return format(number, { notation: 'compact', compactDisplay: 'long', maximumSignificantDigits: Math.min(digits, 3) });
  if (size >= 10 ** digits) return format(number, { maximumFractionDigits: 0 });
  return format(number, { maximumSignificantDigits: digits });
}

/** As on an axis, where many stand close: "2.4M", "1e−9". */
export function tick(number: number): string {
  const size = Math.abs(number);
  if (size !== 0 && (size < TINY || size >= HUGE)) return number.toExponential(1).replace('.0', '').replaceAll('-', '−').replace('+', '');
  return size >= 1e4 ? format(number, { notation: 'compact', maximumSignificantDigits: 3 }) : format(number, { maximumSignificantDigits: 4 });
}

export function signed(number: number, digits = 3): string {
  return (number > 0 ? '+' : '') + show(number, digits);
}

export function percent(probability: number | null | undefined): string {
  if (probability === null || probability === undefined) return '–';
  const p = 100 * probability;
  if (p > 0 && p < 0.01) return '< 0.01 %';
  if (p < 100 && p > 99.99) return '> 99.99 %';
  return `${format(p, { maximumSignificantDigits: p < 1 ? 2 : 3 })} %`;
}

/** "7 in 100", which is understood better than a percentage; of several that stand together see figuresOf. */
export function inHundred(probability: number | null | undefined, figures = figuresOf('probability', [probability])): string {
  return probability === null || probability === undefined ? '–' : figure(figures, probability) + countedIn(figures);
}

/** "8 of 100", as one counts histories. */
export function ofHundred(share: number): string {
  if (share > 0 && share < 0.005) return 'fewer than 1 of 100';
  if (share < 1 && share > 0.995) return 'more than 99 of 100';
  return `${Math.round(100 * share)} of 100`;
}

/** What the numbers of an outcome are. */
export type Measured = Pick<Outcome, 'form' | 'scale' | 'share'>;

/** A number of an outcome as it is read: probabilities and shares in percent, a first time that lies past the
 * horizon as "never". */
export function value(model: Pick<Model, 'horizon'>, outcome: Measured, number: number | null | undefined, digits = 3): string {
  if (number === null || number === undefined) return '–';
  if (outcome.share) return percent(number);
  if (outcome.form === 'first' && isNever(model, number)) return 'never';
  return show(number, digits);
}

const NEVER = 0.005; // periods; nearer to the one after the horizon nothing is expected to happen

const isNever = (model: Pick<Model, 'horizon'>, number: number) => number >= model.horizon + 1 - NEVER;

/** The same as the engine's sentences have it: "7 in 100", "quarter 7.3", "never". `figures`: of all that stands together. */
export function spoken(model: Pick<Model, 'horizon' | 'period'>, outcome: Measured, number: number | null | undefined, figures: Figures = figuresOf(outcome.scale, [number])): string {
  if (number === null || number === undefined) return '–';
  if (outcome.form === 'first' && isNever(model, number)) return 'never';
  const told = figure(figures, number), period = model.period || 'period';
  if (outcome.scale === 'period') return `${period} ${told}`;
  return outcome.scale === 'periods' ? `${told} ${period}s` : told + countedIn(figures);
}

/** Where nine in ten worlds lie, beside a number that says what it is counted in: "1.2 to 5.0". */
export function spokenBand(model: Pick<Model, 'horizon'>, outcome: Measured, low: number, high: number, figures: Figures): string {
  const told = (x: number) => (outcome.form === 'first' && isNever(model, x) ? 'never' : figure(figures, x));
  return `${told(low)} to ${told(high)}`;
}

/** A difference between two numbers of an outcome: of shares in percentage points. */
export function difference(outcome: Measured, number: number): string {
  return outcome.share ? `${signed(100 * number)} points` : signed(number);
}

/** How large such a difference is, whichever way it goes. */
export const distance = (outcome: Measured, number: number): string => (outcome.share ? `${show(100 * Math.abs(number), 3)} points` : show(Math.abs(number), 3));

/** A sentence that the terminal has too, in the page's signs: "93.5 %", "−0.28". */
export const typeset = (sentence: string): string => sentence.replace(/(\d)%/g, '$1 %').replace(/(?<=[( ])-(?=\d)/g, '−');

/** What something is called where it is shown: its text, else its name. */
export function label(item: { name: string; text: string }): string {
  return item.text || item.name;
}

/** What an action is called where it is explained. */
export const taken = (action: { brief: string; text: string }): string => action.text || action.brief;

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
