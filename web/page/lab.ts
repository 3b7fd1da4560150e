// What the page is about at this moment: the text, its model, the numbers set, the policies shown.
// One object; what shows it subscribes and is told of every change.
import { Engine } from '../engine/engine.mjs';
import type { Diagnostic, Model, Parsed, Solution } from '../engine/answers';
import type { Data } from './data';
import { Run } from './run';
import { readFragment, writeFragment } from './fragment';

export const FIRST_SHOWN = 3;
const BETWEEN_ADDRESSES = 400; // milliseconds

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
  diagnostics: Diagnostic[] = []; // of the draft
  base: Float64Array; // the base case: declared numbers and those of --set
  world: Float64Array;
  shown: number[] = [];
  panel: string;
  runs = new Map<number, Run>();
  baseSolutions = new Map<number, Solution>();
  looked: Look | null = null; // where Why begins, if it was opened by a link
  version = 0; // of everything that a chart depends on
  private remembered = ''; // the address written last
  private resting = false; // no other yet
  private listeners = new Set<() => void>();
  private parser: Engine;

  constructor(
    readonly data: Data,
    readonly module: WebAssembly.Module,
    firstPanel: string,
  ) {
    this.parser = new Engine(module);
    this.text = this.draft = data.text;
    this.panel = firstPanel;
    const parsed = this.parse(data.text);
    if (!parsed.model) throw new Error(parsed.diagnostics[0]?.message ?? 'the model is refused');
    this.model = parsed.model;
    this.diagnostics = parsed.diagnostics;
    this.base = this.baseWorld();
    this.world = this.base;
    this.adopt();
    window.addEventListener('hashchange', () => this.adopt());
  }

  private baseWorld(): Float64Array {
    return Float64Array.from(this.model.params, (p) => this.data.set[p.name] ?? p.value);
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

  /** Takes over what the address says. */
  private adopt(): void {
    const asked = readFragment(location.hash);
    const index = (name: string) => this.model.policies.findIndex((p) => p.name === name);
    const known = (names: string[]) => names.map(index).filter((p) => p >= 0);
    const first = known(asked.policies.length ? asked.policies : this.data.policies);
    const world = this.base.slice();
    this.model.params.forEach((p, i) => {
      const value = asked.set[p.name];
      if (value !== undefined) world[i] = value;
    });
    if (asked.panel) this.panel = asked.panel;
    this.world = same(world, this.base) ? this.base : world;
    this.show(first.length ? first : [...this.model.policies.keys()].slice(0, FIRST_SHOWN), false);
  }

  /** The address that leads here. */
  link(): string {
    const set: Record<string, number> = {};
    this.model.params.forEach((p, i) => {
      if (this.world[i] !== this.base[i]) set[p.name] = this.world[i]!;
    });
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

  look(at: Look): void {
    this.open('why', at);
  }

  open(panel: string, at: Look | null = null): void {
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
      const known = this.text === this.data.text ? this.data.base[this.model.policies[policy]!.name] : undefined;
      if (known) {
        this.baseSolutions.set(policy, known);
      } else if (!this.baseSolutions.has(policy) && this.world !== this.base) {
        run.solve(this.base); // for the ghost; the world follows in noted()
        return;
      }
    }
    const solved = this.world === this.base && this.baseSolutions.get(policy);
    if (!solved) return run.solve(this.world);
    run.know(this.base, solved);
    if (first) run.prepare();
  }

  private noted(policy: number, run: Run): void {
    if (!run.stale && run.current && !this.baseSolutions.has(policy)) {
      if (run.solvedFor(this.base)) this.baseSolutions.set(policy, run.current);
      if (!run.solvedFor(this.world)) run.solve(this.world);
    }
    this.changed();
  }

  // ---- the text ---------------------------------------------------------------------------------

  /** Checks an edited text; if it is right it becomes the model that is solved. */
  edit(text: string): void {
    this.draft = text;
    const parsed = this.parse(text);
    this.diagnostics = parsed.diagnostics;
    if (parsed.model && text !== this.text) this.take(text, parsed.model);
    this.changed();
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
    const shown = names.map((name) => model.policies.findIndex((p) => p.name === name)).filter((p) => p >= 0);
    this.show(shown.length ? shown : [...model.policies.keys()].slice(0, FIRST_SHOWN));
  }
}

function same(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}
