// The engine's diagnostics as the editor shows them: under the place, the message with its cure, and where that is another
// name, an action that writes it. The engine counts lines and characters, the editor units of UTF-16.
import type { Diagnostic as Told } from '@codemirror/lint';
import type { Text } from '@codemirror/state';
import type { Diagnostic } from '../../engine/answers';

/** Units of the first characters of a text, at most its length. */
function unitsOf(text: string, characters: number): number {
  let units = 0;
  for (let i = 0; i < characters && units < text.length; i++) units += text.codePointAt(units)! > 0xffff ? 2 : 1;
  return units;
}

/** Where a diagnostic points; it needn't be of this very text. */
export function rangeOf(doc: Text, { line, column, length }: Diagnostic): { from: number; to: number } {
  const { from, text } = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const start = unitsOf(text, column - 1);
  return { from: from + start, to: from + start + unitsOf(text.slice(start), Math.max(1, length)) };
}

const MEANT = /^did you mean '(.+)'\?$/;

/** Those that have a place. */
export function toldBy(doc: Text, diagnostics: readonly Diagnostic[]): Told[] {
  return diagnostics.filter((d) => d.line > 0).map((d) => {
    const meant = MEANT.exec(d.hint)?.[1];
    return {
      ...rangeOf(doc, d),
      severity: d.severity,
      message: d.hint ? `${d.message}\n${d.hint}` : d.message,
      actions: meant === undefined ? [] : [{ name: `Write ${meant}`, apply: (view, from, to) => view.dispatch({ changes: { from, to, insert: meant }, selection: { anchor: from + meant.length } }) }],
    };
  });
}
