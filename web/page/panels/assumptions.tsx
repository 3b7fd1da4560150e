// All that is assumed: the text, which can be edited and is solved again once it is right, every number with its source,
// in any order, and what the essays say and where the model has it.
import { useMemo, useState } from 'preact/hooks';
import type { Parameter } from '../../engine/answers';
import type { Exhibit } from '../exhibit';
import type { Lab } from '../lab';
import { Leave } from '../leave';
import { Called, Note } from '../marks';
import { useLab } from '../use';
import { label, show } from '../words';
import { Editor } from './editor';
import { groupsOf, kindOf, sourceOf } from './sliders';

/** By what the table can be put in order; without, it stands by groups as the model has it. */
const COLUMNS: { title: string; of: (lab: Lab, p: Parameter, i: number) => string | number }[] = [
  { title: 'what it is', of: (_, p) => label(p) },
  { title: 'number', of: (lab, _, i) => lab.world[i]! },
  { title: 'range', of: (_, p) => p.span[1] - p.span[0] },
  { title: 'kind', of: (_, p) => kindOf(p) },
  { title: 'source', of: (lab, p) => sourceOf(lab.model, p) },
];

interface Order {
  column: number;
  down: boolean;
}

function inOrder(lab: Lab, { column, down }: Order): number[] {
  const of = (i: number) => COLUMNS[column]!.of(lab, lab.model.params[i]!, i);
  const sign = down ? -1 : 1;
  return [...lab.model.params.keys()].sort((a, b) => {
    const x = of(a), y = of(b);
    return (typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y))) * sign || a - b;
  });
}

function Row({ lab, param }: { lab: Lab; param: number }) {
  const p = lab.model.params[param]!;
  const range = p.list.length ? `{${p.list.map((x) => show(x)).join(', ')}}` : p.low !== null && p.high !== null ? `${show(p.low)} … ${show(p.high)}` : '';
  return (
    <tr data-param={p.name}>
      <th scope="row"><Called item={p} /></th>
      <td>
        {show(lab.world[param])}
        {lab.world[param] !== p.value && <span class="hint"> (declared {show(p.value)})</span>}
      </td>
      <td>{[p.distribution, range].filter(Boolean).join(' in ')}</td>
      <td>{kindOf(p)}</td>
      <td dir="auto">{sourceOf(lab.model, p)}</td>
    </tr>
  );
}

function Numbers() {
  const lab = useLab();
  const groups = useMemo(() => groupsOf(lab.model), [lab.model]);
  const [order, put] = useState<Order | null>(null);
  /** By a column, the other way round, and as it was. */
  const turn = (column: number) => put(order?.column !== column ? { column, down: false } : order.down ? null : { column, down: true });
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
              {COLUMNS.map(({ title }, c) => (
                <th scope="col" key={title} aria-sort={order?.column !== c ? undefined : order.down ? 'descending' : 'ascending'}>
                  <button type="button" class="order" onClick={() => turn(c)}>{title}<span aria-hidden="true">{order?.column !== c ? '' : order.down ? ' ▾' : ' ▴'}</span></button>
                </th>
              ))}
            </tr>
          </thead>
          {order ? <tbody>{inOrder(lab, order).map((i) => <Row key={i} lab={lab} param={i} />)}</tbody> : groups.map((group) => (
            <tbody key={group.title}>
              <tr class="heading">
                <th scope="rowgroup" colSpan={COLUMNS.length}>{group.title}</th>
              </tr>
              {group.params.map((i) => <Row key={i} lab={lab} param={i} />)}
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
      <div class="editing">
        <h3>The model</h3>
        <Note>
          This text is all that is solved. Edit it here: it is checked as you write and solved again when it is right. This
          browser keeps the edit, for this page alone; nothing leaves it. Ctrl+Space offers what may stand where you write,
          Ctrl+F searches, F8 goes to what is wrong, Tab leaves the text.
        </Note>
        <Editor />
      </div>
      <details open>
        <summary><h3>Every number and its source</h3></summary>
        <Numbers />
      </details>
      {lab.data.coverage && <Coverage text={lab.data.coverage} />}
    </>
  );
}
