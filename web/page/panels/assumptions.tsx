// All that is assumed: every number with its source, what the essays say and where the model has it,
// and the text itself, which can be edited and is solved again once it is right.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Diagnostic } from '../../engine/answers';
import type { Exhibit } from '../exhibit';
import { Leave } from '../leave';
import { Note } from '../marks';
import { highlight } from '../highlight';
import { Download } from '../notices';
import { useLab } from '../use';
import { show } from '../words';
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

function Told({ diagnostics, go }: { diagnostics: Diagnostic[]; go: (d: Diagnostic) => void }) {
  return (
    <div class="diagnostics" role="alert">
      <ul>
        {diagnostics.map((d, i) => (
          <li key={i} class={d.severity}>
            <button type="button" onClick={() => go(d)} disabled={!d.line}>
              {d.line > 0 && `line ${d.line}, column ${d.column}: `}
              {d.message}
              {d.hint && ` (${d.hint})`}
            </button>
            {d.state && <pre>{d.state}</pre>}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Editor() {
  const lab = useLab();
  const [text, setText] = useState(lab.draft.text);
  const area = useRef<HTMLTextAreaElement>(null);
  const shade = useRef<HTMLPreElement>(null);
  useEffect(() => setText(lab.draft.text), [lab.draft.text]); // put back, or brought back
  useEffect(() => void lab.draft.check(), []); // for its warnings
  const write = (edited: string) => {
    setText(edited);
    lab.draft.write(edited);
  };
  const declared = useMemo(() => {
    const { actors, params, sources, variables, roles, stages, outcomes, policies } = lab.model;
    return new Set([actors, params, sources, variables, roles, stages, outcomes, policies].flat().map((item) => item.name));
  }, [lab.model]);
  const runs = lab.shown.map((p) => lab.runs.get(p)).filter((run) => run?.problem);
  const told = [...lab.draft.diagnostics, ...runs.flatMap((run) => run!.diagnostics)];
  const marks = new Map(told.filter((d) => d.line > 0).map((d) => [d.line, d]));
  const errors = told.filter((d) => d.severity === 'error').length;
  const { checked } = lab.draft;
  const go = (d: Diagnostic) => {
    const lines = text.split('\n').slice(0, d.line - 1);
    const start = lines.reduce((sum, line) => sum + line.length + 1, 0) + d.column - 1;
    area.current!.focus();
    area.current!.setSelectionRange(start, start + Math.max(1, d.length));
    area.current!.scrollTop = (d.line - 6) * 18;
  };
  const follow = () => {
    shade.current!.scrollTop = area.current!.scrollTop;
    shade.current!.scrollLeft = area.current!.scrollLeft;
  };
  const lines = useMemo(() => text.split('\n').map((line) => highlight(line, declared)), [text, declared]);
  return (
    <>
      <p class="tools">
        <span role="status" data-checked={checked ? (errors ? 'wrong' : 'right') : 'no'}>
          {!checked ? 'Checking…' : errors ? `${errors} ${errors === 1 ? 'error' : 'errors'}; the numbers are those of the last text that was right` : lab.text === lab.data.text ? 'As it was written' : 'Edited, checked and solved'}
        </span>{' '}
        <button type="button" disabled={text === lab.data.text} onClick={() => lab.draft.original()}>Undo all edits</button> <Download />
      </p>
      {checked && told.length > 0 && <Told diagnostics={told} go={go} />}
      <div class="editor">
        <pre ref={shade} aria-hidden="true">
          {lines.map((pieces, i) => (
            <div key={i} class={checked && marks.has(i + 1) ? `line ${marks.get(i + 1)!.severity}` : 'line'}>
              {pieces.length ? pieces.map((p, k) => (p.kind ? <span key={k} class={p.kind}>{p.text}</span> : p.text)) : '\n'}
            </div>
          ))}
        </pre>
        <textarea
          ref={area}
          aria-label="The model's text"
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          wrap="off"
          value={text}
          onInput={(e) => write(e.currentTarget.value)}
          onScroll={follow}
        />
      </div>
    </>
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
          browser keeps the edit, for this page alone; nothing leaves it.
        </Note>
        <Editor />
      </div>
    </>
  );
}
