// What stands on paper alone, above the panel: by which the page can be made again. And what is folded stands open
// there, as nobody can unfold it.
import { useEffect } from 'preact/hooks';
import { useHash } from './hash';
import { Called, Swatch } from './marks';
import { TEXTS } from './phrases';
import { useLab } from './use';
import { show } from './words';

const FOLDED = 'main details:not([open], .leave, .diff, .reading, .choose-beside, .work, .gather)';

/** Unfolds while there is paper, and folds again what it has unfolded. */
function useUnfolded(): void {
  useEffect(() => {
    const paper = matchMedia('print');
    let unfolded: HTMLDetailsElement[] = [];
    const turn = () => {
      if (paper.matches) unfolded = [...document.querySelectorAll<HTMLDetailsElement>(FOLDED)];
      unfolded.forEach((details) => (details.open = paper.matches));
    };
    paper.addEventListener('change', turn);
    return () => paper.removeEventListener('change', turn);
  }, []);
}

export function Paper() {
  const lab = useLab();
  useUnfolded();
  const { model, data } = lab;
  const hash = useHash(lab.text);
  return (
    <dl class="printed facts paper">
      <dt>policies</dt>
      <dd>
        {lab.shown.map((p) => (
          <div key={p}>
            <Swatch policy={p} /> <Called item={model.policies[p]!} />
          </div>
        ))}
      </dd>
      <dt>numbers</dt>
      <dd>
        {!lab.moved.length && 'the base case: none moved'}
        {lab.moved.map((i) => (
          <div key={i}>
            <strong>{model.params[i]!.name} {show(lab.world[i], 6)}</strong> (base case {show(lab.base[i], 6)}) <span dir="auto">{model.params[i]!.text}</span>
          </div>
        ))}
      </dd>
      <dt>model</dt>
      <dd>
        {data.file}
        {lab.text !== data.text && ', edited in the page'}; detente {model.version}
        {hash && <span class="hash">; SHA-256 {hash}</span>}
      </dd>
      <dt>read</dt>
      <dd>{TEXTS.compares}</dd>
    </dl>
  );
}
