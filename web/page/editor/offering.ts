// Completion: what may stand where one writes, as the engine tells it, what belongs there first. Asked for by keys, it is shown
// anywhere; while one writes, within a word and after a point.
import type { CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete';
import type { Host } from '../editing';

const WORD = /^\w*$/;

export const offering = (host: () => Host): CompletionSource => async (context: CompletionContext): Promise<CompletionResult | null> => {
  if (!context.explicit && !context.matchBefore(/[\w.]/)) return null;
  const found = await host().offers(context.state.doc.toString(), context.pos);
  if (!found?.offers.length || context.aborted) return null;
  const options = found.offers.map(([label, kind, beside]) => ({ label, detail: kind, boost: beside ? 2 : kind === 'keyword' ? -1 : 0, ...about(host().about(kind, label)) }));
  return { from: found.from, options, validFor: WORD };
};

const about = (text: string) => (text ? { info: text } : {});
