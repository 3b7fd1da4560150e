// Every number of the model with its range, its kind and its source; moving one solves every policy
// shown again.
import { useMemo, useState } from 'preact/hooks';
import type { Model, Parameter } from '../../engine/answers';
import { useLab } from '../use';
import { show } from '../words';

export interface Group {
  title: string;
  params: number[];
}

/** Parameters by the last heading comment above them, such as "# --- chance ---". */
export function groupsOf(model: Model, text: string): Group[] {
  const lines = text.split('\n');
  const headings: { line: number; title: string }[] = [];
  lines.forEach((line, i) => {
    const heading = /^\s*#\s*-{2,}\s*(.*?)\s*-*\s*$/.exec(line);
    if (heading?.[1]) headings.push({ line: i + 1, title: heading[1] });
  });
  const groups: Group[] = [];
  model.params.forEach((param, i) => {
    const title = headings.filter((h) => h.line < param.line).at(-1)?.title ?? 'Parameters';
    const group = groups.find((g) => g.title === title);
    if (group) group.params.push(i);
    else groups.push({ title, params: [i] });
  });
  return groups;
}

/** Where a slider goes: the declared range, else where the distribution lies, else around the value. */
export function rangeOf(param: Parameter): { low: number; high: number; declared: boolean } {
  if (param.low !== null && param.high !== null) return { low: param.low, high: param.high, declared: true };
  const [kind = '', list = ''] = param.distribution.replace(')', '').split('(');
  const [a = 0, b = 0, c = 0] = list.split(',').map(Number);
  const ends: Record<string, [number, number]> = {
    uniform: [a, b],
    beta: [0, 1],
    normal: [a - 3 * b, a + 3 * b],
    lognormal: [0, Math.exp(a + 2.5 * b)],
    gamma: [0, (a + 3 * Math.sqrt(a)) * b],
    triangular: [a, c],
    pert: [a, c],
  };
  const around = Math.abs(param.value) || 1;
  const [low, high] = ends[kind.trim()] ?? [Math.min(0, 2 * param.value), Math.max(0, 2 * around)];
  return { low: param.low ?? Math.min(low, param.value), high: param.high ?? Math.max(high, param.value), declared: false };
}

export function kindOf(param: Parameter): string {
  return param.kind === 'fixed' ? 'fixed' : param.kind;
}

export function sourceOf(model: Model, param: Parameter): string {
  if (param.source >= 0) return model.sources[param.source]!.text || model.sources[param.source]!.name;
  return param.judgement ? 'judgement' : 'no source given';
}

/** The values of a list to choose from; another number, set by hand or by a link, stands among them. */
function Choice({ id, list, value, choose }: { id: string; list: number[]; value: number; choose: (x: number) => void }) {
  const all = list.includes(value) ? list : [...list, value].sort((a, b) => a - b);
  return (
    <select id={id} class="choice" value={String(value)} aria-describedby={`${id}-text`} onChange={(e) => choose(Number(e.currentTarget.value))}>
      {all.map((x) => (
        <option key={x} value={String(x)} selected={x === value}>
          {String(x)}{list.includes(x) ? '' : ', not listed'}
        </option>
      ))}
    </select>
  );
}

function Slider({ index }: { index: number }) {
  const lab = useLab();
  const param = lab.model.params[index]!;
  const { low, high, declared } = useMemo(() => rangeOf(param), [param]);
  const value = lab.number(index);
  const base = lab.base[index]!;
  const moved = value !== base;
  const set = lab.model.policies.filter((p, i) => lab.shown.includes(i) && Object.hasOwn(p.set, param.name));
  const id = `param-${param.name}`;
  const take = (text: string) => {
    const number = Number(text);
    if (text.trim() !== '' && Number.isFinite(number)) lab.set(index, number);
  };
  // Where the middle of the thumb would be: it stays within the track.
  const place = (x: number) => `calc(8px + (100% - 16px) * ${(x - low) / (high - low || 1)})`;
  return (
    <li class={moved ? 'slider moved' : 'slider'}>
      <div class="head">
        <label for={id}>{param.name}</label>
        <span class={`kind ${param.kind}`} title={param.distribution || undefined}>{kindOf(param)}</span>
        {param.judgement && <span class="kind judgement">judgement</span>}
        {moved && (
          <button type="button" class="reset" onClick={() => lab.reset(index)} aria-label={`put ${param.name} back to ${show(base)}`}>
            ↺ {show(base)}
          </button>
        )}
        <input
          type="number"
          class="value"
          step="any"
          value={Number(value.toPrecision(6))}
          aria-label={`${param.name}, exact number`}
          onChange={(e) => take(e.currentTarget.value)}
        />
      </div>
      {param.list.length > 0 ? (
        <Choice id={id} list={param.list} value={value} choose={(x) => lab.set(index, x)} />
      ) : (
        <>
          <div class="track">
            <input
              type="range"
              id={id}
              min={low}
              max={high}
              step={(high - low) / 1000 || 'any'}
              value={value}
              aria-describedby={`${id}-text`}
              onInput={(e) => lab.set(index, tidy(Number(e.currentTarget.value), low, high))}
            />
            <span class="tick" style={{ left: place(base) }} aria-hidden="true" />
          </div>
          <div class="ends" aria-hidden="true">
            <span>{show(low)}</span>
            <span>{declared ? '' : 'no range declared'}</span>
            <span>{show(high)}</span>
          </div>
        </>
      )}
      <p id={`${id}-text`}>
        {param.text}
        {param.distribution && <> · {param.distribution}</>}
        <span class="source"> — {sourceOf(lab.model, param)}</span>
        {set.length > 0 && <span class="set"> Set to {set.map((p) => `${show(p.set[param.name])} by ${p.name}`).join(', ')}.</span>}
      </p>
    </li>
  );
}

/** Without the dust that a slider's step leaves: 0.30000000000000004 becomes 0.3. */
function tidy(x: number, low: number, high: number): number {
  const rounded = Number(x.toPrecision(6));
  return Math.min(Math.max(rounded, low), high);
}

export function Sliders() {
  const lab = useLab();
  const [sought, seek] = useState('');
  const [onlyMoved, setOnlyMoved] = useState(false);
  const [wide] = useState(() => matchMedia('(min-width: 801px)').matches); // else below the fold
  const groups = useMemo(() => groupsOf(lab.model, lab.text), [lab.model, lab.text]);
  const fits = (i: number) => {
    const param = lab.model.params[i]!;
    if (onlyMoved && lab.world[i] === lab.base[i]) return false;
    return `${param.name} ${param.text}`.toLowerCase().includes(sought.toLowerCase());
  };
  const moved = lab.moved.length;
  return (
    <details class="sliders" open={wide}>
      <summary>
        <h2>Numbers</h2>
        <span class="count">{moved ? `${moved} of ${lab.model.params.length} moved` : `${lab.model.params.length}, none moved`}</span>
      </summary>
      <div class="tools">
        <input type="search" placeholder="Find a number" aria-label="Find a number" value={sought} onInput={(e) => seek(e.currentTarget.value)} />
        <label>
          <input type="checkbox" checked={onlyMoved} onChange={(e) => setOnlyMoved(e.currentTarget.checked)} /> moved only
        </label>
        <button type="button" disabled={!moved} onClick={() => lab.reset()}>Reset all</button>
      </div>
      {groups.map((group, g) => {
        const params = group.params.filter(fits);
        const count = group.params.filter((i) => lab.world[i] !== lab.base[i]).length;
        if (!params.length) return null;
        return (
          <details key={group.title} class="group" open={g === 0 || !!sought || onlyMoved}>
            <summary>
              <h3>{group.title}</h3>
              <span class="count">{count ? `${count} moved` : group.params.length}</span>
            </summary>
            <ul>
              {params.map((i) => (
                <Slider key={lab.model.params[i]!.name} index={i} />
              ))}
            </ul>
          </details>
        );
      })}
    </details>
  );
}
