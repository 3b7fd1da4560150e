// The shapes of the engine's answers: src/lab and web/engine/engine.c write them.

export interface Diagnostic {
  severity: 'error' | 'warning';
  code: string;
  line: number; // from 1; 0: no place
  column: number; // in characters, from 1
  length: number;
  message: string;
  hint: string;
  state: string;
}

export interface Answer {
  status: number; // 0 done, 1 the answer is no, 2 wrong, 3 a limit
  diagnostics: Diagnostic[];
}

export interface Named {
  name: string;
  text: string; // description, '' if none
  line: number;
}

export interface Parameter extends Named {
  value: number;
  low: number | null;
  high: number | null;
  list: number[]; // the values it is declared over, ascending; none: a range
  kind: 'fixed' | 'deep' | 'risk';
  distribution: string;
  source: number; // -1: none
  judgement: boolean;
}

export interface Variable extends Named {
  type: 'bool' | 'range' | 'enum';
  low: number;
  high: number;
  start: number;
  owner: number;
  values: string[]; // of an enum
}

export interface Action extends Named {
  mover: number;
  if: string[]; // variables and choices that its guard reads
}

export interface Stage extends Named {
  movers: string[]; // none: chance
  when: string[];
  actions: Action[];
  reads: string[];
  writes: string[];
}

export interface Outcome extends Named {
  direction: -1 | 0 | 1;
  form: 'ever' | 'first' | 'last' | 'mean' | 'total' | 'count';
}

export interface Policy extends Named {
  source: number;
  teams: number[][]; // actors
  holders: number[]; // of each role, an actor
  settings: number[]; // of each lever, the one in force
  set: Record<string, number>; // by name: ask Object.hasOwn
}

/** A dimension of policy. */
export interface Lever extends Named {
  settings: Named[];
}

export interface Model {
  name: string;
  title: string;
  version: string;
  period: string;
  periods: string[]; // the label of each, "2017Q3"; [] if the model counts from no date
  horizon: number;
  lookahead: number; // -1: forever
  actors: (Named & { unit: string })[]; // unit of payoffs, '' if not given
  sources: Named[];
  roles: Named[];
  params: Parameter[];
  variables: Variable[];
  stages: Stage[];
  terms: (Named & { owner: string })[];
  outcomes: Outcome[];
  levers: Lever[];
  policies: Policy[];
}

export interface Counts {
  states: number;
  nodes: number;
  chance: number;
  sole: number;
  simultaneous: number;
  branches: number;
  coefficients: number;
}

export interface Solution {
  solved: boolean; // else no number of it is a result
  reason: string; // why it isn't solved, '' if it is
  cure: string; // what to do about that
  outcomes: (number | null)[];
  values: (number | null)[];
  gaps: (number | null)[] | null; // null: to be asked for
  residual: number | null; // null if it isn't solved, as all the numbers above
  failures: number;
  crossed: number;
  sweeps: number;
  settled: boolean;
  failed: string[];
  counts: Counts;
}

export interface Series {
  outcomes: (number | null)[][]; // [outcome][period]
  means: number[][]; // [variable][period]
  shares: number[][][]; // [variable][value][period]; [] for a variable of many values
}

export interface Slot {
  name: string;
  value: string;
  number: number;
  values: { name: string; number: number; fits: boolean }[];
}

export interface Situation {
  period: number; // from 1
  node: number;
  situations: number;
  stage: string;
  reached: number;
  stages: { name: string; reached: number }[];
  slots: Slot[];
}

export interface ExplainedAction {
  name: string;
  brief: string; // without its movers: "pressure + engage"
  text: string;
  probability: number;
  value: number;
  terms: number[];
  outcomes: (number | null)[];
  because: string; // why the likeliest of the others rather than this one
}

export interface ExplainedMover {
  name: string;
  rationality: number;
  terms: string[];
  words: string[]; // the terms in words
  because: string; // why the likeliest action rather than the next
  actions: ExplainedAction[];
}

export interface Explanation {
  outcomes: (number | null)[];
  movers: ExplainedMover[];
}

export interface Next {
  probability: number;
  period: number; // from 1
  node: number;
  stage: string;
  changes: { name: string; from: string; to: string }[];
}

export interface Step {
  ended: number;
  over: number;
  rest: number;
  next: Next[];
}

/** An outcome here less there, split over the stages: src/trace/contrast.c. */
export interface Contrast {
  here: number;
  there: number;
  counted: number;
  stages: {
    part: number;
    situation: { period: number; part: number; slots: number[] } | null; // of here
    taken: [number, number][]; // of each action, here and there: expected number of times
  }[];
}

export type Parsed = Answer & { model: Model | null };
export type Explored = Answer & { counts?: Counts };
export type Solved = Answer & { solution?: Solution };
export type Certified = Answer & { gaps?: (number | null)[] }; // none if they can't be had
export type OverTime = Answer & { series: Series };
export type Situated = Answer & { situation: Situation | null };
export type Explained = Answer & { explanation?: Explanation };
export type Stepped = Answer & { step: Step };
export type Contrasted = Answer & { contrast: Contrast | null };
