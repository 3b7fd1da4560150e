// What the program wrote into the page: the model's text and what was asked to be shown first.
import type { Answered, Model, Solution } from '../engine/answers';
import { decode } from './coded.mjs';
import { inflated } from './inflate';
import { unpacked } from './lzma';

/** What a study says (src/cli/report_study.c). Policies count Study.policies, the rest the model's. */
export interface Study {
  file: string;
  hash: string;
  design: string;
  seed: number;
  worlds: number;
  failed: number; // of these, left out: not solved under one of the policies
  unfinished: number; // left out: not done under each policy
  failures: number[]; // [policies] worlds not solved under each
  points: number; // those that count: worlds, or deep draws if `averaged`
  averaged: boolean;
  deep: number;
  risk: number;
  policies: number[];
  bands: Band[][]; // [the model's outcomes][policies]
  outcomes: StudyOutcome[]; // those that have a direction
}

/** Quantiles over the points: 0, 5, 25, 50, 75, 95, 100 %. */
export type Band = (number | null)[];

export interface StudyOutcome {
  outcome: number;
  bad: number | null; // a fourth of all worlds are worse
  policies: {
    best: number | null;
    regrets: number[]; // from the least to the largest
    box: Box | null;
    tornado: { ranks: boolean; floor: number | null; tests: number; rows: { parameter: number; effect: number }[] } | null;
  }[];
  decision: {
    best: number;
    perfect: number | null;
    floor: number | null;
    rows: { parameter: number; worth: number | null; turn: number | null; below: number | null; above: number | null; best_below?: number; best_above?: number }[];
  } | null;
}

export interface Box {
  points: number;
  interest: number;
  inside: number;
  coverage: number;
  density: number;
  limits: { parameter: number; upper: boolean; at: number }[];
}

/** A number before and after a fit (docs/lab.md, "A fit, and what happened"). */
export interface PosteriorNumber {
  parameter: number;
  uniform: boolean;
  learned: number;
  edges: number[];
  prior: PosteriorSide;
  posterior: PosteriorSide;
}

export interface PosteriorSide {
  mean: number;
  sd: number;
  quantiles: number[]; // 0, 5, 25, 50, 75, 95, 100 %
  shares: number[]; // of the bins between the edges
}

export interface Posterior {
  fitted: string;
  draws: number;
  evidence: number | null;
  evidence_error: number | null;
  numbers: PosteriorNumber[];
}

/** What is said of a column: of each row, null where nothing is. */
export interface Expected {
  probabilities: (number[] | null)[];
  quantiles: (number[] | null)[] | null; // places among the values; null of a choice
}

export interface FanColumn {
  name: string;
  variable: boolean;
  values: string[];
  observed: (number | null)[];
  one_ahead: Expected;
  free: Expected;
}

/** A history beside what is said of it. */
export interface Fan {
  history: string;
  fitted: [number, number] | null; // rows, from 1
  free_from: number; // a row
  worlds: number;
  failed: number;
  shares: number[];
  periods: string[];
  columns: FanColumn[];
}

/** What `detente referee` said of the model, the worst first (src/cli/report_referee.c). */
export interface Refereed {
  solutions: number; // that it made
  findings: { kind: string; gravity: 'grave' | 'serious' | 'mild'; text: string; command: string }[];
}

export interface Data {
  file: string; // the model's file name
  text: string;
  model: Model; // what the text says; it stands compressed
  policies: string[]; // shown first
  set: Map<string, number>; // of --set: part of the base case
  base: Map<string, Solution>; // of a policy: solved already, in the base case
  nominal: Map<string, (number | null)[]>; // of a policy: its outcomes in the base case, null where it isn't solved
  answered: Answered | null; // in the base case, from the study if there is one
  study: Study | null;
  posterior: Posterior | null;
  fan: Fan[] | null;
  referee: Refereed | null;
  coverage: string; // a table of what the sources say and where the model has it, or ''
}

const element = (id: string): string => document.getElementById(id)?.textContent ?? '';

/** What is kept by a name becomes a Map: a model may call anything `constructor` or `__proto__`. */
export async function readData(): Promise<Data> {
  const data = JSON.parse(element('data'));
  return { ...data, model: JSON.parse(await inflated('model')), set: new Map(Object.entries(data.set)), base: new Map(Object.entries(data.base)), nominal: new Map(Object.entries(data.nominal)) } as Data;
}

/** The engine, which stands behind everything else in the page, is read and compiled once, when it is asked for first. */
export function engineReader(): () => Promise<WebAssembly.Module> {
  let module: Promise<WebAssembly.Module> | undefined;
  return () => (module ??= compileEngine());
}

/** Scripts that are read when they are needed, and what each calls what it exports (vite.config.js). */
const SCRIPTS = { charts: 'detenteCharts', editor: 'detenteEditor' };

/** What stands compressed in the page, once all of the page is there. */
async function unpackedPart(id: 'engine' | keyof typeof SCRIPTS): Promise<Uint8Array> {
  if (document.readyState === 'loading') await new Promise((there) => document.addEventListener('DOMContentLoaded', there, { once: true }));
  return unpacked(decode(element(id)));
}

/** Runs a script that stands compressed in the page, and admitted by its hash in the page's security policy, and gives what it exports. */
export async function runPart<T>(id: keyof typeof SCRIPTS): Promise<T> {
  const script = document.createElement('script');
  script.textContent = new TextDecoder().decode(await unpackedPart(id));
  document.head.append(script); // runs it
  script.remove();
  const exported = (globalThis as { [name: string]: unknown })[SCRIPTS[id]];
  if (!exported) throw new Error('the browser refused its script');
  return exported as T;
}

async function compileEngine(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await unpackedPart('engine'));
}
