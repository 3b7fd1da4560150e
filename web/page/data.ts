// What the program wrote into the page: the model's text and what was asked to be shown first.
import type { Solution } from '../engine/answers';

/** What a study says (src/cli/report_study.c). Policies count Study.policies, the rest the model's. */
export interface Study {
  file: string;
  hash: string;
  design: string;
  seed: number;
  points: number; // worlds, or deep draws if `averaged`
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
    tornado: { ranks: boolean; floor: number | null; rows: { parameter: number; effect: number }[] } | null;
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

export interface Data {
  file: string; // the model's file name
  text: string;
  policies: string[]; // shown first
  set: Record<string, number>; // of --set: part of the base case
  base: Record<string, Solution>; // solved already, in the base case
  study: Study | null;
  coverage: string; // a table of what the sources say and where the model has it, or ''
}

const element = (id: string): string => document.getElementById(id)?.textContent ?? '';

export function readData(): Data {
  return JSON.parse(element('data')) as Data;
}

export function readEngine(): WebAssembly.Module {
  const bytes = Uint8Array.from(atob(element('engine').trim()), (c) => c.charCodeAt(0));
  return new WebAssembly.Module(bytes);
}
