// The model's text, to be edited: the editor (editing.ts), what is said of the text as it is written, and the way back.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Diagnostic, Model, Named } from '../../engine/answers';
import { readEditor, type Host, type Opened } from '../editing';
import type { Lab } from '../lab';
import { Download } from '../notices';
import { useLab } from '../use';
import { show } from '../words';

function Told({ diagnostics, go }: { diagnostics: readonly Diagnostic[]; go: (d: Diagnostic) => void }) {
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

/** What a name of the last text that was right stands for, by the kind that the engine gives it. */
function about(model: Model, kind: string, name: string): string {
  const kinds: Record<string, readonly Named[]> = {
    actor: model.actors,
    role: model.roles,
    parameter: model.params,
    variable: model.variables,
    stage: model.stages,
    action: model.stages.flatMap((stage) => stage.actions),
    outcome: model.outcomes,
    lever: model.levers,
    setting: model.levers.flatMap((lever) => lever.settings),
    policy: model.policies,
    source: model.sources,
  };
  const text = kinds[kind]?.find((item) => item.name === name)?.text ?? '';
  const param = kind === 'parameter' ? model.params.find((p) => p.name === name) : undefined;
  return param ? `${text}${text && ': '}${show(param.value)}` : text;
}

const hostOf = (lab: Lab): Host => ({
  label: "The model's text",
  write: (text) => lab.draft.write(text),
  undo: () => lab.undo(),
  redo: () => lab.redo(),
  marks: (text) => lab.texts.marks(text),
  offers: (text, at) => lab.texts.offers(text, at),
  about: (kind, name) => about(lab.model, kind, name),
});

export function Editor() {
  const lab = useLab();
  const place = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [trouble, setTrouble] = useState('');
  const { draft } = lab;
  const { text, checked } = draft;
  useEffect(() => {
    let editor: Opened | null = null;
    let left = false;
    const open = async () => {
      const { open } = await readEditor();
      if (!left) setOpened((editor = open(place.current!, draft.text, hostOf(lab))));
    };
    open().catch((error) => setTrouble(error instanceof Error ? error.message : String(error)));
    void draft.check(); // for its warnings
    return () => {
      left = true;
      editor?.close();
    };
  }, [lab]);
  const runs = lab.shown.map((p) => lab.runs.get(p)).filter((run) => run?.problem);
  const told = useMemo(() => [...draft.diagnostics, ...runs.flatMap((run) => run!.diagnostics)], [draft.diagnostics, ...runs]);
  const errors = told.filter((d) => d.severity === 'error').length;
  useEffect(() => opened?.show(draft.text), [opened, text]); // as it is by now: one may have written on
  useEffect(() => {
    if (checked) opened?.tell(told); // until then those of the text before move with it
  }, [opened, checked, told]);
  return (
    <>
      <p class="tools">
        <span role="status" data-checked={checked ? (errors ? 'wrong' : 'right') : 'no'}>
          {!checked ? 'Checking…' : errors ? `${errors} ${errors === 1 ? 'error' : 'errors'}; the numbers are those of the last text that was right` : lab.text === lab.data.text ? 'As it was written' : 'Edited, checked and solved'}
        </span>{' '}
        <button type="button" disabled={text === lab.data.text} onClick={() => draft.original()}>Undo all edits</button> <Download />
      </p>
      {checked && told.length > 0 && <Told diagnostics={told} go={(d) => opened?.go(d)} />}
      {trouble && <p class="notice bad" role="alert">The editor can't be shown: {trouble}.</p>}
      <div class="editor" ref={place} data-opened={opened ? '' : undefined} />
    </>
  );
}
