// Colours by what each word is, as the engine tells it: asked again when the text has changed, one question at a time. Until the
// answer is there the spans that are known move with the text around them; `data-marked` says whether they are of the text as it is.
import { RangeSetBuilder, StateEffect, StateField, type Extension, type Text } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin, type DecorationSet, type ViewUpdate } from '@codemirror/view';
import type { Marked } from '../../engine/answers';
import type { Host } from '../editing';

const known = StateEffect.define<DecorationSet>();

interface Spans {
  marks: DecorationSet;
  current: boolean;
}

const spans = StateField.define<Spans>({
  create: () => ({ marks: Decoration.none, current: false }),
  update: (before, step) => {
    const told = step.effects.find((effect) => effect.is(known));
    if (told) return { marks: told.value as DecorationSet, current: true };
    return step.docChanged ? { marks: before.marks.map(step.changes), current: false } : before;
  },
  provide: (field) => [
    EditorView.decorations.from(field, ({ marks }) => marks),
    EditorView.contentAttributes.from(field, ({ current }): Record<string, string> => ({ 'data-marked': current ? 'yes' : 'no' })),
  ],
});

function decorations({ kinds, spans: numbers }: Marked['marks']): DecorationSet {
  const marks = kinds.map((kind) => Decoration.mark({ class: `is-${kind}` }));
  const builder = new RangeSetBuilder<Decoration>();
  for (let i = 0; i < numbers.length; i += 3) builder.add(numbers[i]!, numbers[i]! + numbers[i + 1]!, marks[numbers[i + 2]!]!);
  return builder.finish();
}

export function marking(host: () => Host): Extension {
  const asking = ViewPlugin.fromClass(
    class {
      private of: Text | null = null; // the text that is asked about, or was last
      private asked = false;
      private gone = false;

      constructor(private readonly view: EditorView) {
        void this.ask();
      }

      update({ docChanged }: ViewUpdate) {
        if (docChanged) void this.ask();
      }

      private async ask() {
        if (this.asked) return;
        this.asked = true;
        while (!this.gone && this.of !== this.view.state.doc) {
          const { doc } = this.view.state;
          this.of = doc;
          const marks = await host().marks(doc.toString());
          if (!this.gone && marks && this.view.state.doc === doc) this.view.dispatch({ effects: known.of(decorations(marks)) });
        }
        this.asked = false;
      }

      destroy() {
        this.gone = true;
      }
    },
  );
  return [spans, asking];
}
