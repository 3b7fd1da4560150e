// The text as it is being edited, which may be wrong, beside the one that is solved. It is checked by an engine
// of its own when there is a pause, and whenever one looks elsewhere; once it is right it is handed to the lab.
// The browser keeps it (edits.ts) as it is, whether it was checked or not, so that nothing written is lost.
import { computed, signal } from '@preact/signals';
import type { Diagnostic, Parsed } from '../engine/answers';
import { keepEdit, type Edit } from './edits';
import type { Texts } from './texts';

const EDIT_PAUSE = 400; // milliseconds without a key before a text is checked

/** What a draft is a draft of. */
export interface Subject {
  readonly text: string; // the one that is solved
  adopt(text: string): void; // one that is known
}

export class Draft {
  private readonly now = signal('');
  private readonly told = signal<(Parsed & { of: string }) | null>(null); // what was said of a text
  private readonly keeps = signal(true);
  private readonly laidAside = signal('');
  private pause = 0; // the timer of a text to be checked

  constructor(
    private readonly subject: Subject,
    private readonly texts: Texts,
    private readonly hash: string, // of the original
    private readonly before: Edit | null | undefined, // kept; undefined: nothing is to be kept
  ) {
    const mine = before && before.text === subject.text;
    this.now.value = mine ? before.draft : subject.text;
    if (before && !mine && before.draft !== texts.original) this.laidAside.value = before.draft;
    if (this.text !== subject.text) void this.check();
    for (const leaving of ['pagehide', 'visibilitychange']) window.addEventListener(leaving, () => this.keep());
    window.addEventListener('beforeunload', (event) => {
      this.keep();
      if (this.edited && !this.kept) event.preventDefault(); // the browser asks
    });
  }

  get text(): string {
    return this.now.value;
  }

  private readonly right = computed(() => this.now.value === this.subject.text);
  private readonly known = computed(() => this.told.value?.of === this.now.value);

  /** Whether it is known to be right or wrong. */
  get checked(): boolean {
    return this.right.value || this.known.value;
  }

  /** Of the text as it is; none until it is checked. */
  get diagnostics(): readonly Diagnostic[] {
    return this.known.value ? this.told.value!.diagnostics : [];
  }

  get edited(): boolean {
    return this.now.value !== this.texts.original;
  }

  /** An edited text, by the browser: it survives the page. */
  get kept(): boolean {
    return this.keeps.value;
  }

  /** The draft that another text took the place of; '' if there is none. */
  get aside(): string {
    return this.laidAside.value;
  }

  write(text: string): void {
    this.now.value = text;
    if (this.edited) this.laidAside.value = '';
    clearTimeout(this.pause);
    this.pause = window.setTimeout(() => void this.check(), EDIT_PAUSE);
  }

  /** Checks and keeps it; if it is right it becomes the text that is solved. */
  async check(): Promise<void> {
    clearTimeout(this.pause);
    const text = this.now.peek();
    this.keep();
    if (this.told.peek()?.of !== text) {
      const parsed = await this.texts.learn(text);
      if (this.now.peek() !== text) return; // another came in between, and is or will be checked
      this.told.value = { of: text, ...parsed };
    }
    const { model } = this.told.peek()!;
    if (model && text !== this.subject.text) this.subject.adopt(text);
    this.keep();
  }

  private keep(): void {
    if (this.before === undefined) return;
    this.keeps.value = keepEdit(this.hash, this.edited ? { text: this.subject.text, draft: this.now.peek() } : null);
  }

  /** Gives way to the text that the page was made with, and may be brought back. */
  original(): void {
    const draft = this.now.peek();
    this.write(this.texts.original);
    this.laidAside.value = draft;
    void this.check();
  }

  bringBack(): void {
    this.write(this.laidAside.peek());
    void this.check();
  }

  /** The text that is solved is another, which the draft becomes, too. */
  follow(): void {
    const draft = this.now.peek();
    if (draft === this.subject.text) return;
    if (!this.checked || this.diagnostics.some((d) => d.severity === 'error')) this.laidAside.value = draft;
    clearTimeout(this.pause);
    this.now.value = this.subject.text;
    this.keep();
  }
}
