// Every number of the model with its range, its kind and its source; moving one solves every policy
// shown again.
import { useMemo, useState } from 'preact/hooks';
import type { Model, Parameter } from '../../engine/answers';
import type { Lab } from '../lab';
import { TEXTS } from '../phrases';
import { useLab } from '../use';
import { Search, useDeciding } from './decides';
import { label, show } from '../words';

export interface Group {
  title: string;
  params: number[];
}

/** Parameters by the groups that the model declares, in the order of their first members. */
export function groupsOf(model: Model): Group[] {
  const groups: Group[] = [];
  model.params.forEach((param, i) => {
    const title = param.group || 'Numbers';
    const group = groups.find((g) => g.title === title);
    if (group) group.params.push(i);
    else groups.push({ title, params: [i] });
  });
  return groups;
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

/** It is drawn again when its own number changes, or what is set for all: what hangs on the context would be with every
 * other slider. */
function Slider({ lab, index, words = '' }: { lab: Lab; index: number; words?: string | undefined }) {
  const param = lab.model.params[index]!;
  const [low, high] = param.span;
  const declared = (param.low !== null && param.high !== null) || !!param.distribution;
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
        <label for={id} dir="auto">{label(param)}</label>
        <input
          type="number"
          class="value"
          step="any"
          value={Number(value.toPrecision(6))}
          aria-label={`${param.name}, exact number`}
          onChange={(e) => take(e.currentTarget.value)}
        />
        <span class="marks">
          <code class="id">{param.text && param.name}</code>
          <span class={`kind ${param.kind}`} title={param.distribution || undefined}>{kindOf(param)}</span>
          {param.judgement && <span class="kind judgement">judgement</span>}
          {moved && (
            <button type="button" class="reset" onClick={() => lab.reset(index)} aria-label={`put ${param.name} back to ${show(base)}`}>
              ↺ {show(base)}
            </button>
          )}
        </span>
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
              aria-valuetext={show(value)}
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
      {words && <p class="turns" dir="auto" data-turn={param.name}>{words}</p>}
      <p id={`${id}-text`}>
        {param.distribution && <>{param.distribution}, </>}
        <span class="source">{sourceOf(lab.model, param)}</span>
        {set.length > 0 && <span class="set"> Set to {set.map((p) => `${show(p.set[param.name])} by “${label(p)}”`).join(', ')}.</span>}
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
  const groups = useMemo(() => groupsOf(lab.model), [lab.model]);
  const fits = (i: number) => {
    const param = lab.model.params[i]!;
    if (onlyMoved && lab.world[i] === lab.base[i]) return false;
    return `${param.name} ${param.text}`.toLowerCase().includes(sought.toLowerCase());
  };
  const moved = lab.moved.length;
  const deciding = useDeciding(lab);
  const pinned = deciding.pinned.filter((i) => i < lab.model.params.length);
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
      <Search lab={lab} deciding={deciding} />
      {pinned.length > 0 && (
        <details class="group decides" open>
          <summary><h3>{TEXTS.decides}</h3> <span class="count">{pinned.length}</span></summary>
          <ul>
            {pinned.map((i) => <Slider key={lab.model.params[i]!.name} lab={lab} index={i} words={deciding.words.get(i)} />)}
          </ul>
        </details>
      )}
      {groups.map((group, g) => {
        const params = group.params.filter((i) => fits(i) && !pinned.includes(i));
        const count = group.params.filter((i) => lab.world[i] !== lab.base[i]).length;
        if (!params.length) return null;
        return (
          <details key={group.title} class="group" open={(g === 0 && !pinned.length) || !!sought || onlyMoved}>
            <summary>
              <h3>{group.title}</h3>
              <span class="count">{count ? `${count} moved` : group.params.length}</span>
            </summary>
            <ul>
              {params.map((i) => (
                <Slider key={lab.model.params[i]!.name} lab={lab} index={i} />
              ))}
            </ul>
          </details>
        );
      })}
    </details>
  );
}
