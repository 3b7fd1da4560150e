// What the others come to believe of a private variable, by what is true: for each of its values, or of two
// the last, the expected belief in it where it is so and where it isn't, from the start on.
import * as Plot from '@observablehq/plot';
import { useMemo } from 'preact/hooks';
import type { Model, Series } from '../../engine/answers';
import { Swatch } from '../marks';
import { Chart } from '../chart';
import { drawStack } from '../drawings';
import type { Exhibit } from '../exhibit';
import { Leave } from '../leave';
import type { Lab } from '../lab';
import { colour } from '../colour';
import { secretsOf, type Secret } from '../private';
import { label, percent, periodName, periodTicks } from '../words';

const DASHES = ['', '7 4', '2 4', '9 3 2 3', '12 6', '1 2']; // of what is true: the value believed in comes first

interface Line {
  policy: number;
  learned: Series['learned'];
  base: Series['learned']; // [] if the numbers are those of the base case, or it isn't known yet
}

interface Point {
  t: number;
  y: number | null;
  truth: number;
}

/** The values by which the truth can differ, that which is believed in first. */
const truths = (secret: Secret, believed: number) => [believed, ...secret.values.keys()].filter((j, i) => i === 0 || j !== believed);

const pointsOf = (learned: (number | null)[][][] | undefined, secret: Secret, believed: number): Point[] =>
  learned ? truths(secret, believed).flatMap((truth) => learned[truth]![believed]!.map((y, t) => ({ t, y, truth }))) : [];

/** What is drawn of one policy. */
function chartOf(model: Model, secret: Secret, believed: number, line: Line): Plot.PlotOptions {
  const when = (t: number) => (t ? periodName(model, t) : 'start');
  const { values } = secret;
  const points = pointsOf(line.learned[secret.place], secret, believed);
  const ghosts = pointsOf(line.base[secret.place], secret, believed);
  const told = (truth: number) => points.filter((p) => p.truth === truth);
  return {
    height: 170,
    marginLeft: 34,
    marginBottom: 22,
    marginRight: 12,
    x: { label: null, ticks: [0, ...periodTicks(model.horizon, 3).filter((t) => 6 * t > model.horizon)], tickFormat: when },
    y: { label: null, ticks: [0, 0.5, 1], tickFormat: percent, domain: [0, 1], grid: true },
    marks: [
      ...truths(secret, believed).flatMap((truth, i) => {
        const dash = DASHES[i % DASHES.length]!;
        return [
          Plot.lineY(ghosts.filter((p) => p.truth === truth), { x: 't', y: 'y', stroke: colour(line.policy), strokeWidth: 1, strokeOpacity: 0.5, strokeDasharray: dash }),
          Plot.lineY(told(truth), { x: 't', y: 'y', stroke: colour(line.policy), strokeWidth: 2, strokeDasharray: dash }),
        ];
      }),
      Plot.tip(points, Plot.pointer({ x: 't', y: 'y', title: (p: Point) => `if it is ${values[p.truth]}\n${when(p.t)}: ${percent(p.y)}`, stroke: colour(line.policy) })),
    ],
  };
}

function Believed({ model, secret, believed, line }: { model: Model; secret: Secret; believed: number; line: Line }) {
  const { values } = secret;
  const points = pointsOf(line.learned[secret.place], secret, believed);
  const options = useMemo(() => chartOf(model, secret, believed, line), [line, model, secret.place, believed]);
  const said = truths(secret, believed).map((truth) => {
    const known = points.filter((p) => p.truth === truth && p.y !== null);
    return known.length ? `if it is ${values[truth]} from ${percent(known[0]!.y)} to ${percent(known.at(-1)!.y)}` : `it is never ${values[truth]}`;
  });
  const policy = model.policies[line.policy]!;
  return (
    <div data-learned={JSON.stringify(line.learned[secret.place]!.map((by) => by[believed]))} data-policy={policy.name}>
      <span class="hint"><Swatch policy={line.policy} /> <span dir="auto">{label(policy)}</span></span>
      <Chart label={`Belief that ${label(secret.variable)} is ${values[believed]} under ${label(policy)}: ${said.join('; ')}`} options={options} />
    </div>
  );
}

/** The value that everybody knows to be the true one, always and under all policies shown; -1: there is more to say. */
function knownOf({ place, values }: Secret, lines: Line[]): number {
  const sure = (value: number, y: number | null) => y === null || y === value;
  return values.findIndex((_, known) => lines.every(({ learned, base }) => [learned, base].every((all) =>
    (all[place] ?? []).every((by, truth) => by.every((beliefs, believed) => beliefs.every((y) => (truth === known ? sure(believed === known ? 1 : 0, y) : y === null)))))));
}

/** Of one value that is believed in: a chart for each policy. */
function Belief({ lab, secret, believed, lines }: { lab: Lab; secret: Secret; believed: number; lines: Line[] }) {
  const { model } = lab;
  const title = `Belief that ${label(secret.variable)} is ${secret.values[believed]}`;
  const what = `expected belief of all but ${secret.owner}`;
  const keys = truths(secret, believed).map((truth, i) => ({ truth, text: `if it is ${secret.values[truth]}`, dash: DASHES[i % DASHES.length]! }));
  const exhibit = (): Exhibit => ({
    name: `${secret.variable.name}-${believed}-belief`,
    title,
    subtitle: what,
    policies: [],
    banded: false,
    header: ['policy', 'what is true', 'period', 'belief', 'base case'],
    rows: lines.flatMap((line) => truths(secret, believed).flatMap((truth) => line.learned[secret.place]![truth]![believed]!.map((y, t) => [
      model.policies[line.policy]!.name, secret.values[truth]!, t ? periodName(model, t) : 'start', y, line.base.length ? (line.base[secret.place]![truth]![believed]![t] ?? null) : y,
    ]))),
    draw: (width) => drawStack(
      keys,
      lines.map((line) => ({ title: label(model.policies[line.policy]!), chart: Plot.plot({ ...chartOf(model, secret, believed, line), width }) as SVGSVGElement })),
      width,
    ),
  });
  return (
    <figure class="card wide" data-belief={`${secret.variable.name} is ${secret.values[believed]}`}>
      <figcaption>
        <span class="with-menu"><strong dir="auto">{title}</strong> <Leave lab={lab} of={exhibit} /></span>
        <span class="hint">
          {what}{' '}
          {keys.map(({ truth, text, dash }) => (
            <span class="key" key={truth}>
              <svg width="26" height="8" aria-hidden="true">
                <line x1="0" x2="26" y1="4" y2="4" stroke="currentColor" stroke-width="2" stroke-dasharray={dash} />
              </svg>
              {text}
            </span>
          ))}
        </span>
      </figcaption>
      <div class="beside">
        {lines.map((line) => (
          <Believed key={line.policy} model={model} secret={secret} believed={believed} line={line} />
        ))}
      </div>
    </figure>
  );
}

export function Learning({ lab, lines, stale }: { lab: Lab; lines: Line[]; stale: boolean }) {
  const { model } = lab;
  const secrets = useMemo(() => secretsOf(model).filter(({ place }) => lines[0]!.learned[place]!.length), [model, lines]);
  if (!secrets.length) return null;
  return (
    <>
      <h3>What the others believe, by what is true</h3>
      {secrets.filter((secret) => knownOf(secret, lines) >= 0).map((secret) => (
        <p key={secret.place} data-known={secret.variable.name}><span dir="auto">{label(secret.variable)}</span>: everybody knows that it is {secret.values[knownOf(secret, lines)]}.</p>
      ))}
      <div class={stale ? 'cards stale' : 'cards'}>
        {secrets.filter((secret) => knownOf(secret, lines) < 0).flatMap((secret) =>
          [...secret.values.keys()].slice(secret.values.length === 2 ? 1 : 0).map((believed) => <Belief key={`${secret.place} ${believed}`} lab={lab} secret={secret} believed={believed} lines={lines} />),
        )}
      </div>
    </>
  );
}
