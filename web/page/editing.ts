// What the page and its editor say to each other. The editor is a script of its own (editor/main.ts), which stands compressed in the
// page and is read when it is opened for the first time: who only reads numbers doesn't wait for it. Its hash is in the
// page's security policy, as that of the first script is (compose.mjs).
import type { Diagnostic, Marked, Offered } from '../engine/answers';
import { runPart } from './data';

/** What the editor asks of the page. */
export interface Host {
  label: string;
  write(text: string): void; // the reader has changed it
  undo(): void; // where nothing is left to undo in the editor
  redo(): void;
  marks(text: string): Promise<Marked['marks'] | null>; // null: the engine can't say
  offers(text: string, at: number): Promise<Offered['offers'] | null>;
  about(kind: string, name: string): string; // what a name stands for; '' if that isn't known
}

/** What the page asks of the editor while it is open. */
export interface Opened {
  show(text: string): void; // it has become another, by something else than the editor
  tell(diagnostics: readonly Diagnostic[]): void; // of the text as it is
  go(diagnostic: Diagnostic): void;
  close(): void; // what was done in it can be undone when it is opened again
}

export interface Editor {
  open(parent: HTMLElement, text: string, host: Host): Opened;
}

let editor: Promise<Editor> | undefined;

/** The editor, read once. */
export function readEditor(): Promise<Editor> {
  return (editor ??= runPart<Editor>('editor'));
}
