// Settings that a reader has given a name, to come back to and to compare: as addresses, which are checked when they
// are gone to as any link is. The browser keeps them, for this page alone, if it keeps anything.
import { signal } from '@preact/signals';

const MOST = 50;

export class Saved {
  private readonly all = signal<ReadonlyMap<string, string>>(new Map());
  private readonly key: string;

  /** `hash`: of the text that the page was made with, '' if there is none. */
  constructor(hash: string) {
    this.key = `detente saved ${hash}`;
    this.all.value = this.read();
  }

  get names(): string[] {
    return [...this.all.value.keys()];
  }

  addressOf(name: string): string | undefined {
    return this.all.value.get(name);
  }

  /** In the place of what had that name; the oldest goes if there are too many. */
  save(name: string, address: string): void {
    const all = [...this.all.peek()].filter(([other]) => other !== name);
    this.keep(new Map([...all, [name, address] as const].slice(-MOST)));
  }

  remove(name: string): void {
    this.keep(new Map([...this.all.peek()].filter(([other]) => other !== name)));
  }

  private read(): Map<string, string> {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(this.key) ?? '[]');
      if (!Array.isArray(kept)) return new Map();
      const pairs = kept.filter((pair): pair is [string, string] => Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === 'string'));
      return new Map(pairs.slice(-MOST));
    } catch {
      return new Map(); // refused, or not ours
    }
  }

  private keep(all: ReadonlyMap<string, string>): void {
    this.all.value = all;
    try {
      localStorage.setItem(this.key, JSON.stringify([...all]));
    } catch {
      // refused, or full: they last as long as the page
    }
  }
}
