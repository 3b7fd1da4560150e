// What a fit has learned, and what happened beside what is said of it: of each fitted number how it was
// distributed before and is after, of each column of a history what was observed on the probabilities
// of its values, one period ahead and free-running (docs/lab.md has the shapes).
import * as Plot from '@observablehq/plot';
import { useMemo, useState } from 'preact/hooks';
import { Chart } from '../chart';
import type { Expected, Fan, FanColumn, PosteriorNumber } from '../data';
import type { Exhibit } from '../exhibit';
import type { Lab } from '../lab';
import { Leave } from '../leave';
import { Called, Note } from '../marks';
import { TEXTS } from '../phrases';
import { useLab } from '../use';
import { label, percent, show, tick } from '../words';

const BEFORE = '#8b949b', AFTER = '#3b7dd8', SEEN = '#d9730d';

function Learned({ lab, number }: { lab: Lab; number: PosteriorNumber }) {
  const param = lab.model.params[number.parameter]!;
  const { prior, posterior, edges } = number;
  const options = useMemo<Plot.PlotOptions>(() => {
    const bins = (shares: number[]) => shares.map((y, i) => ({ x1: edges[i]!, x2: edges[i + 1]!, y }));
    return {
      height: 110,
      marginLeft: 8,
      marginRight: 8,
      marginBottom: 22,
      x: { label: null, ticks: 4, tickFormat: tick },
      y: { axis: null },
      marks: [
        Plot.rectY(bins(posterior.shares), { x1: 'x1', x2: 'x2', y: 'y', fill: AFTER, fillOpacity: 0.65, inset: 0 }),
        Plot.rectY(bins(prior.shares), { x1: 'x1', x2: 'x2', y: 'y', stroke: BEFORE, fill: 'none', strokeWidth: 1.2, inset: 0 }),
        Plot.ruleX([lab.base[number.parameter]!], { stroke: 'currentColor', strokeDasharray: '3 3' }),
        Plot.ruleY([0]),
      ],
    };
  }, [number, lab.base]);
  const range = (side: PosteriorNumber['prior']) => `${show(side.quantiles[1], 3)} to ${show(side.quantiles[5], 3)}`;
  const exhibit = (): Exhibit => ({
    name: `${param.name}-learned`,
    title: label(param),
    subtitle: `before ${range(prior)}, after ${range(posterior)} (5 to 95 %); ${percent(number.learned)} of the variance is gone`,
    policies: [],
    banded: false,
    header: ['from', 'to', 'share before', 'share after'],
    rows: prior.shares.map((share, i) => [edges[i]!, edges[i + 1]!, share, posterior.shares[i]!]),
    draw: (width) => Plot.plot({ ...options, width, height: 260 }) as SVGSVGElement,
  });
  return (
    <figure class="card" data-learned-of={param.name}>
      <figcaption class="with-menu">
        <strong><Called item={param} /></strong>
        <Leave lab={lab} of={exhibit} />
      </figcaption>
      <Chart label={`${label(param)}: before ${range(prior)}, after ${range(posterior)}`} options={options} />
      <p class="hint">
        mean {show(prior.mean, 3)} → <strong>{show(posterior.mean, 3)}</strong>; 5 to 95 % {range(prior)} → <strong>{range(posterior)}</strong>;{' '}
        {number.learned > 0 ? `${percent(number.learned)} of its variance is gone` : 'nothing was learned of it'}{number.uniform && '; uniform before, for the sake of the fit'}
      </p>
    </figure>
  );
}

const MEDIAN = 2; // among the shares of a fan

interface Place {
  t: number;
  value: string;
  probability: number;
}

function Said({ lab, fan, column, expected, title }: { lab: Lab; fan: Fan; column: FanColumn; expected: Expected; title: string }) {
  const places = useMemo(() => expected.probabilities.flatMap((at, t): Place[] => (at ?? []).map((probability, v) => ({ t, value: column.values[v]!, probability }))), [expected, column]);
  const seen = column.observed.flatMap((v, t) => (v === null ? [] : [{ t, value: column.values[v]! }]));
  const options = useMemo<Plot.PlotOptions>(() => {
    const medians = (expected.quantiles ?? []).flatMap((q, t) => (q ? [{ t, value: column.values[q[MEDIAN]!]! }] : []));
    const few = Math.ceil(fan.periods.length / 5);
    return {
      height: 46 + 22 * column.values.length,
      marginLeft: 84,
      marginBottom: 24,
      x: { type: 'band', label: null, domain: fan.periods.map((_, t) => t), ticks: fan.periods.map((_, t) => t).filter((t) => t % few === 0), tickFormat: (t: number) => fan.periods[t] ?? '' },
      y: { type: 'band', label: null, domain: [...column.values].reverse(), tickFormat: (value: string) => (value.length > 13 ? `${value.slice(0, 12)}…` : value) },
      color: { type: 'linear', scheme: 'Blues', domain: [0, 1] },
      marks: [
        Plot.cell(places, { x: 't', y: 'value', fill: 'probability', inset: 0.5 }),
        Plot.tickY(medians, { x: 't', y: 'value', stroke: 'currentColor', strokeWidth: 1.5 }),
        Plot.dot(seen, { x: 't', y: 'value', fill: SEEN, r: 3.2, stroke: '#ffffff', strokeWidth: 0.8 }),
        Plot.tip(places, Plot.pointer({ x: 't', y: 'value', title: (p: Place) => `${fan.periods[p.t]}: ${p.value}\n${percent(p.probability)}` })),
      ],
    };
  }, [places, column, fan]);
  const hits = seen.flatMap(({ t, value }) => {
    const probability = expected.probabilities[t]?.[column.values.indexOf(value)];
    return typeof probability === 'number' ? [probability] : [];
  });
  const mean = hits.length ? Math.exp(hits.reduce((sum, p) => sum + Math.log(p), 0) / hits.length) : null;
  const exhibit = (): Exhibit => ({
    name: `${column.name.replace('.', '-')}-${title.split(' ')[0]!.toLowerCase()}`,
    title: `${column.name}: what happened beside what is said of it`,
    subtitle: `${title}; the darker the likelier, points: as observed in ${fan.history}`,
    policies: [],
    banded: false,
    header: ['period', 'observed', ...column.values],
    rows: fan.periods.map((period, t) => [period, column.observed[t] === null ? null : column.values[column.observed[t]!]!, ...column.values.map((_, v) => expected.probabilities[t]?.[v] ?? null)]),
    draw: (width) => Plot.plot({ ...options, width }) as SVGSVGElement,
  });
  return (
    <div>
      <p class="hint with-menu"><span>{title}{mean !== null && `: what was observed had a probability of ${percent(mean)}, in geometric mean`}</span> <Leave lab={lab} of={exhibit} /></p>
      <Chart label={`${column.name}, ${title}: ${seen.length} observed`} options={options} />
    </div>
  );
}

export function Record() {
  const lab = useLab();
  const { posterior, fan } = lab.data;
  const [chosen, choose] = useState(0);
  if (lab.text !== lab.data.text) return <p>{TEXTS.fitOfBefore}</p>;
  const at = fan?.[chosen] ?? fan?.[0];
  const named = (row: number) => at?.periods[row - 1] ?? String(row);
  return (
    <>
      {posterior && (
        <section aria-labelledby="learned">
          <h3 id="learned">{TEXTS.learned}</h3>
          <Note>
            Fitted to {posterior.fitted}, {posterior.draws} draws; log evidence {show(posterior.evidence)} ± {show(posterior.evidence_error, 2)}. Outline: before; filled: after; dashed: the number that the page begins with.
          </Note>
          <div class="cards">
            {[...posterior.numbers].sort((a, b) => b.learned - a.learned).map((number) => <Learned key={number.parameter} lab={lab} number={number} />)}
          </div>
        </section>
      )}
      {at && (
        <section aria-labelledby="happened">
          <h3 id="happened">{TEXTS.happened}</h3>
          {fan!.length > 1 && (
            <p class="choose">
              <label>
                <span>history</span>
                <select value={chosen} onChange={(e) => choose(Number(e.currentTarget.value))}>
                  {fan!.map((f, i) => <option key={f.history} value={i}>{f.history}</option>)}
                </select>
              </label>
            </p>
          )}
          <Note>
            {at.history}, {at.worlds} {at.worlds === 1 ? 'world' : 'worlds'}{at.failed > 0 && `, ${at.failed} left out as not solved`}. The darker a place, the likelier it was said to be; points are what was observed.{' '}
            {at.fitted ? `Fitted to ${at.fitted.map(named).join(' to ')}.` : 'None of it was fitted to.'} Free-running: with nothing known from {named(at.free_from)} on.
          </Note>
          <div class="cards two">
            {at.columns.map((column) => (
              <figure class="card" key={column.name} data-record={column.name}>
                <figcaption><strong>{column.name}</strong></figcaption>
                <Said lab={lab} fan={at} column={column} expected={column.one_ahead} title="One period ahead" />
                <Said lab={lab} fan={at} column={column} expected={column.free} title="Free-running" />
              </figure>
            ))}
          </div>
        </section>
      )}
    </>
  );
}
