// What the page is about at this moment: the text, its model, the numbers set, the policies shown.
// One object; what shows it subscribes and is told of every change.
import { Engine } from '../engine/engine.mjs';
import type { Diagnostic, Model, Parsed, Solution } from '../engine/answers';
import type { Data } from './data';
import { keepEdit, readEdit } from './edits';
import { Run } from './run';
import { readFragment, writeFragment } from './fragment';

export const FIRST_SHOWN = 3;
const BETWEEN_ADDRESSES = 400; // milliseconds
const EDIT_PAUSE = 400; // milliseconds without a key before a text is checked

/** A situation to look at in Why: period from 0, a stage, a number for each slot. */
export interface Look {
  policy: number;
  period: number;
  stage: number;
  wanted: number[];
}

export class Lab {
  model: Model;
  text: string; // of the model solved
  draft: string; // as edited; may be wrong
  checked = true; // the draft
  diagnostics: Diagnostic[] = []; // of the draft, as it was checked last
  kept = true; // an edited draft, by the browser: it survives the page
  aside = ''; // the draft that the original took the place of
  base: Float64Array; // the base case: declared numbers and those of --set
  world: Float64Array;
  shown: number[] = [];
  panel: string;
  runs = new Map<number, Run>();
  refused: string[] = []; // what the link asked for and this page doesn't have
  attempts = 0; // at what had ended
  looked: Look | null = null; // where Why begins, if it was opened by a link
  version = 0; // of everything that a chart depends on
  private baseSolutions = new Map<number, Solution | null>(); // null: there is none
  private remembered = ''; // the address written last
  private resting = false; // no other yet
  private pause = 0; // the timer of a draft to be checked
  private listeners = new Set<() => void>();
  private parser: Engine;

  constructor(
    readonly data: Data,
    readonly module: WebAssembly.Module,
    readonly panels: string[], // the first is opened first
    private readonly hash: string, // of data.text
  ) {
    this.parser = new Engine(module);
    this.text = this.draft = data.text;
    this.panel = panels[0]!;
    const parsed = this.parse(data.text);
    if (!parsed.model) throw new Error(parsed.diagnostics[0]?.message ?? 'the model is refused');
    this.model = parsed.model;
    this.diagnostics = parsed.diagnostics;
    this.takeUp();
    this.base = this.baseWorld();
    this.world = this.base;
    this.adopt();
    window.addEventListener('hashchange', () => this.adopt());
    for (const leaving of ['pagehide', 'visibilitychange']) window.addEventListener(leaving, () => this.check());
    window.addEventListener('beforeunload', (event) => {
      this.check();
      if (this.edited && !this.kept) event.preventDefault(); // the browser asks
    });
  }

  private baseWorld(): Float64Array {
    return Float64Array.from(this.model.params, (p) => this.data.set.get(p.name) ?? p.value);
  }

  private parse(text: string): Parsed {
    try {
      return this.parser.parse(text);
    } catch (error) {
      this.parser = new Engine(this.module);
      const message = error instanceof Error ? error.message : String(error);
      const place = { line: 0, column: 0, length: 0, hint: '', state: '' };
      const told: Diagnostic = { severity: 'error', code: 'engine', message, ...place };
      return { status: 3, diagnostics: [told], model: null };
    }
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private changed = (): void => {
    this.listeners.forEach((listener) => listener());
  };

  // ---- settings ---------------------------------------------------------------------------------

  /** Takes over what the address says, as far as this page has it; the rest is told. */
  private adopt(): void {
    const asked = readFragment(location.hash);
    this.refused = asked.wrong;
    const policies = this.known(asked.policies, this.refused);
    const first = policies.length ? policies : this.known(this.data.policies, []);
    const world = this.base.slice();
    for (const [name, value] of asked.set) {
      const param = this.model.params.findIndex((p) => p.name === name);
      if (param >= 0) world[param] = value;
      else this.refused.push(`there is no number '${name}'`);
    }
    if (this.panels.includes(asked.panel)) this.panel = asked.panel;
    else if (asked.panel) this.refused.push(`there is no panel '${asked.panel}'`);
    this.world = same(world, this.base) ? this.base : world;
    this.show(first.length ? first : [...this.model.policies.keys()].slice(0, FIRST_SHOWN), false);
  }

  /** The policies that go by these names, each once. */
  private known(names: string[], wrong: string[]): number[] {
    const found: number[] = [];
    for (const name of names) {
      const policy = this.model.policies.findIndex((p) => p.name === name);
      if (policy < 0) wrong.push(`there is no policy '${name}'`);
      else if (found.includes(policy)) wrong.push(`policy '${name}' is asked for twice`);
      else found.push(policy);
    }
    return found;
  }

  /** What the link asked for in vain has been read. */
  dismiss(): void {
    this.refused = [];
    this.remember();
    this.changed();
  }

  /** The address that leads here. */
  link(): string {
    const set = new Map(this.moved.map((i) => [this.model.params[i]!.name, this.world[i]!]));
    const policies = this.shown.map((p) => this.model.policies[p]!.name);
    return writeFragment({ policies, set, panel: this.panel });
  }

  /** Writes the address, now and then not again for a while: browsers refuse more than some three a second. */
  private remember(): void {
    if (this.resting) return;
    this.remembered = this.link();
    history.replaceState(null, '', this.remembered);
    this.resting = true;
    setTimeout(() => {
      this.resting = false;
      if (this.link() !== this.remembered) this.remember();
    }, BETWEEN_ADDRESSES);
  }

  set(param: number, value: number): void {
    const world = this.world.slice();
    world[param] = value;
    this.setAll(world);
  }

  reset(param?: number): void {
    if (param === undefined) this.setAll(this.base);
    else this.set(param, this.base[param]!);
  }

  private setAll(world: Float64Array): void {
    this.world = same(world, this.base) ? this.base : world;
    this.version++;
    this.remember();
    this.shown.forEach((p) => this.request(p));
    this.changed();
  }

  get moved(): number[] {
    return [...this.model.params.keys()].filter((i) => this.world[i] !== this.base[i]);
  }

  /** Numbers outside the range that the model declares for them. */
  get outside(): number[] {
    return this.model.params.flatMap(({ low, high }, i) => (this.world[i]! < (low ?? -Infinity) || this.world[i]! > (high ?? Infinity) ? [i] : []));
  }

  look(at: Look): void {
    this.open('why', at);
  }

  open(panel: string, at: Look | null = null): void {
    this.check(); // what one has written is what one sees
    this.panel = panel;
    this.looked = at;
    this.remember();
    this.changed();
  }

  // ---- policies ---------------------------------------------------------------------------------

  show(policies: number[], remember = true): void {
    this.shown = policies;
    this.version++;
    for (const [policy, run] of this.runs) {
      if (policies.includes(policy)) continue;
      run.close();
      this.runs.delete(policy);
    }
    policies.forEach((p) => this.request(p));
    if (remember) this.remember();
    this.changed();
  }

  private request(policy: number): void {
    let run = this.runs.get(policy);
    const first = !run;
    if (!run) {
      const made = new Run(policy, this.module, this.text, () => this.noted(policy, made));
      run = made;
      this.runs.set(policy, run);
      const known = this.text === this.data.text ? this.data.base.get(this.model.policies[policy]!.name) : undefined;
      if (known) {
        this.baseSolutions.set(policy, known);
      } else if (!this.baseSolutions.has(policy) && this.world !== this.base) {
        run.solve(this.world, { world: this.base, take: (found) => this.baseSolutions.set(policy, found) });
        return;
      }
    }
    const solved = this.world === this.base && this.baseSolutions.get(policy);
    if (!solved) return run.solve(this.world);
    run.know(this.base, solved);
    if (first) run.prepare();
  }

  private noted(policy: number, run: Run): void {
    if (this.runs.get(policy) !== run) return;
    if (!run.stale && run.solvedFor(this.base) && !this.baseSolutions.has(policy)) this.baseSolutions.set(policy, run.current);
    this.changed();
  }

  /** The base case's solution, if it is known and is one. */
  baseOf(policy: number): Solution | null {
    const solution = this.baseSolutions.get(policy);
    return solution?.solved ? solution : null;
  }

  /** Starts anew what has ended, or seems to have. */
  again(policies: number[]): void {
    for (const policy of policies) {
      this.runs.get(policy)?.close();
      this.runs.delete(policy);
      if (!this.baseSolutions.get(policy)) this.baseSolutions.delete(policy);
    }
    this.attempts++;
    this.show(this.shown);
  }

  // ---- the text ---------------------------------------------------------------------------------

  get edited(): boolean {
    return this.draft !== this.data.text;
  }

  /** An edit that the browser has kept. */
  private takeUp(): void {
    const edit = readEdit(this.hash);
    if (!edit) return;
    const right = edit.text === this.text ? null : this.parse(edit.text);
    if (right?.model) {
      this.text = edit.text;
      this.model = right.model;
      this.diagnostics = right.diagnostics;
    }
    this.draft = edit.draft;
    if (edit.draft !== this.text) this.diagnostics = this.parse(edit.draft).diagnostics;
  }

  /** The text as it is being edited; it is checked when there is a pause, and whenever one looks elsewhere. */
  write(text: string): void {
    this.draft = text;
    this.checked = false;
    clearTimeout(this.pause);
    this.pause = window.setTimeout(() => this.check(), EDIT_PAUSE);
  }

  /** Checks and keeps the draft; if it is right it becomes the model that is solved. */
  check(): void {
    if (this.checked) return;
    clearTimeout(this.pause);
    this.checked = true;
    if (this.edited) this.aside = '';
    const parsed = this.parse(this.draft);
    this.diagnostics = parsed.diagnostics;
    if (parsed.model && this.draft !== this.text) this.take(this.draft, parsed.model);
    this.kept = keepEdit(this.hash, this.edited ? { text: this.text, draft: this.draft } : null);
    this.changed();
  }

  /** The draft gives way to the text that the page was made with, and may be brought back. */
  original(): void {
    const { draft } = this;
    this.write(this.data.text);
    this.check();
    this.aside = draft;
    this.changed();
  }

  bringBack(): void {
    this.write(this.aside);
    this.check();
  }

  private take(text: string, model: Model): void {
    const moved = new Map(this.moved.map((i) => [this.model.params[i]!.name, this.world[i]!]));
    const names = this.shown.map((p) => this.model.policies[p]!.name);
    this.runs.forEach((run) => run.close());
    this.runs.clear();
    this.baseSolutions.clear();
    this.text = text;
    this.model = model;
    this.base = this.baseWorld();
    const world = Float64Array.from(model.params, (p, i) => moved.get(p.name) ?? this.base[i]!);
    this.world = same(world, this.base) ? this.base : world;
    const shown = this.known(names, []);
    this.show(shown.length ? shown : [...model.policies.keys()].slice(0, FIRST_SHOWN));
  }
}

function same(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}
