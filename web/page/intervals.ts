// Policies by one outcome as a drawing of its own: what Answer and Compare draw in the page's own
// elements, for a picture that leaves it. A row for each policy: its text, then the band with
// quartiles and median and the number of now as a triangle, or without a study a bar.
import type { Band } from './data';
import { colour } from './colour';
import { node, wrap, type Cell } from './exhibit';
import type { Lab } from './lab';
import { figuresOf, settled, type Figures } from './figures';
import { label, spoken, spokenBand } from './words';

export interface Row {
  policy: number;
  now: number | null; // at the numbers set
  band: Band | null;
}

/** How the numbers of a card are written together: what its rows begin with, medians or what there is. Many rows would
 * ask for many decimals; one more than alone is as much as one reads. */
export function figuresIn(lab: Lab, outcome: number, rows: Row[]): Figures {
  return figuresOf(lab.model.outcomes[outcome]!.scale, rows.map(({ band, now }) => (band ? band[3] : now)), 1);
}

/** A row as it is drawn. */
export const settledRow = ({ policy, now, band }: Row): Row => ({ policy, now: now === null ? null : settled(now), band: band && band.map((x) => (x === null ? null : settled(x))) });

const NUMBERS = 190; // pixels to the right of the drawing
const LINE = 17, BAR = 24;
const INK = '#1d2327', DIM = '#59636b', AXIS = '#d8dcdd';

export function drawIntervals(lab: Lab, outcome: number, rows: Row[], width: number): SVGSVGElement {
  const about = lab.model.outcomes[outcome]!;
  const all = rows.flatMap(({ band, now }) => [band?.[1], band?.[5], now]).filter((x): x is number => typeof x === 'number');
  const bars = rows.every(({ band }) => !band);
  const low = Math.min(...(about.share || bars ? [0] : []), ...all), high = Math.max(...(bars ? [0] : []), ...all);
  const at = (x: number) => 4 + ((x - low) / (high - low || 1)) * (width - NUMBERS - 8);
  const figures = figuresIn(lab, outcome, rows);
  const svg = node('svg', { width, height: 0 }) as SVGSVGElement;
  let y = 0;
  for (const { policy, now, band } of rows) {
    for (const line of wrap(label(lab.model.policies[policy]!), '13px sans-serif', width - 8)) svg.append(node('text', { x: 4, y: (y += LINE) - 4, 'font-size': 13, fill: INK }, line));
    const middle = y + BAR / 2 - 2;
    svg.append(node('line', { x1: at(low), x2: at(high), y1: middle, y2: middle, stroke: AXIS }));
    if (band) {
      const [, p5, p25, p50, p75, p95] = band.map((x) => at(x ?? low));
      svg.append(
        node('line', { x1: p5!, x2: p95!, y1: middle, y2: middle, stroke: colour(policy), 'stroke-width': 3 }),
        node('rect', { x: p25!, width: Math.max(0, p75! - p25!), y: middle - 6, height: 12, fill: colour(policy), opacity: 0.55 }),
        node('line', { x1: p50!, x2: p50!, y1: middle - 8, y2: middle + 8, stroke: INK, 'stroke-width': 2 }),
      );
      if (now !== null) svg.append(node('path', { d: `M${at(now)},${middle + 5} l4,6 h-8 z`, fill: INK }));
    } else if (now !== null) {
      svg.append(node('rect', { x: Math.min(at(0), at(now)), width: Math.abs(at(now) - at(0)), y: middle - 6, height: 12, fill: colour(policy) }));
    }
    const told = spoken(lab.model, about, band ? band[3] : now, figures);
    svg.append(node('text', { x: width, y: middle + 1, 'text-anchor': 'end', 'font-size': 14, 'font-weight': 'bold', fill: INK }, told));
    if (band) svg.append(node('text', { x: width, y: middle + 15, 'text-anchor': 'end', 'font-size': 11, fill: DIM }, spokenBand(lab.model, about, band[1]!, band[5]!, figures)));
    y += BAR + (band ? 8 : 4);
  }
  svg.setAttribute('height', String(y));
  return svg;
}

export const INTERVAL_HEADER = ['policy', 'text', 'now', 'base case', '5 %', '25 %', 'median', '75 %', '95 %'];

/** The numbers of the drawing. */
export function intervalRow(lab: Lab, outcome: number, { policy, now, band }: Row): Cell[] {
  const { name, text } = lab.model.policies[policy]!;
  return [name, text, now, lab.baseOf(policy)?.outcomes[outcome] ?? null, ...[1, 2, 3, 4, 5].map((q) => band?.[q] ?? null)];
}
