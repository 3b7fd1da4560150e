// What leaves the page: one chart or table as a picture (SVG, PNG) or as numbers (CSV), each with all
// that is needed to read it elsewhere: title, policies, numbers that are moved, what a band is, and the
// model with its hash. Invariant: a file says the same as the page at the moment at which it was saved.
import type { Lab } from './lab';
import { colour } from './colour';
import { leftOut, pointsOf } from './bands';
import { TEXTS } from './phrases';
import { studyOf } from './verdict';
import { label, show } from './words';

export type Cell = string | number | null;

export interface Exhibit {
  name: string; // of the files, without an ending, and of the frame that shows it alone: letters, digits, '_' and '-'
  title: string;
  subtitle: string;
  policies: number[]; // that it shows, named in the order of their lines
  banded: boolean; // whether it shows bands of the study
  header: string[];
  rows: Cell[][];
  /** The chart alone, so wide; null: there is only a table. */
  draw: ((width: number) => SVGSVGElement) | null;
}

/** The place, among these names, of the part of a frame's name that stands at `part`; -1 if it is none of them. A panel that
 * lets one choose what a chart is of begins with what the frame asks for. */
export const asked = (embed: string, part: number, names: { name: string }[]): number => names.findIndex(({ name }) => name === embed.split('-')[part]);

const WIDTH = 820; // of a picture, in CSS pixels
const SCALE = 2; // pixels of a PNG for each
const MARGIN = 24;
const FONT = "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif";
const INK = '#1d2327', DIM = '#59636b', PAPER = '#ffffff';
const SVG = 'http://www.w3.org/2000/svg';

/** What stands under a picture and above the numbers: by which it can be made again. */
export function sourceLines(lab: Lab, exhibit: Exhibit, hash: string): string[] {
  const { model, data } = lab;
  const moved = lab.moved.map((i) => `${model.params[i]!.name} = ${show(lab.world[i], 6)} (base case ${show(lab.base[i], 6)})`);
  const lines = [moved.length ? `Numbers moved: ${moved.join(', ')}.` : 'Numbers: the base case, none moved.'];
  if (exhibit.banded && studyOf(lab)) lines.push(`The study ${data.study!.file}, which no slider moves: line 5 to 95 % of its ${pointsOf(lab)}, box the middle half, stroke the median${leftOut(lab) && `; ${leftOut(lab)}`}. Triangle: the numbers set.`);
  const edited = lab.text === data.text ? '' : ', edited in the page';
  lines.push(`Source: ${model.title || model.name} (${data.file}${edited}), worked out by detente ${model.version}${hash && `; SHA-256 of the model ${hash}`}.`);
  lines.push(TEXTS.compares);
  return lines;
}

/** RFC 4180: what holds a comma, a quote or a line's end stands in quotes. */
export const quoted = (cell: Cell): string => {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** The numbers, exact, below comments that say what they are of. */
export function csvOf(lab: Lab, exhibit: Exhibit, hash: string): string {
  const about = [exhibit.title, exhibit.subtitle, ...sourceLines(lab, exhibit, hash)].filter(Boolean);
  const lines = [...about.map((line) => `# ${line.replaceAll(/[\r\n]+/g, ' ')}`), ...[exhibit.header, ...exhibit.rows].map((row) => row.map(quoted).join(','))];
  return `${lines.join('\r\n')}\r\n`;
}

let measure: CanvasRenderingContext2D | null = null;

/** A text in lines of at most so many pixels; a word that is longer is cut. */
export function wrap(text: string, font: string, width: number): string[] {
  measure ??= document.createElement('canvas').getContext('2d');
  if (!measure) return [text];
  measure.font = font;
  const fits = (line: string) => measure!.measureText(line).width <= width;
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    let rest = word;
    const longer = lines.length ? `${lines.at(-1)} ${rest}` : rest;
    if (lines.length && fits(longer)) {
      lines[lines.length - 1] = longer;
      continue;
    }
    while (!fits(rest) && rest.length > 1) {
      let cut = rest.length - 1;
      while (cut > 1 && !fits(rest.slice(0, cut))) cut--;
      lines.push(rest.slice(0, cut));
      rest = rest.slice(cut);
    }
    lines.push(rest);
  }
  return lines;
}

export function node(name: string, attributes: Record<string, string | number>, text?: string): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}

const CELL = 92; // pixels of a column of numbers, at most

/** A cell as it is read. */
export const told = (cell: Cell): string => (typeof cell === 'number' ? show(cell) : (cell ?? '–'));

/** The table as a drawing, for what has no chart: columns of words share what those of numbers leave. */
function drawTable(exhibit: Exhibit, width: number): SVGSVGElement {
  const rows = [exhibit.header, ...exhibit.rows];
  const words = exhibit.header.map((_, c) => c === 0 || exhibit.rows.some((row) => typeof row[c] === 'string'));
  const cell = Math.min(CELL, width / rows[0]!.length);
  const wide = (width - cell * words.filter((w) => !w).length) / words.filter(Boolean).length;
  const left = words.map((_, c) => words.slice(0, c).reduce((sum, w) => sum + (w ? wide : cell), 0));
  const svg = node('svg', { width, height: 0 }) as SVGSVGElement;
  let y = 0;
  rows.forEach((row, r) => {
    const cells = row.map((text, c) => wrap(told(text), `${r ? '' : 'bold '}12px ${FONT}`, (words[c] ? wide : cell) - 8));
    const height = 17 * Math.max(...cells.map((lines) => lines.length)) + 5;
    cells.forEach((lines, c) => lines.forEach((line, l) => svg.append(node('text', { x: words[c] ? left[c]! : left[c]! + cell, y: y + 15 + 17 * l, 'font-size': 12, 'font-weight': r ? 'normal' : 'bold', 'text-anchor': words[c] ? 'start' : 'end', fill: INK }, line))));
    y += height;
    svg.append(node('line', { x1: 0, x2: width, y1: y, y2: y, stroke: '#d8dcdd' }));
  });
  svg.setAttribute('height', String(y + 1));
  return svg;
}

/** The whole picture, which needs nothing from anywhere. */
export function pictureOf(lab: Lab, exhibit: Exhibit, hash: string): SVGSVGElement {
  const inner = WIDTH - 2 * MARGIN;
  const svg = node('svg', { xmlns: SVG, width: WIDTH, 'font-family': FONT, color: INK, role: 'img', 'aria-label': exhibit.title }) as SVGSVGElement;
  svg.style.setProperty('--plot-background', PAPER);
  let y = MARGIN;
  const write = (text: string, size: number, fill: string, weight = 'normal') => {
    for (const line of wrap(text, `${weight} ${size}px ${FONT}`, inner)) {
      y += Math.round(size * 1.3);
      svg.append(node('text', { x: MARGIN, y: y - Math.round(size * 0.3), 'font-size': size, 'font-weight': weight, fill }, line));
    }
  };
  write(exhibit.title, 20, INK, 'bold');
  if (exhibit.subtitle) write(exhibit.subtitle, 14, DIM);
  y += 6;
  for (const policy of exhibit.policies) {
    const lines = wrap(label(lab.model.policies[policy]!), `13px ${FONT}`, inner - 20);
    svg.append(node('rect', { x: MARGIN, y: y + 4, width: 11, height: 11, rx: 2, fill: colour(policy) }));
    lines.forEach((line, i) => svg.append(node('text', { x: MARGIN + 18, y: y + 14 + 17 * i, 'font-size': 13, fill: INK }, line)));
    y += 17 * lines.length;
  }
  y += 10;
  const chart = exhibit.draw ? exhibit.draw(inner) : drawTable(exhibit, inner);
  const height = Number(chart.getAttribute('height')) || chart.getBoundingClientRect().height;
  for (const [key, value] of Object.entries({ x: MARGIN, y, width: inner, height })) chart.setAttribute(key, String(value));
  svg.append(chart);
  y += height + 8;
  for (const line of sourceLines(lab, exhibit, hash)) write(line, 11, DIM);
  y += MARGIN;
  svg.setAttribute('height', String(y));
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${y}`);
  svg.prepend(node('rect', { width: WIDTH, height: y, fill: PAPER }));
  return svg;
}

export const svgText = (svg: SVGSVGElement): string => `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}`;

/** The picture in pixels. */
export async function pngOf(svg: SVGSVGElement): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(svg))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = SCALE * WIDTH;
  canvas.height = SCALE * Number(svg.getAttribute('height'));
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the browser makes no picture'))), 'image/png'));
}
