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

/** What each stretch of a text is, in the units of JavaScript (src/lab/editing.h). */
export interface Marked extends Answer {
  marks: { kinds: string[]; spans: number[] }; // of each span where it begins, its length, its place among the kinds
}

/** What may stand at a place of a text, in the place of what stands from `from` on. */
export interface Offered extends Answer {
  offers: { from: number; offers: [text: string, kind: string, beside: boolean][] };
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
  group: string; // title, '' if in none
  span: [number, number]; // where a slider goes: what is declared, or where nearly all of its distribution lies
}

export interface Variable extends Named {
  type: 'bool' | 'range' | 'enum';
  low: number;
  high: number;
  start: number;
  owner: number;
  values: string[]; // of an enum
  knots: number[]; // of a private one: what the others' belief in its first values, together, can be; else []
}

export interface Action extends Named {
  mover: number;
  if: string[]; // variables and choices that its guard reads
  guard: string; // as it is written, '' if it is always possible
}

export interface Stage extends Named {
  hidden: boolean;
  movers: string[]; // none: chance
  when: string[];
  guard: string; // of `when`, as it is written, '' if it is always played
  actions: Action[];
  reads: string[];
  writes: string[];
}

export interface Outcome extends Named {
  direction: -1 | 0 | 1;
  form: 'ever' | 'first' | 'last' | 'mean' | 'total' | 'count';
  scale: 'probability' | 'share' | 'period' | 'periods' | 'number'; // what it is counted in
  share: boolean; // a probability, or a share of the periods: between 0 and 1
  headline: boolean; // among those shown first: the ones marked, or, if none is, the first few
  group: string; // title, '' if in none
}

export interface Policy extends Named {
  source: number;
  teams: number[][]; // actors
  holders: number[]; // of each role, an actor
  settings: number[]; // of each lever, the one in force
  certain: number[]; // of each private variable, the rank of the value that everybody knows it to have; -1: drawn
  set: Record<string, number>; // by name: ask Object.hasOwn
  changes: string[]; // its own, each as it is written: "forbid US.press when tension > 1"
}

/** A dimension of policy. */
export interface Lever extends Named {
  settings: (Named & { changes: string[] })[];
}

export interface Model {
  name: string;
  title: string;
  question: string; // what the model is asked, '' if it doesn't say
  version: string;
  period: string;
  periods: string[]; // the label of each, "2017Q3"; [] if the model counts from no date
  horizon: number;
  lookahead: number; // -1: forever
  actors: (Named & { unit: string })[]; // unit of payoffs, '' if not given
  sources: Named[];
  roles: Named[];
  ends: Named[];
  params: Parameter[];
  variables: Variable[];
  stages: Stage[];
  terms: (Named & { owner: string })[];
  outcomes: Outcome[];
  levers: Lever[];
  /**
   * What can have an effect on what: parts by kind (0 a number, 1 an actor, 2 a stage, 3 a variable, 4 an outcome) and place
   * among those; links between parts by their places here. Roles are held as under the first policy.
   */
  causes: { parts: [number, number][]; links: [number, number][] };
  policies: Policy[];
  tour: { title: string; steps: TourStep[] };
}

/** A step of the tour: what it says, and what it shows. */
export interface TourStep {
  text: string;
  panel: string; // '': the one that is open
  outcome: number; // to look at, or -1
  policies: number[]; // none: those that are shown
  set: Record<string, number>; // all other numbers are as declared
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
  private: Private | null; // null: nothing is private
}

/** Of the solution of a game with private variables. */
export interface Private {
  calibration: number | null;
  beliefs: number; // points of all grids together
  values: (number | null)[][]; // [private variable][value] what play is worth to its owner; null: it can't have that
}

export interface Series {
  outcomes: (number | null)[][]; // [outcome][period]
  means: number[][]; // [variable][period]
  shares: number[][][]; // [variable][value][period]; [] for a variable of many values
  /** [variable][true value][value believed][period, 0 as play begins]; [] if public, or of many values. */
  learned: (number | null)[][][][];
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
  text: string; // sentences: who decides, and how things stand
  stages: { name: string; reached: number }[];
  slots: Slot[];
}

/** Terms that speak for the same, the largest first, and the others' sum. */
export interface Reasons {
  parts: [number, number][]; // a term and its difference
  smaller: number; // how many are not among these
  rest: number;
}

/** Why one action rather than another. */
export interface Because {
  text: string;
  action: number;
  against: number; // the same if there is one action
  difference: number; // in value, of the first less the second
  for: Reasons; // of what speaks for the first
  counter: Reasons; // and of what speaks for the second
}

/** What follows if everybody who moves at once takes one of its actions. */
export interface ExplainedCell {
  movers: number[]; // who they are: of one who knows something, which of its types
  actions: number[]; // of each of them
  probability: number; // of all together, if they are of these types
  values: number[]; // to each of them, from here on
}

export interface ExplainedAction {
  name: string;
  brief: string; // without its movers: "pressure + engage"
  text: string;
  probability: number;
  value: number;
  terms: number[];
  outcomes: (number | null)[];
  posterior: number[]; // what is believed of its mover's private variable after it; [] without one
  because: Because; // why the likeliest of the others rather than this one
}

/** Whoever moves; of one who owns a private variable, one of its types. */
export interface ExplainedMover {
  name: string;
  called: string; // by descriptions: "North Korea (what it is after: stall)"
  agent: number; // its place among those who move
  variable: number; // that it owns, or -1
  rank: number; // of the value that it has
  rationality: number;
  unit: string; // of values and terms, '' if not given
  terms: string[];
  words: string[]; // the terms in words
  because: Because; // why the likeliest action rather than the next
  actions: ExplainedAction[];
}

/** What the others believe of a private variable. */
export interface Belief {
  variable: number;
  known: boolean; // to everybody, all along: nothing else can be believed
  text: string; // what each action does to it, '' if its owner doesn't move
  share: number[]; // of each value
}

export interface Explanation {
  outcomes: (number | null)[];
  believed: number; // probability that play comes there and just this is believed
  beliefs: Belief[];
  cells: ExplainedCell[]; // [] where one moves alone
  movers: ExplainedMover[];
}

export interface Next {
  probability: number;
  period: number; // from 1
  node: number;
  stage: string;
  changes: { name: string; from: string; to: string; text: string }[];
  belief: number[]; // what is believed there, on average: of each value of each private variable
}

export interface Step {
  ended: number;
  over: number;
  rest: number;
  next: Next[];
}

/** A node of the tree: src/lab/tree.h. `label`, `text`, `probability` and `worth` are of what leads there. */
export interface TreeNode {
  parent: number; // -1: the first
  kind: 'decision' | 'chance' | 'types' | 'end';
  label: string;
  text: string;
  probability: number;
  reached: number;
  worth: number | null; // of the action to who takes it; null of chance
  period: number; // from 1
  node: number;
  stage: string;
  agent: number; // place among those who move there, -1: nobody
  mover: string;
  actor: number;
  infoset: number; // the same for nodes that look the same to who moves; -1: nobody moves
  values: (number | null)[]; // what is to come, of each actor
  slots: number[]; // of the situation, [] unless somebody moves
  paid: (number | null)[]; // on the way there
}

export interface Tree {
  nodes: TreeNode[]; // parents before their children
}

/** An outcome here less there, split over the stages: src/trace/contrast.c. */
export interface Contrast {
  here: number;
  there: number;
  drawn: number; // what is private is drawn otherwise as play begins
  counted: number;
  stages: {
    part: number;
    by_truth: { variable: number; parts: number[] }[]; // of it, where each value of what isn't known to all is true
    situation: { period: number; part: number; slots: number[] } | null; // of here
    taken: [number, number][]; // of each action, here and there: expected number of times
  }[];
}

/** Which policy is best by a headline outcome, in words: src/lab/answer.c. Policies are the model's, -1: none. */
export interface AnsweredOutcome {
  outcome: number;
  lead: 'none' | 'same' | 'untried' | 'open' | 'clear'; // a star belongs to what is clear alone
  best: number; // by the mean over worlds, or in the one
  next: number;
  named: number[]; // policies that the sentences name
  share: number | null; // of worlds in which it is best; null in one world
  less: number | null; // the baseline's mean, or number, less that of the best
  by_chance: boolean; // the policies rank so, too, if everybody tosses coins
  text: string; // sentences: which is best, by how much, how sure
  turns: string; // by which number that turns most; '' if that isn't known
  work: string; // what does the work against the baseline; '' likewise
}

export interface Answered {
  basis: string; // on what it rests: a sentence
  outcomes: AnsweredOutcome[];
}

/** Two policies taken apart in one world: src/trace/levers.c. */
export interface Levers {
  games: number; // solved
  uniform: number | null; // share of the mechanical chain's decisions that are taken uniformly
  ingredients: { name: string; from: string; to: string }[];
  outcomes: {
    from: number | null;
    to: number | null;
    shapley: (number | null)[]; // of each ingredient; they add up to the difference
    alone: (number | null)[];
    left_out: (number | null)[];
    mechanical: number | null;
    adaptive: number | null;
    text: string; // sentences; '' if there is no difference
  }[];
}

export type Parsed = Answer & { model: Model | null };
export type Explored = Answer & { fresh: boolean; counts?: Counts };
export type Solved = Answer & { solution?: Solution };
export type Certified = Answer & { gaps?: (number | null)[] }; // none if they can't be had
export type OverTime = Answer & { series?: Series };
export type Situated = Answer & { situation?: Situation | null };
export type Explained = Answer & { explanation?: Explanation };
export type Stepped = Answer & { step?: Step };
export type Grown = Answer & { tree?: Tree | null }; // null: the game isn't small
export type Contrasted = Answer & { contrast: Contrast | null };
/** A number past which another policy is best by an outcome. */
export interface Turned {
  param: number;
  at: number;
  above: boolean; // than it is
  to: number; // the policy that is best there
}

/** What moving `count` numbers one at a time has found: of each outcome of the model the one that turns it soonest. */
export interface Tried {
  count: number;
  soonest: (Turned | null)[];
}

/** Outcomes on the grid of beliefs of half the fineness; null where there is nothing to believe. */
export type Halved = Answer & { half: (number | null)[] | null };

export type Said = Answer & { answered?: Answered };
export type Taken = Answer & { levers: Levers | null }; // null: it can't be had, which is told
export type Tossed = Answer & { outcomes: (number | null)[] };

// ---- play: include/detente_play.h says what the words mean ---------------------------------------------

export interface MatchAction {
  name: string;
  brief: string;
  text: string;
  probability: number; // with which the equilibrium takes it
  less: number | null; // what it is worth less than the best; null: not known
  atLeast: boolean;
}

export interface Turn {
  period: number; // from 1
  stage: number;
  actor: number;
  mover: string;
  team: boolean;
  best: number;
  drawn: number; // the action that the equilibrium takes in this history
  mean: number | null;
  variable: number; // that it knows by itself, or -1
  rank: number;
  actions: MatchAction[];
}

export interface MatchEvent {
  kind: 'period' | 'action' | 'change' | 'belief' | 'end';
  period: number; // from 1
  stage: number; // -1: none
  actor: number;
  action: number; // among the stage's
  variable: number;
  from: number; // ranks
  to: number;
  secret: boolean; // nobody but the actor sees it
  text: string;
  share: number[]; // of a belief, of each value
}

export interface Move {
  period: number;
  stage: number;
  actor: number;
  mover: string;
  action: number;
  brief: string;
  text: string;
  best: number;
  bestBrief: string;
  bestText: string;
  probability: number;
  less: number | null;
  shortOf: number | null; // of what the equilibrium's own play is worth
  atLeast: boolean;
  discount: number;
}

export interface Match {
  code: string;
  held: boolean[]; // by actor
  state: { rank: number; share: number[] }[]; // by variable; rank -1: not known to who plays
  events: MatchEvent[];
  turn: Turn | null; // null: play is over
  moves: Move[];
  outcomes: (number | null)[]; // null until play is over
  history: string; // the file
}

export type Seed = [number, number]; // its lower and its upper 32 bits

export type Matched = Answer & { match?: Match };
export type Followed = Answer & { policy?: number; match?: Match }; // without a match: under another policy
export type Spread = Answer & { spread?: (number | null)[][] };
export type Coded = Answer & { coded?: { policy: number; seed: Seed; held: boolean[] } };
