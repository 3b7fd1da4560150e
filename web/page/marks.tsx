// Small pieces that every panel shows: the colour of a policy, a note under what is drawn.
import type { ComponentChildren } from 'preact';
import { colour } from './colour';

export function Swatch({ policy }: { policy: number }) {
  return <span class="swatch" style={{ background: colour(policy) }} aria-hidden="true" />;
}

export function Note({ children }: { children: ComponentChildren }) {
  return <p class="note">{children}</p>;
}
