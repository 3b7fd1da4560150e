// Every outcome and every state variable by period, policies side by side, and the base case behind
// them as thin dashed lines once a number is moved.
import * as Plot from '@observablehq/plot';
import { useMemo } from 'preact/hooks';
import type { Model, Outcome, OverTime as Answer, Series, Variable } from '../../engine/answers';
import { Called, Note, Swatch } from '../marks';
import { Chart } from '../chart';
import { drawStack } from '../drawings';
import type { Exhibit } from '../exhibit';
import { Leave } from '../leave';
import { Trouble, Waiting } from '../notices';
import { colour } from '../colour';
import { useBaseAnswers } from '../base';
import { useAnswers, useLab } from '../use';
import { label, percent, periodName, periodTicks, show, tick, valueName } from '../words';
import { Learning } from './learning';

const WHAT: Record<Outcome['form'], string> = {
  ever: 'probability that it has happened by then',
  first: 'probability that it has happened by then',
  last: 'expectation at that time',
  mean: 'expectation in that period',
  total: 'sum so far',
  count: 'periods so far',
};

interface Line {
  policy: number;
  name: string;
  numbers: (number | null)[];
  base: (number | null)[]; // [] if the numbers are those of the base case, or it isn't known yet
}

interface End {
  policy: number;
  y: number;
  at: number; // where it is written: no nearer to its neighbours than it can be read
}

const TALL = 340; // of a chart that leaves, in pixels
const LINE = 0.115; // of the height of a chart: a line of writing

/** Where the last numbers are written, beside the ends of their lines. */
function apart(ends: { policy: number; y: number }[], span: number): End[] {
  const least = LINE * span;
  const placed: End[] = [];
  for (const end of [...ends].sort((a, b) => a.y - b.y)) placed.push({ ...end, at: Math.max(end.y, (placed.at(-1)?.at ?? -Infinity) + least) });
  return placed;
}

const QUERY = { call: 'overTime' } as const;

function Lines({ name, title, what, lines, model, unit }: { name: string; title: string; what: string; lines: Line[]; model: Model; unit: boolean }) {
  const lab = useLab();
  const told = (y: number | null | undefined) => (unit ? percent(y) : show(y, 3));
  const options = useMemo<Plot.PlotOptions>(() => {
    const points = lines.flatMap((line) =>
      line.numbers.map((y, t) => ({ t: t + 1, y, policy: line.name, when: periodName(model, t + 1) })),
    );
    const ghosts = lines.flatMap((line) => line.base.map((y, t) => ({ t: t + 1, y, policy: line.name })));
    const numbers = [...points, ...ghosts].map((p) => p.y ?? 0);
    const flat = numbers.every((y) => y === 0);
    const whole = flat || (unit && Math.max(...numbers) > 0.5);
    const ends = apart(lines.flatMap((l) => (typeof l.numbers.at(-1) === 'number' ? [{ policy: l.policy, y: l.numbers.at(-1)! }] : [])), whole ? 1 : Math.max(0, ...numbers) - Math.min(0, ...numbers));
    return {
      height: 150,
      marginLeft: 44,
      marginRight: 58,
      marginBottom: 24,
      x: { label: null, ticks: periodTicks(model.horizon, 4), tickFormat: (t: number) => periodName(model, t) },
      y: { label: null, grid: true, ticks: flat ? [0] : 4, zero: true, tickFormat: unit ? percent : tick, ...(whole ? { domain: [0, 1] } : {}) },
      color: { domain: lines.map((l) => l.name), range: lines.map((l) => colour(l.policy)) },
      marks: [
        Plot.ruleY([0], { strokeOpacity: 0.4 }),
        Plot.lineY(ghosts, { x: 't', y: 'y', z: 'policy', stroke: 'policy', strokeWidth: 1.2, strokeOpacity: 0.75, strokeDasharray: '4 3' }),
        Plot.lineY(points, { x: 't', y: 'y', z: 'policy', stroke: 'policy', strokeWidth: 2, marker: lines[0]!.numbers.length < 8 ? 'dot' : 'none' }),
        Plot.tip(points, Plot.pointerX({ x: 't', y: 'y', title: (p) => `${p.policy}\n${p.when}: ${told(p.y)}`, stroke: 'policy' })),
        Plot.text(ends, { x: model.horizon, y: 'at', text: (e: End) => told(e.y), fill: (e: End) => colour(e.policy), textAnchor: 'start', dx: 5, fontSize: 10.5, fontVariant: 'tabular-nums' }),
      ],
    };
  }, [lines, model, unit]);
  const ends = (numbers: (number | null)[]) => `${told(numbers[0])} to ${told(numbers.at(-1))}`;
  const said = lines.map((l) => `${l.name} ${ends(l.numbers)}${l.base.length ? `, in the base case ${ends(l.base)}` : ''}`);
  const exhibit = (): Exhibit => ({
    name: `${name}-over-time`,
    title,
    subtitle: what,
    policies: lines.map((l) => l.policy),
    banded: false,
    header: ['policy', 'period', 'now', 'base case'],
    rows: lines.flatMap((l) => l.numbers.map((y, t) => [model.policies[l.policy]!.name, periodName(model, t + 1), y, l.base.length ? (l.base[t] ?? null) : y])),
    draw: (width) => Plot.plot({ ...options, width, height: TALL }) as SVGSVGElement,
  });
  return (
    <figure class="card">
      <figcaption class="with-menu">
        <span><strong dir="auto">{title}</strong> <span class="hint">{what}</span></span>
        <Leave lab={lab} of={exhibit} />
      </figcaption>
      <Chart label={`${title}, ${what}: ${said.join('; ')}`} options={options} />
    </figure>
  );
}

function Shares({ variable, lines, model }: { variable: Variable; lines: { policy: number; name: string; shares: number[][]; base: number[][] }[]; model: Model }) {
  const values = lines[0]!.shares.length;
  const options = useMemo(
    () =>
      lines.map((line): Plot.PlotOptions => {
        const points = line.shares.flatMap((by, v) =>
          by.map((y, t) => ({ t: t + 1, y, v, value: valueName(variable, v) })),
        );
        const edges = line.base.slice(0, -1).flatMap((by, v) =>
          by.map((_, t) => ({ t: t + 1, v, y: line.base.slice(0, v + 1).reduce((sum, below) => sum + below[t]!, 0) })),
        );
        return {
          height: 120,
          marginLeft: 34,
          marginBottom: 22,
          x: { label: null, ticks: periodTicks(model.horizon, 3), tickFormat: (t: number) => periodName(model, t) },
          y: { label: null, ticks: [0, 0.5, 1], tickFormat: percent, domain: [0, 1] },
          color: { type: 'ordinal', scheme: 'YlGnBu', domain: [...Array(values).keys()] },
          marks: [
            Plot.areaY(points, { x: 't', y: 'y', fill: 'v', z: 'v', order: 'v' }),
            Plot.lineY(edges, { x: 't', y: 'y', z: 'v', stroke: '#ffffff', strokeWidth: 2.4, strokeOpacity: 0.7 }),
            Plot.lineY(edges, { x: 't', y: 'y', z: 'v', stroke: '#1d2327', strokeWidth: 1.2, strokeDasharray: '4 3' }),
            Plot.tip(points, Plot.pointerX(Plot.stackY({ x: 't', y: 'y', z: 'v', order: 'v', title: (p: { t: number; y: number; value: string }) => `${p.value}\n${periodName(model, p.t)}: ${percent(p.y)}` }))),
          ],
        };
      }),
    [variable, lines, model, values],
  );
  const lab = useLab();
  const exhibit = (): Exhibit => ({
    name: `${variable.name}-over-time`,
    title: label(variable),
    subtitle: 'probability of each value',
    policies: lines.map((l) => l.policy),
    banded: false,
    header: ['policy', 'period', ...[...Array(values).keys()].map((v) => valueName(variable, v))],
    rows: lines.flatMap((l) => l.shares[0]!.map((_, t) => [model.policies[l.policy]!.name, periodName(model, t + 1), ...l.shares.map((by) => by[t]!)])),
    draw: (width) => drawStack(
      [...Array(values).keys()].map((v) => ({ text: valueName(variable, v), fill: String(ramp?.apply(v)) })),
      lines.map((line, i) => ({ title: line.name, chart: Plot.plot({ ...options[i]!, width, height: TALL / 2 }) as SVGSVGElement })),
      width,
    ),
  });
  const ramp = useMemo(() => Plot.scale({ color: { type: 'ordinal', scheme: 'YlGnBu', domain: [...Array(values).keys()] } }), [values]);
  return (
    <figure class="card wide">
      <figcaption>
        <span class="with-menu"><strong dir="auto">{label(variable)}</strong> <Leave lab={lab} of={exhibit} /></span>
        <span class="hint">
          {[...Array(values).keys()].map((v) => (
            <span class="key" key={v}>
              <span class="swatch" style={{ background: String(ramp?.apply(v)) }} aria-hidden="true" />
              {valueName(variable, v)}
            </span>
          ))}
        </span>
      </figcaption>
      <div class="beside">
        {lines.map((line, i) => (
          <div key={line.policy}>
            <span class="hint"><Swatch policy={line.policy} /> <span dir="auto">{line.name}</span></span>
            <Chart
              label={`${variable.name} under ${line.name}, at the end: ${line.shares.map((by, v) => `${valueName(variable, v)} ${percent(by.at(-1)!)}`).join(', ')}`}
              options={options[i]!}
            />
          </div>
        ))}
      </div>
    </figure>
  );
}

export function OverTime() {
  const lab = useLab();
  const { model } = lab;
  const { answers, waiting } = useAnswers<Answer>(lab, QUERY);
  const base = useBaseAnswers<Answer>(lab, QUERY, answers);
  const found = new Map([...answers].flatMap(([p, { answer }]) => (answer?.series ? [[p, answer.series] as const] : [])));
  const shown = lab.shown.filter((p) => found.has(p));
  const inBase = <T,>(policy: number, numbers: (series: Series) => T[]): T[] => {
    const told = base.get(policy);
    return told && 'answer' in told && told.answer.series ? numbers(told.answer.series) : [];
  };
  const lines = (numbers: (series: Series) => (number | null)[]): Line[] =>
    shown.map((p) => ({ policy: p, name: label(model.policies[p]!), numbers: numbers(found.get(p)!), base: inBase(p, numbers) }));
  const drawn = [...base.values()].filter((told) => 'answer' in told).length;
  return (
    <>
      {lab.shown.map((p) => {
        const now = answers.get(p), then = base.get(p);
        if (lab.runs.get(p)!.problem) return null; // told above
        if (now?.problem && !waiting) return <Trouble key={p} lab={lab} policy={p} problem={now.problem} what="can't be drawn" />;
        return then && 'problem' in then && <Trouble key={p} lab={lab} policy={p} problem={then.problem} what="isn't drawn in the base case" />;
      })}
      <p class="legend">
        {shown.map((p) => (
          <span class="key" key={p}>
            <Swatch policy={p} /> <Called item={model.policies[p]!} />
          </span>
        ))}
        {drawn > 0 && (
          <span class="key" data-base={drawn}>
            <svg width="26" height="8" aria-hidden="true">
              <line x1="0" x2="26" y1="4" y2="4" stroke="currentColor" stroke-width="1.2" stroke-dasharray="4 3" />
            </svg>
            dashed: the base case
          </span>
        )}
      </p>
      {waiting && <Waiting lab={lab} policies={lab.shown} words={shown.length ? '' : 'Solving…'} />}
      {!waiting && !shown.length && <p role="status">There is nothing to draw.</p>}
      <div class={waiting ? 'cards stale' : 'cards'}>
        {shown.length > 0 &&
          model.outcomes.map((o, i) => (
            <Lines key={o.name} name={o.name} title={label(o)} what={WHAT[o.form]} lines={lines((s) => s.outcomes[i]!)} model={model} unit={o.share || o.form === 'first'} />
          ))}
      </div>
      {shown.length > 0 && <h3>State</h3>}
      <div class={waiting ? 'cards stale' : 'cards'}>
        {shown.length > 0 &&
          model.variables.map((v, i) => {
            if (!found.get(shown[0]!)!.shares[i]!.length)
              return <Lines key={v.name} name={v.name} title={label(v)} what="expectation" lines={lines((s) => s.means[i]!)} model={model} unit={false} />;
            if (v.type === 'bool')
              return <Lines key={v.name} name={v.name} title={label(v)} what="probability" lines={lines((s) => s.shares[i]![1]!)} model={model} unit />;
            return <Shares key={v.name} variable={v} lines={shown.map((p) => ({ policy: p, name: label(model.policies[p]!), shares: found.get(p)!.shares[i]!, base: inBase(p, (s) => s.shares[i]!) }))} model={model} />;
          })}
      </div>
      {shown.length > 0 && <Learning lab={lab} stale={waiting} lines={shown.map((p) => ({ policy: p, learned: found.get(p)!.learned, base: inBase(p, (s) => s.learned) }))} />}
      <Note>
        Exact probabilities and expectations at the end of each {model.period || 'period'}. Play that has ended stands in
        its last state{model.variables.some((v) => v.owner >= 0) && ', and beliefs with it; what is private is shown as it is in truth'}.
      </Note>
    </>
  );
}
