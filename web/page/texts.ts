// The texts that are known to be right, each with what it says and the code by which a link carries it. The
// original is known from the start; whatever else there is was checked by an engine of its own, which only reads.
import type { Answer, Diagnostic, Marked, Model, Offered, Parsed } from '../engine/answers';
import { Caller } from './call';
import { decode, differences, encode, patched } from './patch';
import type { Request } from './worker';

const HASH_LETTERS = 8; // of the original's hash, before the code of an edit: enough to tell editions apart

export class Texts {
  private readonly models = new Map<string, Model>();
  private readonly codes = new Map<string, string>();
  private readonly engine: Caller<Request, Answer>;

  constructor(
    readonly original: string,
    model: Model,
    private readonly hash: string, // of the original
    private readonly module: () => Promise<WebAssembly.Module>,
    make: () => Worker,
  ) {
    this.models.set(original, model);
    this.codes.set(original, '');
    this.engine = new Caller(make);
  }

  has(text: string): boolean {
    return this.models.has(text);
  }

  /** Of a text that is known. */
  modelOf(text: string): Model {
    return this.models.get(text)!;
  }

  /** '' for the original; of a text that is known. */
  codeOf(text: string): string {
    return this.codes.get(text)!;
  }

  /** Checks a text; from then on it is known if it is right. */
  async learn(text: string): Promise<Parsed> {
    let parsed: Parsed;
    try {
      parsed = (await this.engine.ask({ call: 'open', module: await this.module(), text }, true)) as Parsed;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const told: Diagnostic = { severity: 'error', code: 'engine', message, line: 0, column: 0, length: 0, hint: '', state: '' };
      return { status: 3, diagnostics: [told], model: null };
    }
    if (parsed.model && !this.models.has(text)) {
      this.codes.set(text, `${this.hash.slice(0, HASH_LETTERS)}.${await encode(differences(this.original, text))}`);
      this.models.set(text, parsed.model);
    }
    return parsed;
  }

  /** What each stretch of a text is, right or wrong; null if the engine can't say. */
  async marks(text: string): Promise<Marked['marks'] | null> {
    const answer = await this.asked<Marked>((module) => ({ call: 'marks', module, text }));
    return answer && answer.marks;
  }

  /** What may stand at a place of a text; null if the engine can't say. */
  async offers(text: string, at: number): Promise<Offered['offers'] | null> {
    const answer = await this.asked<Offered>((module) => ({ call: 'offers', module, text, at }));
    return answer && answer.offers;
  }

  /** What goes without an answer where there is none: the same engine is asked again when the text is checked, and
   * what is the matter with it is told then. */
  private async asked<T extends Answer>(request: (module: WebAssembly.Module) => Request): Promise<T | null> {
    try {
      return (await this.engine.ask(request(await this.module()), true)) as T;
    } catch {
      return null;
    }
  }

  /** The text of a code, known from then on, or why there is none. */
  async read(code: string): Promise<{ text: string } | { wrong: string }> {
    const [hash, packed = ''] = code.split('.', 2);
    if (hash !== this.hash.slice(0, HASH_LETTERS)) return { wrong: 'its edited text is one of another edition of this model' };
    const hunks = await decode(packed);
    const text = hunks && patched(this.original, hunks);
    if (text === null) return { wrong: 'its edited text is damaged' };
    if (!this.has(text) && !(await this.learn(text)).model) return { wrong: 'its edited text is no model' };
    return { text };
  }
}
