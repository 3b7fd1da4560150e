// The editor of the model's text: CodeMirror 6, which knows nothing of the language. What each word is, what is wrong and what may
// stand at a place is asked of the engine; changes go to the page, which checks, keeps and solves them. Keys
// undo and redo here what was written here, then what was done in the page. Invariant: but for line ends, which
// are one character here, the text is the page's draft.
import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { history, historyKeymap, isolateHistory, redoDepth, standardKeymap, undoDepth } from '@codemirror/commands';
import { nextDiagnostic, previousDiagnostic, setDiagnostics } from '@codemirror/lint';
import { search, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState, Prec, type Extension, type StateEffect } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import type { Host, Opened } from '../editing';
import { changeBetween } from './change';
import { marking } from './marking';
import { offering } from './offering';
import { LOOK } from './look';
import { rangeOf, toldBy } from './told';

/** On changes that come from the page. */
const fromPage = Annotation.define<boolean>();

const NARROW = '(max-width: 800px)'; // long lines are wrapped

const MOST_OFFERED = 12; // shown at a time, so that the list needn't be scrolled

let host: Host; // the page as it is now: what is kept of an editor outlives the panel that it was in
let kept: { state: EditorState; scroll: StateEffect<unknown> } | null = null;

const plain = (text: string): string => text.replace(/\r\n?/g, '\n');

const undoing = Prec.high(
  keymap.of([
    { key: 'Mod-z', run: ({ state }) => undoDepth(state) === 0 && (host.undo(), true) },
    { key: 'Mod-y', run: ({ state }) => redoDepth(state) === 0 && (host.redo(), true) },
    { key: 'Mod-Shift-z', run: ({ state }) => redoDepth(state) === 0 && (host.redo(), true) },
  ]),
);

const extensions = (): Extension[] => [
  lineNumbers(),
  history(),
  search({ top: true }),
  autocompletion({ override: [offering(() => host)], icons: false, maxRenderedOptions: MOST_OFFERED }),
  undoing,
  keymap.of([
    { key: 'F8', run: nextDiagnostic },
    { key: 'Shift-F8', run: previousDiagnostic },
    ...completionKeymap, ...searchKeymap, ...historyKeymap, ...standardKeymap,
  ]),
  marking(() => host),
  LOOK,
  EditorView.contentAttributes.of(() => ({ 'aria-label': host.label, tabindex: '0' })),
  EditorView.updateListener.of((update) => {
    if (update.docChanged && !update.transactions.every((step) => !step.docChanged || step.annotation(fromPage))) host.write(update.state.doc.toString());
  }),
  matchMedia(NARROW).matches ? EditorView.lineWrapping : [],
];

export function open(parent: HTMLElement, text: string, page: Host): Opened {
  host = page;
  const state = kept?.state ?? EditorState.create({ doc: plain(text), extensions: extensions() });
  const view = new EditorView({ state, parent, ...(kept && { scrollTo: kept.scroll }) });
  const show = (to: string) => {
    const changes = changeBetween(view.state.doc.toString(), plain(to));
    if (changes) view.dispatch({ changes, annotations: [fromPage.of(true), isolateHistory.of('full')] });
  };
  show(text);
  return {
    show,
    tell: (diagnostics) => view.dispatch(setDiagnostics(view.state, toldBy(view.state.doc, diagnostics))),
    go: (diagnostic) => {
      const { from, to } = rangeOf(view.state.doc, diagnostic);
      view.dispatch({ selection: { anchor: from, head: to }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
      view.focus();
    },
    close: () => {
      kept = { state: view.state, scroll: view.scrollSnapshot() };
      view.destroy();
    },
  };
}

/** The text in an editor that stands in the page, all of it, for whoever finds it there. */
export function textIn(element: HTMLElement): string | null {
  return EditorView.findFromDOM(element)?.state.doc.toString() ?? null;
}
