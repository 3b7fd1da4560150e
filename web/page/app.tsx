// The frame of the page: title, policies, sliders, and the panel that is open.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Data } from './data';
import type { Lab } from './lab';
import { useLab, useLong } from './use';
import { Called, Swatch } from './marks';
import { Alone } from './alone';
import { withCharts } from './charts';
import { Notices } from './notices';
import { Paper } from './paper';
import { Sliders } from './panels/sliders';
import { giveColours } from './colour';
import { PANEL_TITLES, TEXTS } from './phrases';
import { label, settingsOf } from './words';
import { Answer, mattering } from './panels/answer';
import { Compare } from './panels/compare';
import { OverTime } from './panels/over_time';
import { Why } from './panels/why';
import { Stages } from './panels/stages';
import { Watch } from './panels/watch';
import { Play } from './panels/play';
import { TourBar, useGuessing } from './panels/tour';
import { Record } from './panels/record';
import { Robustness } from './panels/robustness';
import { Referee } from './panels/referee';
import { Assumptions } from './panels/assumptions';
import { Certificates } from './panels/certificates';

const PANELS = [
  { name: 'answer', Content: Answer },
  { name: 'compare', Content: Compare },
  { name: 'time', Content: withCharts(OverTime) },
  { name: 'why', Content: Why },
  { name: 'stages', Content: Stages },
  { name: 'watch', Content: Watch },
  { name: 'play', Content: Play },
  { name: 'robustness', Content: withCharts(Robustness) },
  { name: 'record', Content: withCharts(Record) },
  { name: 'referee', Content: Referee },
  { name: 'assumptions', Content: Assumptions },
  { name: 'certificates', Content: Certificates },
];

function Policies() {
  const lab = useLab();
  const toggle = (policy: number, on: boolean) => {
    const shown = on ? [...lab.shown, policy] : lab.shown.filter((p) => p !== policy);
    if (shown.length) lab.show(shown.sort((a, b) => a - b));
  };
  return (
    <details class="policies">
      <summary>
        <span class="label">Policies</span>
        {lab.shown.map((p) => (
          <span class="chip" key={p}>
            <Swatch policy={p} /> <span class="short" dir="auto" title={lab.model.policies[p]!.name}>{label(lab.model.policies[p]!)}</span>
            {!lab.runs.get(p)!.stale && lab.runs.get(p)!.problem && <span class="bad"> not solved</span>}
          </span>
        ))}
        <span class="more">choose…</span>
      </summary>
      <ul>
        {lab.model.policies.map((policy, p) => (
          <li key={policy.name}>
            <label>
              <input
                type="checkbox"
                checked={lab.shown.includes(p)}
                disabled={lab.shown.length === 1 && lab.shown.includes(p)}
                onChange={(e) => toggle(p, e.currentTarget.checked)}
              />{' '}
              <Called item={policy} /> <span class="hint">{settingsOf(lab.model, p)}</span>
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Whether the numbers are those of the numbers set; where that takes long, a way to start again. */
function State() {
  const lab = useLab();
  const runs = lab.shown.map((p) => lab.runs.get(p)!);
  const waiting = lab.shown.filter((_, i) => runs[i]!.stale);
  const busy = waiting.length > 0;
  const long = useLong(busy, lab.version);
  const unsolved = lab.shown.filter((_, i) => runs[i]!.problem).map((p) => label(lab.model.policies[p]!));
  const slowest = Math.max(...runs.map((run) => run.milliseconds));
  let text = `${lab.draft.edited ? 'edited text, ' : ''}${lab.moved.length ? `${lab.moved.length} moved` : 'base case'}, solved`;
  if (slowest > 0) text += ` in ${Math.round(slowest)} ms`;
  if (unsolved.length) text = `not solved: ${unsolved.join(', ')}`;
  if (busy) text = 'solving…';
  const state = busy ? 'busy' : unsolved.length ? 'bad' : '';
  return (
    <span>
      <span class={`state ${state}`} role="status" data-state={busy ? 'busy' : unsolved.length ? 'failed' : 'ready'}>{text}</span>{' '}
      {busy && long && <button type="button" onClick={() => lab.again(waiting)}>Start again</button>}
    </span>
  );
}

/** Whether keys of undoing are the page's: where one writes they undo what is written. */
const writes = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || target.matches('textarea, input:not([type=range], [type=checkbox], [type=radio])'));

function Undo() {
  const lab = useLab();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || writes(event.target)) return;
      const key = event.key.toLowerCase();
      const redoes = key === 'y' || (key === 'z' && event.shiftKey);
      if (key !== 'z' && !redoes) return;
      event.preventDefault();
      if (redoes) lab.redo();
      else lab.undo();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [lab]);
  return (
    <span class="undo">
      <button type="button" aria-disabled={!lab.past.canUndo} title="Ctrl+Z" onClick={() => lab.undo()}>Undo</button>{' '}
      <button type="button" aria-disabled={!lab.past.canRedo} title="Ctrl+Shift+Z" onClick={() => lab.redo()}>Redo</button>
    </span>
  );
}

/** Settings by name: kept, gone back to, taken away. */
function SavedSettings() {
  const lab = useLab();
  const [name, setName] = useState('');
  const { names } = lab.saved;
  const save = (event: Event) => {
    event.preventDefault();
    lab.save(name.trim() || `Settings ${names.length + 1}`);
    setName('');
  };
  return (
    <details class="saved">
      <summary>Saved settings{names.length > 0 && `: ${names.length}`}</summary>
      <form onSubmit={save}>
        <input value={name} maxLength={60} placeholder={`Settings ${names.length + 1}`} aria-label="A name for these settings" onInput={(e) => setName(e.currentTarget.value)} />{' '}
        <button type="submit">Save these</button>
      </form>
      <ul>
        {names.map((saved) => (
          <li key={saved}>
            <button type="button" dir="auto" onClick={() => void lab.restore(saved)}>{saved}</button>{' '}
            <button type="button" aria-label={`Remove ${saved}`} onClick={() => lab.saved.remove(saved)}>Remove</button>
          </li>
        ))}
      </ul>
    </details>
  );
}

const SAID = 5000; // milliseconds

function CopyLink() {
  const lab = useLab();
  const [said, say] = useState('');
  const copy = async () => {
    const without = lab.draft.text === lab.text ? '' : ", without the edit, which isn't right yet";
    const link = location.href.replace(/#.*$/, '') + lab.link();
    lab.address();
    try {
      await navigator.clipboard.writeText(link);
      say(`copied${without}`);
    } catch {
      say(`it is in the address bar${without}`);
    }
    setTimeout(() => say(''), SAID);
  };
  return (
    <>
      <button type="button" onClick={copy}>Link to these settings</button>
      <span role="status" class="said">{said}</span>
    </>
  );
}

/** Those that there is something to show in: Robustness needs a study, Record a fit or a history, Referee findings. */
export function panelsOf(data: Data) {
  return PANELS.filter(({ name }) => (name !== 'robustness' || data.study) && (name !== 'record' || data.posterior || data.fan?.length) && (name !== 'referee' || data.referee));
}

function Tabs() {
  const lab = useLab();
  const panels = panelsOf(lab.data);
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (!step) return;
    const at = panels.findIndex((panel) => panel.name === lab.panel);
    const next = panels[(at + step + panels.length) % panels.length]!;
    lab.open(next.name);
    document.getElementById(`tab-${next.name}`)?.focus();
  };
  return (
    <div role="tablist" aria-label="Panels" class="tabs" onKeyDown={move}>
      {panels.map(({ name }) => (
        <button
          type="button"
          role="tab"
          key={name}
          id={`tab-${name}`}
          aria-selected={lab.panel === name}
          aria-controls="panel"
          tabIndex={lab.panel === name ? 0 : -1}
          onClick={() => lab.open(name)}
        >
          {PANEL_TITLES[name]}
        </button>
      ))}
    </div>
  );
}

/** Tells the style how high the head is: it stays in view, and nothing that one comes to may lie under it. */
function useHead(lab: Lab) {
  const head = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!head.current) return;
    const observer = new ResizeObserver(() => head.current && document.documentElement.style.setProperty('--head', `${head.current.offsetHeight}px`));
    observer.observe(head.current);
    return () => observer.disconnect();
  }, [lab.embed]);
  return head;
}

/** Whoever is led to another panel by something that goes away with the one before goes on in the panel. */
function useArrival(lab: Lab) {
  const before = useRef(lab.panel);
  useEffect(() => {
    if (before.current !== lab.panel && document.activeElement === document.body) document.getElementById('panel')?.focus({ preventScroll: true });
    before.current = lab.panel;
  }, [lab.panel]);
}

/** The first stop of the keyboard, past title, policies and numbers; and again before the numbers, of which there may be
 * hundreds. The address says what is set, so that it stays. */
function Skip() {
  const go = (event: Event) => {
    event.preventDefault();
    document.getElementById('panel')!.focus();
  };
  return <a class="skip" href="#panel" onClick={go}>{TEXTS.skip}</a>;
}

export function App() {
  const lab = useLab();
  const guessing = useGuessing();
  const head = useHead(lab);
  useArrival(lab);
  giveColours(lab.shown, mattering(lab));
  const { Content } = panelsOf(lab.data).find((panel) => panel.name === lab.panel)!;
  if (lab.embed) return <Alone key={lab.embed} Content={Content} />;
  return (
    <>
      <Skip />
      <header ref={head}>
        <div class="title">
          <h1 dir="auto">{lab.model.title || lab.model.name}</h1>
          <State />
          <Undo />
        </div>
        <Policies />
        <SavedSettings />
        <Tabs />
      </header>
      <div class="columns">
        <aside aria-label="Numbers that can be moved">
          <Skip />
          <Sliders />
        </aside>
        <main>
          <div id="panel" class={guessing ? 'guessing' : undefined} role="tabpanel" tabIndex={-1} aria-labelledby={`tab-${lab.panel}`}>
            <h2 class="printed">{PANEL_TITLES[lab.panel]}</h2>
            <Paper />
            <Notices />
            <TourBar />
            <Content />
          </div>
        </main>
      </div>
      <footer>
        <CopyLink />
        <span>
          detente {lab.model.version}, solved in this page. {TEXTS.compares}
        </span>
      </footer>
    </>
  );
}
