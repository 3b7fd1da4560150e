// What stands on paper alone, above the panel: by which the page can be made again.
import { useHash } from './hash';
import { Called, Swatch } from './marks';
import { TEXTS } from './phrases';
import { useLab } from './use';
import { show } from './words';

export function Paper() {
  const lab = useLab();
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
