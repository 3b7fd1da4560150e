// What was set before and can be set again: two stacks of settings around those in force. What is done in
// one gesture, as dragging a slider or adding letters to a text, is one step. Which panel is
// open is no step: that is for the browser's Back. Invariant: neighbours on the stacks differ in what they solve or show.
import { signal } from '@preact/signals';
import { sameWork, type Settings } from './settings';

const GESTURE = 1000; // milliseconds between two changes of one gesture at most
const MOST = 200; // steps kept

export class Past {
  private readonly before = signal<readonly Settings[]>([]);
  private readonly after = signal<readonly Settings[]>([]);
  private gesture = '';
  private until = 0;

  constructor(private readonly clock: () => number = () => performance.now()) {}

  get canUndo(): boolean {
    return this.before.value.length > 0;
  }

  get canRedo(): boolean {
    return this.after.value.length > 0;
  }

  /** Notes that `from` gave way to `to`. `gesture`: what was done, '' if it stands alone. True if this is a new step. */
  note(from: Settings, to: Settings, gesture: string): boolean {
    if (sameWork(from, to)) return false;
    const now = this.clock();
    const goesOn = gesture !== '' && gesture === this.gesture && now < this.until;
    this.gesture = gesture;
    this.until = now + GESTURE;
    this.after.value = [];
    if (goesOn) return false;
    this.before.value = [...this.before.peek(), from].slice(-MOST);
    return true;
  }

  /** The settings before those in force, or null; the latter can be redone. */
  undo(now: Settings): Settings | null {
    return this.step(now, this.before, this.after);
  }

  redo(now: Settings): Settings | null {
    return this.step(now, this.after, this.before);
  }

  private step(now: Settings, from: Past['before'], to: Past['after']): Settings | null {
    const found = from.peek().at(-1);
    if (!found) return null;
    from.value = from.peek().slice(0, -1);
    to.value = [...to.peek(), now];
    this.gesture = '';
    return found;
  }
}
