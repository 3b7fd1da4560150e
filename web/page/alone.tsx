// One chart or table alone, as another page shows it in a frame (`#embed=NAME`): its title, what is drawn, its
// numbers as a table, the numbers moved, the source, and the way to the whole page. The panel that has it
// is there unseen: it works everything out, and hands the chart over as it would leave the page.
import type { ComponentType } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { sourceLines, told, type Exhibit } from './exhibit';
import { useHash } from './hash';
import { Leave, Showing } from './leave';
import { Swatch } from './marks';
import { Notices } from './notices';
import { TEXTS } from './phrases';
import { useLab, useWidth } from './use';
import { label } from './words';

function Drawn({ exhibit, draw }: { exhibit: Exhibit; draw: (width: number) => SVGSVGElement }) {
  const { place, width } = useWidth();
  useEffect(() => {
    if (width) place.current!.replaceChildren(draw(width));
  }, [exhibit, width]);
  return (
    <div role="img" aria-label={exhibit.title}>
      <div ref={place} aria-hidden="true" />
    </div>
  );
}

function Numbers({ exhibit }: { exhibit: Exhibit }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={TEXTS.behind}>
      <table class="numbers">
        <thead>
          <tr>{exhibit.header.map((title) => <th scope="col" key={title} dir="auto">{title}</th>)}</tr>
        </thead>
        <tbody>
          {exhibit.rows.map((row, r) => (
            <tr key={r}>{row.map((cell, c) => <td key={c} class={typeof cell === 'number' ? 'number' : undefined} dir="auto">{told(cell)}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Shown({ exhibit }: { exhibit: Exhibit }) {
  const lab = useLab();
  const hash = useHash(lab.text);
  const stale = lab.shown.some((policy) => lab.runs.get(policy)?.stale);
  return (
    <figure data-alone={exhibit.name} data-current={!stale}>
      <figcaption>
        <h1><span dir="auto">{exhibit.title}</span> <Leave lab={lab} of={() => exhibit} /></h1>
        <p class="hint" dir="auto">{exhibit.subtitle}</p>
        {exhibit.policies.length > 0 && (
          <p class="legend">
            {exhibit.policies.map((policy) => <span class="key" key={policy}><Swatch policy={policy} /> <span dir="auto">{label(lab.model.policies[policy]!)}</span></span>)}
          </p>
        )}
      </figcaption>
      <div class={stale ? 'stale' : undefined}>
        {exhibit.draw ? <Drawn exhibit={exhibit} draw={exhibit.draw} /> : <Numbers exhibit={exhibit} />}
      </div>
      {exhibit.draw && (
        <details>
          <summary>{TEXTS.behind}</summary>
          <Numbers exhibit={exhibit} />
        </details>
      )}
      {sourceLines(lab, exhibit, hash).map((line) => <p class="hint hash-wraps" key={line} dir="auto">{line}</p>)}
    </figure>
  );
}

export function Alone({ Content }: { Content: ComponentType }) {
  const lab = useLab();
  const [exhibit, hold] = useState<Exhibit | null>(null);
  const take = useCallback((offered: Exhibit) => void (offered.name === lab.embed && hold(offered)), []);
  const unseen = useMemo(() => <Showing.Provider value={take}><Content /></Showing.Provider>, [Content]); // not drawn anew when it has handed something over
  return (
    <main class="alone">
      <Notices />
      {exhibit ? <Shown exhibit={exhibit} /> : <p role="status">{TEXTS.comes} {TEXTS.noChart}</p>}
      <p><a href={lab.link('')} target="_blank" rel="noopener">{TEXTS.wholePage}: <span dir="auto">{label({ name: lab.model.name, text: lab.model.title })}</span></a></p>
      <div hidden>{unseen}</div>
    </main>
  );
}
