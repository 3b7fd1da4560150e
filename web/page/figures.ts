// Numbers as the engine's sentences write them, digit by digit: src/lab/figures.c again, which says why. What stands
// together has one denominator, and no more decimals than tell it apart. Invariant: the same arithmetic in the
// same order, so that a sentence and the card below it never write one number in two ways.
export type Scale = 'probability' | 'share' | 'period' | 'periods' | 'number';

export interface Figures {
  scale: Scale;
  per: number; // of a share: so many in 100, 1 000, …; of a number: in ones, millions, …; 0: in powers of ten
  decimals: number;
}

const TINY = 1e-4, MILLION = 1e6, HUGE_NUMBER = 1e15;
const RAREST = 1e6; // a share is counted in no more than a million
const SHOWS = 0.95;
const FEW = 5; // below it a share without decimals is too coarse to be compared
const EXACT = 9e15;
const MOST_DECIMALS = 6, MOST_POWER = 300;
const OF_LARGER = 1e-9, OF_SIZE = 1e-12; // what is called the same: src/base/tie.c
export const MORE_DECIMALS = 4;

const isShare = (scale: Scale) => scale === 'probability' || scale === 'share';

function powerOfTen(n: number): number {
  let power = 1;
  for (let i = 0; i < n; i++) power *= 10;
  return power;
}

const inLastDigits = (size: number, decimals: number) => Math.floor(size * powerOfTen(decimals) + 0.5);

const same = (a: number, b: number, size: number) => Math.abs(a - b) <= Math.max(OF_LARGER * Math.max(Math.abs(a), Math.abs(b)), OF_SIZE * size);

const formats = new Map<number, Intl.NumberFormat>();

function digits(count: number, decimals: number): string {
  let format = formats.get(decimals);
  if (!format) formats.set(decimals, (format = new Intl.NumberFormat('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })));
  return format.format(count / powerOfTen(decimals)).replaceAll(',', '\u202f');
}

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function power(size: number, decimals: number): string {
  let exponent = 0;
  if (size >= 1) while (size / powerOfTen(exponent + 1) >= 1 && exponent < MOST_POWER) exponent++;
  else while (size * powerOfTen(-exponent) < 1 && exponent > -MOST_POWER) exponent--;
  let count = inLastDigits(exponent < 0 ? size * powerOfTen(-exponent) : size / powerOfTen(exponent), decimals);
  if (count >= powerOfTen(decimals + 1)) {
    count = powerOfTen(decimals);
    exponent++;
  }
  return `${digits(count, decimals)} × 10${exponent < 0 ? '⁻' : ''}${[...String(Math.abs(exponent))].map((c) => RAISED[Number(c)]).join('')}`;
}

/** A number, but 0 for what is written as 0: what is left of sums that cancel isn't drawn either. */
export const settled = (number: number): number => (same(number, 0, 1) ? 0 : number);

const counted = ({ scale, per }: Figures, number: number) => (isShare(scale) ? number * per : per > 0 ? number / per : number);

/** A number as it is written, and whether it is so as it stands: not "under" or "over". */
function written(f: Figures, number: number): { text: string; whole: boolean } {
  if (!Number.isFinite(number)) return { text: 'no number', whole: true };
  const x = counted(f, number), size = Math.abs(x), sign = x < 0 ? '−' : '';
  if (f.per === 0) return { text: number === 0 ? '0' : sign + power(size, f.decimals), whole: true };
  if (same(size, 0, 1)) return { text: digits(0, f.decimals), whole: true };
  const count = inLastDigits(size, f.decimals), all = f.per * powerOfTen(f.decimals);
  if (count === 0) return { text: x < 0 ? '0' : `under ${digits(1, f.decimals)}`, whole: false };
  if (isShare(f.scale) && count === all && !same(x, f.per, f.per)) return { text: `over ${digits(all - 1, f.decimals)}`, whole: false };
  return { text: sign + digits(count, f.decimals), whole: true };
}

function perOf(scale: Scale, largest: number): number {
  let per = 1;
  if (isShare(scale)) {
    for (per = 100; per < RAREST && largest > 0 && largest * per < SHOWS; ) per *= 10;
  } else if (scale === 'number' && largest > 0) {
    if (largest < TINY || largest >= HUGE_NUMBER) return 0;
    for (let large = MILLION; large < HUGE_NUMBER && largest >= large; large *= 1000) per = large;
  }
  return per;
}

function plainDecimals(f: Figures, largest: number): number {
  if (isShare(f.scale)) return largest > 0 && counted(f, largest) < FEW ? 1 : 0;
  if (f.scale !== 'number' || f.per === 0) return 1;
  if (largest === 0) return 0;
  let decimals = 2, x = largest / f.per;
  for (; x >= 10 && decimals > 0; decimals--) x /= 10;
  for (; x < 1 && decimals < MOST_DECIMALS; decimals++) x *= 10;
  return decimals;
}

function told(f: Figures, numbers: number[]): boolean {
  const texts = numbers.map((number) => written(f, number));
  return texts.every(({ text, whole }, i) => whole && numbers.slice(0, i).every((other, j) => same(numbers[i]!, other, Math.max(Math.abs(numbers[i]!), Math.abs(other))) || texts[j]!.text !== text));
}

const endsInZeros = (f: Figures, numbers: number[]) =>
  numbers.every((number) => {
    const size = Math.abs(counted(f, number));
    return inLastDigits(size, f.decimals) === 10 * inLastDigits(size, f.decimals - 1);
  });

/** The least figures by which those of the numbers that differ are written differently, with no more than `more`
 * decimals beyond those of one alone; null: not known, left out. */
export function figuresOf(scale: Scale, all: (number | null | undefined)[], more = MORE_DECIMALS): Figures {
  const numbers = all.filter((x): x is number => typeof x === 'number' && Number.isFinite(x));
  const largest = Math.max(0, ...numbers.map(Math.abs));
  const f: Figures = { scale, per: perOf(scale, largest), decimals: 0 };
  const least = (f.decimals = plainDecimals(f, largest));
  const size = f.per > 0 ? counted(f, largest) : 1;
  while (!told(f, numbers) && f.decimals < least + more && size * powerOfTen(f.decimals + 1) < EXACT) f.decimals++;
  while (f.per > 0 && f.decimals > 0 && endsInZeros(f, numbers)) f.decimals--;
  return f;
}

/** "1 234.5", "−0.3", "under 0.1": without what it is counted in. */
export const figure = (f: Figures, number: number) => written(f, number).text;

/** What shares and large numbers are counted in, behind the number: " in 1 000", " million", or nothing. */
export function countedIn({ scale, per }: Figures): string {
  if (isShare(scale)) return ` in ${digits(per, 0)}`;
  if (scale !== 'number' || per <= 1) return '';
  return per < 1e9 ? ' million' : per < 1e12 ? ' billion' : ' trillion';
}
