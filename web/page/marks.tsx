// Small pieces that every panel shows: the colour of a policy, what something is called, a word that is
// explained, a note under what is drawn.
import type { ComponentChildren } from 'preact';
import { colour } from './colour';
import { GLOSSARY, TEXTS, type Term } from './phrases';
import type { Measured } from './words';
import { distance, label } from './words';

export function Swatch({ policy }: { policy: number }) {
  return <span class="swatch" style={{ background: colour(policy) }} aria-hidden="true" />;
}

/** The text of something, with its identifier in small print where that is another. */
export function Called({ item }: { item: { name: string; text: string } }) {
  return (
    <span class="called">
      <span dir="auto">{label(item)}</span>
      {item.text && <> <code class="id">{item.name}</code></>}
    </span>
  );
}

/** A word that has a meaning of its own here, which is told to whoever points at it or comes to it. */
export function Word({ term, children }: { term: Term; children?: ComponentChildren }) {
  return (
    <button type="button" class="word-tip" aria-label={`${term}: ${GLOSSARY[term]}`}>
      {children ?? term}
      <span class="tip" aria-hidden="true">{GLOSSARY[term]}</span>
    </button>
  );
}

/** That policies differ by less than an outcome is off by on half the grid of beliefs. */
export function Coarse({ outcome, off }: { outcome: Measured; off: number }) {
  return <p class="said-best hint" data-coarse={off}>{TEXTS.coarse} {distance(outcome, off)}, {TEXTS.coarser}</p>;
}

export function Note({ children }: { children: ComponentChildren }) {
  return <p class="note">{children}</p>;
}
