// Drawings of their own for what the page draws in its own elements, for a picture that leaves it: spans between two
// numbers, one below the other (a waterfall, effects, ranges), one period as a flow, and what can reach an outcome.
// Invariant: all is said by attributes, nothing by the page's style, so that a drawing looks the same anywhere.
import type { Model, Stage } from '../engine/answers';
import { node, wrap } from './exhibit';
import { rowsOf } from './layers';
import { label } from './words';

const FONT = "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif";
const INK = '#1d2327', DIM = '#59636b', AXIS = '#d8dcdd', PAPER = '#ffffff';
const TEXT = 13, LINE = 17, BAR = 18;
const NUMBERS = 190; // pixels to the right of a drawing

/** A row: its title above, from one number to the other, and beside it what is said of that. */
export interface Span {
  title: string;
  from: number;
  to: number;
  said: string;
  fill: string;
  faint?: boolean;
}

export function drawSpans(spans: Span[], low: number, high: number, width: number): SVGSVGElement {
  const svg = node('svg', { width, height: 0 }) as SVGSVGElement;
  const at = (x: number) => 4 + ((x - low) / (high - low || 1)) * (width - NUMBERS - 8);
  let y = 0;
  for (const { title, from, to, said, fill, faint } of spans) {
    for (const line of wrap(title, `${TEXT}px ${FONT}`, width - 8)) svg.append(node('text', { x: 4, y: (y += LINE) - 4, 'font-size': TEXT, fill: faint ? DIM : INK }, line));
    svg.append(
      node('line', { x1: at(low), x2: at(high), y1: y + BAR / 2, y2: y + BAR / 2, stroke: AXIS }),
      node('rect', { x: Math.min(at(from), at(to)), width: Math.max(1, Math.abs(at(to) - at(from))), y: y + 3, height: BAR - 6, fill, opacity: faint ? 0.35 : 1 }),
    );
    const lines = wrap(said, `${TEXT}px ${FONT}`, NUMBERS - 8);
    lines.forEach((line, i) => svg.append(node('text', { x: width, y: y + 14 + LINE * i, 'text-anchor': 'end', 'font-size': TEXT, fill: INK }, line)));
    y += Math.max(BAR, LINE * lines.length) + 4;
  }
  if (low < 0 && high > 0) svg.prepend(node('line', { x1: at(0), x2: at(0), y1: 0, y2: y, stroke: DIM, 'stroke-dasharray': '2 3' }));
  svg.setAttribute('height', String(y));
  return svg;
}

/** One policy's two numbers: a ring for the one there, a dot for the one here. */
export interface Dots {
  title: string;
  there: number | null;
  here: number | null;
  said: string;
  fill: string;
}

export function drawDots(rows: Dots[], low: number, high: number, width: number): SVGSVGElement {
  const svg = node('svg', { width, height: 0 }) as SVGSVGElement;
  const at = (x: number) => 10 + ((x - low) / (high - low || 1)) * (width - NUMBERS - 20);
  let y = 0;
  for (const { title, there, here, said, fill } of rows) {
    for (const line of wrap(title, `${TEXT}px ${FONT}`, width - 8)) svg.append(node('text', { x: 4, y: (y += LINE) - 4, 'font-size': TEXT, fill: INK }, line));
    const middle = y + BAR / 2;
    svg.append(node('line', { x1: at(low), x2: at(high), y1: middle, y2: middle, stroke: AXIS }));
    if (there !== null && here !== null) svg.append(node('line', { x1: at(there), x2: at(here), y1: middle, y2: middle, stroke: fill, 'stroke-width': 2 }));
    if (there !== null) svg.append(node('circle', { cx: at(there), cy: middle, r: 5, fill: PAPER, stroke: fill, 'stroke-width': 2 }));
    if (here !== null) svg.append(node('circle', { cx: at(here), cy: middle, r: 5, fill }));
    svg.append(node('text', { x: width, y: middle + 5, 'text-anchor': 'end', 'font-size': TEXT, fill: INK }, said));
    y += BAR + 4;
  }
  svg.setAttribute('height', String(y));
  return svg;
}

// ---- one period as a flow ---------------------------------------------------------------------------

interface Line {
  text: string;
  weight?: 'bold';
  fill?: string;
  indent?: number;
}

/** What a stage says of itself, line by line. `mover`: whom one means. */
export function stageLines(stage: Stage, mover: (name: string) => string): Line[] {
  const depends = [...new Set([...stage.when, ...stage.actions.flatMap((a) => a.if), ...stage.reads])];
  return [
    ...(stage.hidden ? [{ text: 'Hidden: nobody else sees what is chosen.', fill: DIM }] : []),
    ...(stage.movers.length ? [] : [{ text: 'Chance decides.' }]),
    ...(stage.movers.length > 1 ? [{ text: "They move at once, without seeing each other's choice.", fill: DIM }] : []),
    ...stage.movers.flatMap((name, m): Line[] => [
      { text: mover(name), weight: 'bold' },
      ...stage.actions.filter((a) => a.mover === m).map((a) => ({ text: `${label(a)}${a.guard ? ` (if ${a.guard})` : ''}`, indent: 14 })),
    ]),
    ...(depends.length ? [{ text: `depends on ${depends.join(', ')}`, fill: DIM }] : []),
    ...(stage.writes.length ? [{ text: `changes ${stage.writes.join(', ')}`, fill: DIM }] : []),
  ];
}

const PAD = 10, ARROW = 26;

export function drawFlow(model: Model, mover: (name: string) => string, over: string, width: number): SVGSVGElement {
  const svg = node('svg', { width, height: 0 }) as SVGSVGElement;
  let y = 0;
  const write = ({ text, weight, fill = INK, indent = 0 }: Line, size = TEXT) => {
    for (const line of wrap(text, `${weight ?? 'normal'} ${size}px ${FONT}`, width - 2 * PAD - indent)) svg.append(node('text', { x: PAD + indent, y: (y += LINE) - 4, 'font-size': size, 'font-weight': weight ?? 'normal', fill }, line));
  };
  model.stages.forEach((stage, i) => {
    if (stage.guard) write({ text: `Only when ${stage.guard}; otherwise skipped.`, fill: DIM });
    const top = (y += 2);
    y += PAD / 2;
    write({ text: `${i + 1}  ${label(stage)}`, weight: 'bold' }, 14);
    stageLines(stage, mover).forEach((line) => write(line));
    y += PAD;
    svg.prepend(node('rect', { x: 0.5, y: top, width: width - 1, height: y - top, rx: 6, fill: PAPER, stroke: DIM, ...(stage.movers.length ? {} : { 'stroke-dasharray': '5 4' }) }));
    svg.append(node('path', { d: `M24 ${y + 2}v${ARROW - 10}m-4 -5l4 5l4 -5`, fill: 'none', stroke: DIM, 'stroke-width': 1.5 }));
    y += ARROW;
  });
  write({ text: over });
  svg.setAttribute('height', String(y + 4));
  return svg;
}

// ---- what can reach an outcome --------------------------------------------------------------------------

export const COLUMNS = ['numbers', 'sides', 'stages', 'variables', 'outcome'];
export const COLUMN = 190; // pixels
const GAP = 56;
export const ROW = 22;
const LETTERS = 28; // of a label

/** Where each part of the picture stands: what can reach an outcome, in columns, so that few lines cross. */
export interface Causes {
  parts: { name: string; text: string }[];
  columns: number[];
  links: [number, number][];
  heads: { title: string; left: number }[]; // of the columns that there is something in, and all after them
  wide: number; // pixels
  tall: number;
  left: (part: number) => number;
  middle: (part: number) => number;
}

export function layCauses(model: Model, parts: [number, number][], links: [number, number][]): Causes {
  const lists = [model.params, model.actors, model.stages, model.variables, model.outcomes];
  const columns = parts.map(([kind]) => kind);
  const rows = rowsOf(columns, links);
  const counts = COLUMNS.map((_, c) => columns.filter((column) => column === c).length);
  const tallest = Math.max(...counts);
  const first = Math.min(COLUMNS.length - 1, ...columns);
  const left = (column: number) => (column - first) * (COLUMN + GAP);
  return {
    parts: parts.map(([kind, at]) => lists[kind]![at]!),
    columns,
    links,
    heads: COLUMNS.slice(first).map((title, c) => ({ title, left: left(first + c) })),
    wide: left(COLUMNS.length - 1) + COLUMN,
    tall: ROW * (tallest + 2),
    left: (i) => left(columns[i]!),
    middle: (i) => ROW * (1.5 + rows[i]! + (tallest - counts[columns[i]!]!) / 2),
  };
}

/** The line from one part to another. */
export function linkPath({ columns, left, middle }: Causes, [a, b]: [number, number]): string {
  const forth = columns[b]! > columns[a]!;
  const x = left(a) + (forth ? COLUMN : 0), y = middle(a), u = left(b) + (forth ? 0 : COLUMN), v = middle(b);
  const bend = forth ? GAP / 2 : -GAP / 2;
  return `M${x} ${y}C${x + bend} ${y} ${u - bend} ${v} ${u} ${v}`;
}

export const cut = (text: string) => (text.length > LETTERS ? `${text.slice(0, LETTERS - 1)}…` : text);

export function drawCauses(causes: Causes, width: number): SVGSVGElement {
  const svg = node('svg', { width, height: (causes.tall * width) / causes.wide, viewBox: `0 0 ${causes.wide} ${causes.tall}` }) as SVGSVGElement;
  causes.heads.forEach(({ title, left }) => svg.append(node('text', { x: left, y: ROW * 0.7, 'font-size': 12, fill: DIM }, title)));
  causes.links.forEach((link) => svg.append(node('path', { d: linkPath(causes, link), fill: 'none', stroke: AXIS })));
  causes.parts.forEach((part, i) => svg.append(
    node('rect', { x: causes.left(i), y: causes.middle(i) - ROW / 2 + 2, width: COLUMN, height: ROW - 4, rx: 3, fill: PAPER, stroke: DIM }),
    node('text', { x: causes.left(i) + 6, y: causes.middle(i) + 4, 'font-size': 12, fill: INK }, cut(label(part))),
  ));
  return svg;
}

// ---- several charts in one drawing ------------------------------------------------------------------------

/** What a fill or a dashed line means. */
export interface Key {
  text: string;
  fill?: string;
  dash?: string;
}

/** Charts of one kind, one below the other under their titles, below what their fills and lines mean. */
export function drawStack(keys: Key[], charts: { title: string; chart: SVGSVGElement }[], width: number): SVGSVGElement {
  const svg = node('svg', { width, height: 0 }) as SVGSVGElement;
  let y = 0;
  for (const { text, fill, dash } of keys) {
    svg.append(fill === undefined
      ? node('line', { x1: 0, x2: 26, y1: y + 9, y2: y + 9, stroke: INK, 'stroke-width': 2, ...(dash ? { 'stroke-dasharray': dash } : {}) })
      : node('rect', { x: 0, y: y + 3, width: 12, height: 12, rx: 2, fill }));
    svg.append(node('text', { x: fill === undefined ? 34 : 20, y: y + 13, 'font-size': TEXT, fill: INK }, text));
    y += LINE;
  }
  for (const { title, chart } of charts) {
    y += 8;
    for (const line of wrap(title, `bold ${TEXT}px ${FONT}`, width)) svg.append(node('text', { x: 0, y: (y += LINE) - 4, 'font-size': TEXT, 'font-weight': 'bold', fill: INK }, line));
    chart.setAttribute('y', String(y));
    svg.append(chart);
    y += Number(chart.getAttribute('height'));
  }
  svg.setAttribute('height', String(y));
  return svg;
}
