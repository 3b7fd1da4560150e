// All that is assumed: every number with its source, what the essays say and where the model has it,
// and the text itself, which can be edited and is solved again once it is right.
import { useMemo } from 'preact/hooks';
import type { Exhibit } from '../exhibit';
import { Leave } from '../leave';
import { Note } from '../marks';
import { useLab } from '../use';
import { show } from '../words';
import { Editor } from './editor';
import { groupsOf, kindOf, sourceOf } from './sliders';

function Numbers() {
  const lab = useLab();
  const groups = useMemo(() => groupsOf(lab.model), [lab.model]);
  const exhibit = (): Exhibit => ({
    name: 'numbers',
    title: 'Every number and its source',
    subtitle: '',
    policies: [],
    banded: false,
    header: ['name', 'number', 'declared', 'from', 'to', 'list', 'distribution', 'kind', 'what it is', 'source'],
    rows: groups.flatMap((group) => group.params.map((i) => {
      const p = lab.model.params[i]!;
      return [p.name, lab.world[i]!, p.value, p.low, p.high, p.list.join(' '), p.distribution, kindOf(p), p.text, sourceOf(lab.model, p)];
    })),
    draw: null,
  });
  return (
    <section aria-label="Every number and its source">
      <p class="with-menu"><span class="hint">{lab.model.params.length} numbers</span> <Leave lab={lab} of={exhibit} /></p>
      <div class="scroll" tabIndex={0} role="region" aria-label="Every number">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">name</th>
              <th scope="col">number</th>
              <th scope="col">range</th>
              <th scope="col">kind</th>
              <th scope="col">what it is</th>
              <th scope="col">source</th>
            </tr>
          </thead>
          {groups.map((group) => (
            <tbody key={group.title}>
              <tr class="heading">
                <th scope="rowgroup" colSpan={6}>{group.title}</th>
              </tr>
              {group.params.map((i) => {
                const p = lab.model.params[i]!;
                const range = p.list.length ? `{${p.list.map(show).join(', ')}}` : p.low !== null && p.high !== null ? `${show(p.low)} … ${show(p.high)}` : '';
                return (
                  <tr key={p.name}>
                    <th scope="row">{p.name}</th>
                    <td>
                      {show(lab.world[i])}
                      {lab.world[i] !== p.value && <span class="hint"> (declared {show(p.value)})</span>}
                    </td>
                    <td>{[p.distribution, range].filter(Boolean).join(' in ')}</td>
                    <td>{kindOf(p)}</td>
                    <td>{p.text}</td>
                    <td>{sourceOf(lab.model, p)}</td>
                  </tr>
                );
              })}
            </tbody>
          ))}
        </table>
      </div>
    </section>
  );
}

/** A table of comma-separated values; a field may stand in double quotes. */
function readTable(text: string): string[][] {
  return text.trim().split(/\r?\n/).map((line) =>
    [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => m[1]?.replaceAll('""', '"') ?? m[2] ?? ''),
  );
}

function Coverage({ text }: { text: string }) {
  const lab = useLab();
  const [head = [], ...rows] = useMemo(() => readTable(text), [text]);
  const exhibit = (): Exhibit => ({
    name: 'coverage',
    title: 'What the essays say, and where the model has it',
    subtitle: '',
    policies: [],
    banded: false,
    header: head,
    rows: rows.map((row) => head.map((_, c) => row[c] ?? '')),
    draw: null,
  });
  return (
    <details>
      <summary><h3>What the essays say, and where the model has it</h3></summary>
      <p class="with-menu"><span class="hint">{rows.length} rows</span> <Leave lab={lab} of={exhibit} /></p>
      <div class="scroll" tabIndex={0} role="region" aria-label="Coverage of the essays">
        <table class="numbers">
          <thead>
            <tr>{head.map((h) => <th scope="col" key={h}>{h.replaceAll('_', ' ')}</th>)}</tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={i}>{row.map((cell, c) => <td key={c}>{cell}</td>)}</tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

export function Assumptions() {
  const lab = useLab();
  return (
    <>
      <details open>
        <summary><h3>Every number and its source</h3></summary>
        <Numbers />
      </details>
      {lab.data.coverage && <Coverage text={lab.data.coverage} />}
      <div class="editing">
        <h3>The model</h3>
        <Note>
          This text is all that is solved. Edit it here: it is checked as you write and solved again when it is right. This
          browser keeps the edit, for this page alone; nothing leaves it. Ctrl+Space offers what may stand where you write,
          Ctrl+F searches, F8 goes to what is wrong, Tab leaves the text.
        </Note>
        <Editor />
      </div>
    </>
  );
}
