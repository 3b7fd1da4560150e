// What the page is about at this moment: the settings in force, and what follows from them: the model, the
// world, the policies shown, a run for each. All of it is read through signals: what shows it is drawn
// again when that changes which it has read, and else not. Settings are replaced as a whole, by `commit` alone,
// which keeps the way back and writes the address.
import { batch, computed, effect, signal, untracked, type Signal } from '@preact/signals';
import type { Answer, Model, Solution } from '../engine/answers';
import type { Data } from './data';
import { Draft, type Checker } from './draft';
import type { Edit } from './edits';
import { askPool, Failure, Run, type Query } from './run';
import { readFragment, writeFragment } from './fragment';
import { Past } from './past';
import { Dropped, Pool, URGENCY } from './pool';
import { readSettings, replaced, sameWork, type Settings } from './settings';
import EngineWorker from './worker?worker&inline';

export const FIRST_SHOWN = 3;
const BETWEEN_ADDRESSES = 400; // milliseconds
const BEFORE_PREPARING = 500; // milliseconds

/** A situation to look at in Why: period from 0, a stage, a number for each slot. */
export interface Look {
  policy: number;
  period: number;
  stage: number;
  wanted: number[];
}

/** A text that is right, and what it says. */
interface Subject {
  text: string;
  model: Model;
  base: Float64Array; // the base case: declared numbers and those of --set
}

export class Lab {
  readonly past = new Past();
  readonly draft: Draft;
  private readonly settings: Signal<Settings>;
  private readonly subject: Signal<Subject>;
  private readonly looking = signal<Look | null>(null); // where Why begins, if it was opened by a link
  private readonly wrong = signal<readonly string[]>([]);
  private readonly changes = signal(0);
  private readonly tries = signal(0);
  private readonly running = signal<ReadonlyMap<number, Run>>(new Map());
  private readonly baseSolutions = signal<ReadonlyMap<number, Solution | null>>(new Map()); // null: there is none
  private readonly setNow = computed(() => this.settings.value.set);
  private readonly policiesNow = computed(() => this.settings.value.policies);
  private readonly panelNow = computed(() => this.settings.value.panel);
  private readonly worldNow = computed(() => this.worldOf(this.subject.value, this.setNow.value));
  private readonly shownNow = computed(() => this.shownOf(this.subject.value.model, this.policiesNow.value));
  private readonly movedNow = computed(() => [...this.model.params.keys()].filter((i) => this.world[i] !== this.base[i]));
  private readonly numbers = new Map<number, { readonly value: number }>();
  private pool: Pool;
  private written: Settings; // into the browser's history last
  private resting = false; // no other yet

  constructor(
    readonly data: Data,
    readonly panels: string[], // the first is opened first
    readonly module: () => Promise<WebAssembly.Module>, // the engine, once it is compiled
    private readonly checker: Checker,
    private readonly texts: Map<string, Model>, // that are right: data.text, and others that are known already
    hash: string, // of data.text
    edit: Edit | null, // that the browser has kept
  ) {
    this.subject = signal(this.subjectOf(data.text));
    const settings = this.keptSettings() ?? { ...this.asked(), text: edit && texts.has(edit.text) ? edit.text : data.text };
    const goesOn = edit && edit.text === settings.text && texts.has(edit.draft); // it was right, but not solved yet
    const text = goesOn ? edit.draft : settings.text;
    this.settings = signal({ ...settings, text });
    this.subject.value = this.subjectOf(text);
    this.pool = this.makePool();
    this.written = this.settings.peek();
    history.replaceState(this.written, '');
    this.draft = new Draft(this, checker, hash, goesOn ? { text, draft: text } : edit);
    effect(() => {
      const { shown, world } = this;
      if (this.model && this.attempts >= 0) untracked(() => this.work(shown, world)); // read: done again for another of each
    });
    effect(() => {
      for (const [policy, run] of this.runs) {
        const solution = run.solutionFor(this.base);
        if (solution) untracked(() => this.noteBase(policy, solution));
      }
    });
    setTimeout(() => this.prepare(), BEFORE_PREPARING);
    window.addEventListener('popstate', () => void this.goTo());
    window.addEventListener('hashchange', () => void this.goTo());
  }

  private subjectOf(text: string): Subject {
    const model = this.texts.get(text)!;
    return { text, model, base: Float64Array.from(model.params, (p) => this.data.set.get(p.name) ?? p.value) };
  }

  private makePool(): Pool {
    const size = Math.min(4, Math.max(1, navigator.hardwareConcurrency || 1));
    return new Pool(this.module, this.text, size, () => new EngineWorker());
  }

  // ---- what is read -----------------------------------------------------------------------------

  get text(): string {
    return this.subject.value.text;
  }

  get original(): string {
    return this.data.text;
  }

  get model(): Model {
    return this.subject.value.model;
  }

  get base(): Float64Array {
    return this.subject.value.base;
  }

  private worldOf({ model, base }: Subject, set: ReadonlyMap<string, number>): Float64Array {
    const world = Float64Array.from(model.params, (p, i) => set.get(p.name) ?? base[i]!);
    return world.every((x, i) => x === base[i]) ? base : world;
  }

  private shownOf(model: Model, names: readonly string[]): number[] {
    const found = known(model, names, []);
    return found.length ? found : [...model.policies.keys()].slice(0, FIRST_SHOWN);
  }

  /** The base case itself if nothing is moved. */
  get world(): Float64Array {
    return this.worldNow.value;
  }

  get shown(): number[] {
    return this.shownNow.value;
  }

  get panel(): string {
    return this.panelNow.value;
  }

  get runs(): ReadonlyMap<number, Run> {
    return this.running.value;
  }

  get looked(): Look | null {
    return this.looking.value;
  }

  /** What the link asked for and this page doesn't have. */
  get refused(): readonly string[] {
    return this.wrong.value;
  }

  /** Counts the changes of everything that a chart depends on. */
  get version(): number {
    return this.changes.value;
  }

  /** Counts the attempts at what had ended. */
  get attempts(): number {
    return this.tries.value;
  }

  get moved(): number[] {
    return this.movedNow.value;
  }

  /** Numbers outside the range that the model declares for them. */
  get outside(): number[] {
    return this.model.params.flatMap(({ low, high }, i) => (this.world[i]! < (low ?? -Infinity) || this.world[i]! > (high ?? Infinity) ? [i] : []));
  }

  /** A number of the world, so that who reads it alone isn't drawn again when another is moved. */
  number(param: number): number {
    let number = this.numbers.get(param);
    if (!number) {
      number = computed(() => this.worldNow.value[param]!);
      this.numbers.set(param, number);
    }
    return number.value;
  }

  /** The base case's solution, if it is known and is one. */
  baseOf(policy: number): Solution | null {
    const solution = this.baseSolutions.value.get(policy);
    return solution?.solved ? solution : null;
  }

  // ---- changes of the settings ------------------------------------------------------------------

  /** Settings take the place of those in force. `gesture`: changes in close succession that have the same are
   * one step to undo; '' stands alone. `kept`: the browser goes there by itself. */
  private commit(next: Settings, gesture = '', { kept = false, step = true } = {}): void {
    const before = this.settings.peek();
    const after = replaced(before, next);
    if (after === before) return;
    const other = !sameWork(before, after);
    const first = step ? this.past.note(before, after, gesture) : other;
    batch(() => {
      if (other) this.changes.value++;
      if (before.text !== after.text) this.take(after.text);
      this.settings.value = after;
    });
    if (!kept) this.remember(first || before.panel !== after.panel ? before : null);
  }

  private take(text: string): void {
    this.running.value.forEach((run) => run.close());
    this.running.value = new Map();
    this.baseSolutions.value = new Map();
    this.subject.value = this.subjectOf(text);
    const pool = this.pool;
    this.pool = this.makePool();
    pool.close();
  }

  set(param: number, value: number): void {
    const { name } = this.model.params[param]!;
    const set = new Map(this.settings.peek().set);
    if (value === this.base[param]) set.delete(name);
    else set.set(name, value);
    this.commit({ ...this.settings.peek(), set }, `set ${name}`);
  }

  reset(param?: number): void {
    if (param === undefined) this.commit({ ...this.settings.peek(), set: new Map() });
    else this.set(param, this.base[param]!);
  }

  show(policies: number[]): void {
    this.commit({ ...this.settings.peek(), policies: policies.map((p) => this.model.policies[p]!.name) });
  }

  look(at: Look): void {
    this.open('why', at);
  }

  open(panel: string, at: Look | null = null): void {
    void this.draft.check(); // what one has written is what one sees
    this.looking.value = at;
    this.commit({ ...this.settings.peek(), panel });
  }

  /** A text that was checked becomes the one that is solved. */
  adopt(text: string, model: Model): void {
    this.texts.set(text, model);
    this.commit({ ...this.settings.peek(), text }, 'text');
  }

  undo(): void {
    const { panel } = this.settings.peek();
    const found = this.past.undo(this.settings.peek());
    if (found) this.goBack({ ...found, panel });
  }

  redo(): void {
    const { panel } = this.settings.peek();
    const found = this.past.redo(this.settings.peek());
    if (found) this.goBack({ ...found, panel });
  }

  private goBack(settings: Settings): void {
    this.commit(settings, '', { step: false });
    this.draft.follow();
  }

  // ---- the address and the browser's history ----------------------------------------------------

  /** What the browser's history has for this place in it; null if that is nothing, or its text isn't known. */
  private keptSettings(): Settings | null {
    const kept = readSettings(history.state);
    return kept && this.texts.has(kept.text) && this.panels.includes(kept.panel) ? kept : null;
  }

  /** What the address asks for, as far as this page has it; the rest is told. */
  private asked(): Settings {
    const { text, model } = this.subject.peek();
    const asked = readFragment(location.hash);
    const refused = asked.wrong;
    const policies = known(model, asked.policies, refused);
    const shown = policies.length ? policies : this.shownOf(model, this.data.policies);
    const set = new Map<string, number>();
    for (const [name, value] of asked.set) {
      if (model.params.some((p) => p.name === name)) set.set(name, value);
      else refused.push(`there is no number '${name}'`);
    }
    let panel = this.settings?.peek().panel ?? this.panels[0]!;
    if (this.panels.includes(asked.panel)) panel = asked.panel;
    else if (asked.panel) refused.push(`there is no panel '${asked.panel}'`);
    this.wrong.value = refused;
    return { text, policies: shown.map((p) => model.policies[p]!.name), set, panel };
  }

  /** Where the browser's Back or Forward leads, or an address written by hand. */
  private async goTo(): Promise<void> {
    const kept = readSettings(history.state);
    if (kept && !this.texts.has(kept.text)) {
      const { model } = await this.checker.parse(kept.text);
      if (model) this.texts.set(kept.text, model);
      if (JSON.stringify(readSettings(history.state)) !== JSON.stringify(kept)) return; // one has gone on
    }
    const settings = this.keptSettings();
    if (settings) this.wrong.value = [];
    this.commit(settings ?? this.asked(), '', { kept: true });
    history.replaceState(this.settings.peek(), ''); // an address written by hand stays as it is
    this.written = this.settings.peek();
    this.draft.follow();
  }

  /** What the link asked for in vain has been read. */
  dismiss(): void {
    this.wrong.value = [];
    this.address();
  }

  /** The address that leads to these settings: here, if none are given. */
  link({ text, policies, set, panel }: Settings = this.settings.value): string {
    const model = this.texts.get(text)!;
    const moved = [...set].filter(([name]) => model.params.some((p) => p.name === name));
    const shown = this.shownOf(model, policies).map((p) => model.policies[p]!.name);
    return writeFragment({ policies: shown, set: new Map(moved), panel });
  }

  /** Writes the settings into the browser's history, as of the place where it is. */
  private write(settings: Settings): void {
    history.replaceState(settings, '', this.link(settings));
    this.written = settings;
  }

  /** Writes them at once, for whoever copies the address. */
  address(): void {
    this.write(this.settings.peek());
  }

  /** Writes them now and then, not again for a while: browsers refuse more than some three a second.
   * `before`: the settings that one can go back to; null: these take their place. */
  private remember(before: Settings | null): void {
    const now = this.settings.peek();
    if (before) {
      if (this.written !== before) this.write(before);
      history.pushState(now, '', this.link(now));
      this.written = now;
    } else {
      if (this.resting) return;
      this.write(now);
    }
    if (this.resting) return;
    this.resting = true;
    setTimeout(() => {
      this.resting = false;
      if (this.settings.peek() !== this.written) this.remember(null);
    }, BETWEEN_ADDRESSES);
  }

  // ---- what is solved ---------------------------------------------------------------------------

  /** Every policy shown has a run, which solves the world; the others have none. */
  private work(shown: number[], world: Float64Array): void {
    const before = this.running.peek();
    const runs = new Map(shown.map((policy) => [policy, before.get(policy) ?? new Run(policy, () => this.pool)]));
    for (const [policy, run] of before) if (!runs.has(policy)) run.close();
    this.pool.spread(shown);
    for (const [policy, run] of runs) {
      const base = this.baseKnown(policy);
      if (world === this.base && base) run.know(world, base);
      else run.solve(world);
      if (base === undefined && world !== this.base) void this.solveBase(policy);
    }
    this.running.value = runs;
  }

  /** The base case's solution, null if there is none, undefined if that isn't known. */
  private baseKnown(policy: number): Solution | null | undefined {
    const written = this.text === this.data.text && this.data.base.get(this.model.policies[policy]!.name);
    if (written) this.noteBase(policy, written);
    return this.baseSolutions.peek().get(policy);
  }

  /** The first that is known stays. */
  private noteBase(policy: number, solution: Solution | null): void {
    const known = this.baseSolutions.peek();
    if (!known.has(policy)) this.baseSolutions.value = new Map(known).set(policy, solution);
  }

  /** For a comparison with the base case, once everything else is done. */
  private async solveBase(policy: number): Promise<void> {
    const { base } = this;
    const wanted = () => base === this.base && this.shown.includes(policy) && !this.baseSolutions.peek().has(policy);
    try {
      const { solution } = await askPool<Answer & { solution: Solution }>(this.pool, policy, base, null, URGENCY.base, wanted);
      if (wanted()) this.noteBase(policy, solution);
    } catch (error) {
      if (error instanceof Failure && wanted()) this.noteBase(policy, null);
      else if (!(error instanceof Failure || error instanceof Dropped)) throw error;
    }
  }

  /** Asks about the base case, whatever numbers are set, once the policies shown are solved. As askPool. */
  async askBase<T extends Answer>(policy: number, query: Query): Promise<T> {
    const { pool, base } = this;
    await Promise.all([...this.runs.values()].map((run) => run.settled));
    return askPool(pool, policy, base, query, URGENCY.base);
  }

  /** Lets the workers solve what the page knows already, once it has had its time: so the first number
   * moved is solved by code that the browser has compiled to the end, in memory that is there. */
  private prepare(): void {
    const { world, pool } = this;
    for (const policy of this.shown) pool.ask({ policy, world, query: null }, URGENCY.idle, () => world === this.world && this.runs.has(policy)).catch(() => {}); // told when it is asked for
  }

  /** Starts anew what has ended, or seems to have. */
  again(policies: number[]): void {
    const { pool } = this;
    const runs = new Map(this.running.peek());
    const base = new Map(this.baseSolutions.peek());
    for (const policy of policies) {
      runs.get(policy)?.close();
      runs.delete(policy);
      if (!base.get(policy)) base.delete(policy);
    }
    this.pool = this.makePool();
    batch(() => {
      this.running.value = runs;
      this.baseSolutions.value = base;
      this.changes.value++;
      this.tries.value++;
    });
    pool.close();
  }
}

/** The policies that go by these names, each once; the rest is told. */
function known(model: Model, names: readonly string[], wrong: string[]): number[] {
  const found: number[] = [];
  for (const name of names) {
    const policy = model.policies.findIndex((p) => p.name === name);
    if (policy < 0) wrong.push(`there is no policy '${name}'`);
    else if (found.includes(policy)) wrong.push(`policy '${name}' is asked for twice`);
    else found.push(policy);
  }
  return found;
}
