// What the page is about at this moment: the settings in force, and what follows from them: the model, the
// world, the policies shown, a run for each. All of it is read through signals: what shows it is drawn
// again when that changes which it has read, and else not. Settings are replaced as a whole, by `commit` alone,
// which keeps the way back and writes the address.
import { batch, computed, effect, signal, untracked, type Signal } from '@preact/signals';
import type { Answer, Model, Solution } from '../engine/answers';
import type { Data } from './data';
import { Draft } from './draft';
import type { Edit } from './edits';
import { employ } from './employ';
import { readAddress, shownOf, writeAddress } from './address';
import { askPool, Failure, Run, type Query } from './run';
import { Past } from './past';
import { Dropped, Pool, URGENCY } from './pool';
import { Saved } from './saved';
import { readSettings, replaced, sameWork, type Beside, type Look, type Settings } from './settings';
import type { Texts } from './texts';

const BETWEEN_ADDRESSES = 400; // milliseconds
const BEFORE_PREPARING = 500; // milliseconds

/** A situation to look at, of the model as it is now: a policy, period from 0, a stage (-1: the first), a number for each slot. */
export interface Looked {
  policy: number;
  period: number;
  stage: number;
  wanted: number[] | null;
  belief: number[] | null;
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
  readonly saved: Saved;
  private readonly settings: Signal<Settings>;
  private readonly subject: Signal<Subject>;
  private readonly wrong: Signal<readonly string[]>;
  private readonly changes = signal(0);
  private readonly tries = signal(0);
  private readonly running = signal<ReadonlyMap<number, Run>>(new Map());
  private readonly baseSolutions = signal<ReadonlyMap<number, Solution | null>>(new Map()); // null: there is none
  private readonly setNow = computed(() => this.settings.value.set);
  private readonly policiesNow = computed(() => this.settings.value.policies);
  private readonly panelNow = computed(() => this.settings.value.panel);
  private readonly worldNow = computed(() => this.worldOf(this.subject.value, this.setNow.value));
  private readonly shownNow = computed(() => shownOf(this.subject.value.model, this.policiesNow.value));
  private readonly lookNow = computed(() => this.settings.value.look);
  private readonly lookedNow = computed(() => this.indexed(this.lookNow.value));
  private readonly movedNow = computed(() => [...this.model.params.keys()].filter((i) => this.world[i] !== this.base[i]));
  private readonly numbers = new Map<number, { readonly value: number }>();
  private pool: Pool;
  private going = {}; // the last place gone to
  private written: Settings; // into the browser's history last
  private resting = false; // no other yet

  /** `start`: the settings to begin with, whose text is known, as that of `edit` is if it is right. */
  constructor(
    readonly data: Data,
    readonly panels: string[],
    readonly module: () => Promise<WebAssembly.Module>, // the engine, once it is compiled
    readonly texts: Texts,
    hash: string, // of data.text
    start: Settings,
    refused: readonly string[], // what the address asked for in vain
    edit: Edit | null | undefined, // that the browser has kept; undefined: nobody edits, and what it keeps stays
  ) {
    this.settings = signal(start);
    this.wrong = signal(refused);
    this.subject = signal(this.subjectOf(start.text));
    this.pool = this.makePool();
    this.written = this.settings.peek();
    history.replaceState(this.written, '');
    this.saved = new Saved(hash);
    this.draft = new Draft(this, texts, hash, edit);
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
    // Where the browser has settings it tells so first; an address written by hand comes without.
    window.addEventListener('popstate', () => void (readSettings(history.state) && this.goTo()));
    window.addEventListener('hashchange', () => void (readSettings(history.state) ?? this.goTo()));
  }

  private subjectOf(text: string): Subject {
    const model = this.texts.modelOf(text);
    return { text, model, base: Float64Array.from(model.params, (p) => this.data.set.get(p.name) ?? p.value) };
  }

  private makePool(): Pool {
    const size = Math.min(4, Math.max(1, navigator.hardwareConcurrency || 1));
    return new Pool(this.module, this.text, size, () => employ('engine'));
  }

  // ---- what is read -----------------------------------------------------------------------------

  get text(): string {
    return this.subject.value.text;
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

  private indexed(look: Look | null): Looked | null {
    if (!look) return null;
    const policy = this.model.policies.findIndex((p) => p.name === look.policy);
    const stage = this.model.stages.findIndex((s) => s.name === look.stage);
    if (policy < 0 || look.period >= this.model.horizon) return null;
    return { policy, period: look.period, stage, wanted: look.wanted && [...look.wanted], belief: look.belief && [...look.belief] };
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

  /** Where Why is. */
  get looked(): Looked | null {
    return this.lookedNow.value;
  }

  /** The chart that stands alone; '' if the whole page is there. */
  get embed(): string {
    return this.settings.value.embed;
  }

  /** The setting that is put beside; null if none is. */
  get beside(): Beside | null {
    return this.settings.value.beside;
  }

  /** What a setting says: its model and its world. */
  settingOf({ text, set }: Beside): { model: Model; world: Float64Array } {
    const subject = this.subjectOf(text);
    return { model: subject.model, world: this.worldOf(subject, set) };
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

  /** Everything at once, as a step of a tour has it; numbers that aren't named are as declared. */
  turnTo({ panel, policies, set }: { panel: string; policies: number[]; set: ReadonlyMap<string, number> }): void {
    const names = policies.map((p) => this.model.policies[p]!.name);
    this.commit({ ...this.settings.peek(), policies: names, set, panel: this.panels.includes(panel) ? panel : this.panel });
  }

  /** Goes to Why, to a situation. */
  look(at: Looked): void {
    this.open('why', at);
  }

  /** Where Why is to be. */
  lookAt(at: Looked): void {
    this.commit({ ...this.settings.peek(), look: this.named(at) });
  }

  private named(at: Looked | null): Look | null {
    const { policies, stages } = this.model;
    return at && { ...at, policy: policies[at.policy]!.name, stage: stages[at.stage]?.name ?? '' };
  }

  open(panel: string, at: Looked | null = null): void {
    void this.draft.check(); // what one has written is what one sees
    const now = this.settings.peek();
    this.commit({ ...now, panel, look: at ? this.named(at) : now.look });
  }

  /** A text that is known becomes the one that is solved. */
  adopt(text: string): void {
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

  /** Gives the settings a name by which one can come back to them. */
  save(name: string): void {
    this.saved.save(name, this.link());
  }

  /** Comes back to settings by their name, in the panel that is open. */
  async restore(name: string): Promise<void> {
    const now = this.settings.peek();
    const { settings, refused } = await readAddress(this.saved.addressOf(name) ?? '', this.texts, this.panels, { ...now, text: this.data.text });
    this.wrong.value = refused;
    this.commit({ ...settings, panel: now.panel, beside: now.beside });
    this.draft.follow();
  }

  putBeside(beside: Beside | null): void {
    this.commit({ ...this.settings.peek(), beside });
  }

  /** Puts beside what an address leads to, under a name. */
  async bring(address: string, name: string): Promise<void> {
    const { settings, refused } = await readAddress(address, this.texts, this.panels, { ...this.settings.peek(), text: this.data.text });
    this.wrong.value = refused;
    this.putBeside({ name, text: settings.text, set: settings.set });
  }

  // ---- the address and the browser's history ----------------------------------------------------

  /** Where the browser's Back or Forward leads, or an address written by hand. */
  private async goTo(): Promise<void> {
    const there = (this.going = {});
    const kept = readSettings(history.state);
    if (kept && !this.texts.has(kept.text)) await this.texts.learn(kept.text);
    if (kept?.beside && !this.texts.has(kept.beside.text)) await this.texts.learn(kept.beside.text);
    const had = kept && this.texts.has(kept.text) && (!kept.beside || this.texts.has(kept.beside.text)) && this.panels.includes(kept.panel);
    const { settings, refused } = had ? { settings: kept, refused: [] } : await readAddress(location.hash, this.texts, this.panels, this.settings.peek());
    if (this.going !== there) return; // one has gone on
    this.wrong.value = refused;
    this.commit(settings, '', { kept: true });
    this.written = this.settings.peek();
    history.replaceState(this.written, ''); // an address written by hand stays as it is
    this.draft.follow();
  }

  /** What the link asked for in vain has been read. */
  dismiss(): void {
    this.wrong.value = [];
    this.address();
  }

  /** The address that leads here; `embed`: to that chart alone, '': to the whole page. */
  link(embed = this.embed): string {
    return writeAddress({ ...this.settings.value, embed }, this.texts);
  }

  /** Writes the settings into the browser's history, as of the place where it is. */
  private write(settings: Settings): void {
    history.replaceState(settings, '', writeAddress(settings, this.texts));
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
      history.pushState(now, '', this.link());
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

  /** Asks about the numbers set what needs no solution. As askPool. */
  askGame<T extends Answer>(policy: number, query: Query, wanted: () => boolean, urgency: number = URGENCY.asked): Promise<T> {
    return askPool(this.pool, policy, this.world, query, urgency, wanted);
  }

  /** The outcomes of a policy in a world that isn't shown, when nothing else waits; null where it isn't solved. Dropped
   * is thrown if nobody wants them any more, Failure if the worker ended. */
  async tryOut(policy: number, world: Float64Array, wanted: () => boolean): Promise<(number | null)[] | null> {
    try {
      const { solution } = await askPool<Answer & { solution: Solution }>(this.pool, policy, world, null, URGENCY.idle, wanted);
      return solution.outcomes;
    } catch (error) {
      if (error instanceof Failure && !error.problem.ended) return null;
      throw error;
    }
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
