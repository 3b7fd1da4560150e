// What a study of many worlds says: which policy holds up, where it fails, which numbers decide.
import * as Plot from '@observablehq/plot';
import { useMemo, useState } from 'preact/hooks';
import { leftOut, pointsOf } from '../bands';
import { Called, Note, Swatch, Word } from '../marks';
import { TEXTS } from '../phrases';
import { Chart } from '../chart';
import { colour } from '../colour';
import type { Box, Study, StudyOutcome } from '../data';
import { drawSpans } from '../drawings';
import { asked, type Exhibit } from '../exhibit';
import { drawIntervals, INTERVAL_HEADER, intervalRow } from '../intervals';
import type { Lab } from '../lab';
import { Leave } from '../leave';
import { useLab } from '../use';
import { better, difference, distance, label, percent, show, signed, tick, value } from '../words';

/** Those of a study's policies that the page shows; all of them if it shows none. */
function shownOf(lab: Lab, study: Study) {
  const all = policiesOf(lab, study);
  const shown = all.filter((p) => lab.shown.includes(p.policy));
  return shown.length ? shown : all;
}

/** The policies of a study: their place in it, their number in the model, their name. */
function policiesOf(lab: Lab, study: Study) {
  return study.policies.map((policy, at) => ({ at, policy, name: lab.model.policies[policy] ? label(lab.model.policies[policy]!) : `policy ${policy + 1}` }));
}

const NOTHING = 1e-12; // what rounding leaves of a regret

function Regrets({ lab, study, found }: { lab: Lab; study: Study; found: StudyOutcome }) {
  const policies = shownOf(lab, study);
  const { share } = lab.model.outcomes[found.outcome]!;
  const told = (regret: number | null | undefined) => (share ? percent(regret) : show(regret));
  const options = useMemo<Plot.PlotOptions>(() => {
    const points = policies.flatMap(({ at, name }) => {
      const curve = found.policies[at]!.regrets.map((regret) => (Math.abs(regret) < NOTHING ? 0 : regret));
      return curve.map((regret, i) => ({ share: i / (curve.length - 1 || 1), regret, name }));
    });
    return {
      height: 230,
      marginLeft: 50,
      marginBottom: 42, // the axis says what it is below its ticks
      x: { label: 'share of worlds with at most this regret', percent: true, ticks: 5 },
      y: { label: null, grid: true, zero: true, tickFormat: share ? percent : tick },
      color: { domain: policies.map((p) => p.name), range: policies.map((p) => colour(p.policy)) },
      marks: [
        Plot.lineY(points, { x: 'share', y: 'regret', z: 'name', stroke: 'name', strokeWidth: 2 }),
        Plot.tip(points, Plot.pointer({ x: 'share', y: 'regret', title: (p) => `${p.name}\nin ${percent(p.share)} of worlds at most ${told(p.regret)}`, stroke: 'name' })),
      ],
    };
  }, [found, lab.shown]);
  const exhibit = (): Exhibit => ({
    name: `${lab.model.outcomes[found.outcome]!.name}-regret`,
    title: `${label(lab.model.outcomes[found.outcome]!)}: regret by world`,
    subtitle: 'What is lost against the best policy in the same world; across: the share of worlds with at most this regret',
    policies: policies.map(({ policy }) => policy),
    banded: true,
    header: ['policy', 'share of worlds', 'regret at most'],
    rows: policies.flatMap(({ at, policy, name }) => found.policies[at]!.regrets.map((regret, i, all) => [lab.model.policies[policy]?.name ?? name, i / (all.length - 1 || 1), regret])),
    draw: (width) => Plot.plot({ ...options, width, height: 340 }) as SVGSVGElement,
  });
  return (
    <section class="card wide">
      <h3><span><Word term="regret">Regret</Word> by world</span> <Leave lab={lab} of={exhibit} /></h3>
      <p class="hint">What is lost against the best policy in the same world, from the luckiest world to the worst.</p>
      <Chart label={`Regret: ${policies.map(({ at, name }) => `${name} at most ${told(found.policies[at]!.regrets.at(-1))}`).join('; ')}`} options={options} />
    </section>
  );
}

function Bands({ lab, study, found }: { lab: Lab; study: Study; found: StudyOutcome }) {
  const all = study.bands[found.outcome]!.flat().filter((x): x is number => x !== null);
  const outcome = lab.model.outcomes[found.outcome]!;
  const told = (x: number | null | undefined) => value(lab.model, outcome, x);
  const low = Math.min(...all);
  const at = (x: number | null | undefined) => 100 * (((x ?? low) - low) / (Math.max(...all) - low || 1));
  const rows = study.policies.flatMap((policy, p) => (lab.model.policies[policy] ? [{ policy, now: lab.runs.get(policy)?.result?.outcomes[found.outcome] ?? null, band: study.bands[found.outcome]![p]! }] : []));
  const exhibit = (): Exhibit => ({
    name: `${outcome.name}-bands`,
    title: label(outcome),
    subtitle: better(outcome.direction),
    policies: [],
    banded: true,
    header: [...INTERVAL_HEADER, 'best in'],
    rows: rows.map((row) => [...intervalRow(lab, found.outcome, row), found.policies[study.policies.indexOf(row.policy)]!.best]),
    draw: (width) => drawIntervals(lab, found.outcome, rows, width),
  });
  return (
    <section class="card whole">
      <h3><span><Word term="band">Bands</Word> over the {study.averaged ? 'deep draws' : 'worlds'}</span> <Leave lab={lab} of={exhibit} /></h3>
      <div class="scroll" tabIndex={0} role="region" aria-label="Bands of every policy">
        <table class="bands">
          <thead>
            <tr>
              <th scope="col">policy</th>
              <td />
              <th scope="col">5 %</th>
              <th scope="col">median</th>
              <th scope="col">95 %</th>
              <th scope="col">best in</th>
              <th scope="col">largest regret</th>
            </tr>
          </thead>
          <tbody>
            {policiesOf(lab, study).map(({ at: p, policy, name }) => {
              const { best, regrets } = found.policies[p]!;
              const bands = study.bands[found.outcome]![p]!;
              return (
                <tr key={policy}>
                  <th scope="row"><Swatch policy={policy} /> {lab.model.policies[policy] ? <Called item={lab.model.policies[policy]!} /> : name}</th>
                  <td class="bar" aria-hidden="true">
                    <svg width="100%" height="14">
                      <line x1={`${at(bands[0])}%`} x2={`${at(bands[6])}%`} y1="7" y2="7" class="whisker" />
                      <rect x={`${at(bands[1])}%`} width={`${at(bands[5]) - at(bands[1])}%`} y="4" height="6" fill={colour(policy)} opacity="0.45" />
                      <rect x={`${at(bands[2])}%`} width={`${at(bands[4]) - at(bands[2])}%`} y="2" height="10" fill={colour(policy)} />
                    </svg>
                  </td>
                  <td class="number">{told(bands[1])}</td>
                  <td class="number">{told(bands[3])}</td>
                  <td class="number">{told(bands[5])}</td>
                  <td class="number">{percent(best)}</td>
                  <td class="number">{outcome.share ? percent(regrets.at(-1)) : show(regrets.at(-1), 3)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** A box, drawn: of each number that it limits, the part of the range that lies in it. */
function Boxed({ lab, box, name, policy, outcome }: { lab: Lab; box: Box; name: string; policy: number; outcome: number }) {
  const rows = [...new Set(box.limits.map((l) => l.parameter))].map((i) => {
    const param = lab.model.params[i]!;
    const [low, high] = param.span;
    const least = box.limits.find((l) => l.parameter === i && !l.upper)?.at ?? low;
    const most = box.limits.find((l) => l.parameter === i && l.upper)?.at ?? high;
    const said = least > low && most < high ? `${show(least, 3)} … ${show(most, 3)}` : least > low ? `≥ ${show(least, 3)}` : `≤ ${show(most, 3)}`;
    return { param, low, high, least, most, said, at: (x: number) => Math.min(100, Math.max(0, 100 * ((x - low) / (high - low || 1)))) };
  });
  const told = `${box.inside} of ${pointsOf(lab)} lie there; ${percent(box.density)} of them are among the worst, and these are ${percent(box.coverage)} of all such.`;
  const about = lab.model.outcomes[outcome]!;
  const exhibit = (): Exhibit => ({
    name: `${about.name}-${lab.model.policies[policy]?.name ?? policy}-box`,
    title: `${label(about)}: where it goes wrong`,
    subtitle: told,
    policies: [policy],
    banded: true,
    header: ['number', 'name', 'range from', 'range to', 'box from', 'box to'],
    rows: rows.map(({ param, low, high, least, most }) => [label(param), param.name, low, high, least, most]),
    draw: (width) => drawSpans(rows.map(({ param, least, most, said, at }) => ({ title: label(param), from: at(least), to: at(most), said, fill: colour(policy) })), 0, 100, width),
  });
  return (
    <section class="card">
      <h3><span><Swatch policy={policy} /> <span dir="auto">{name}</span></span> <Leave lab={lab} of={exhibit} /></h3>
      <table>
        <tbody>
          {rows.map(({ param, least, most, said, at }) => {
            return (
              <tr key={param.name}>
                <th scope="row"><Called item={param} /></th>
                <td class="bar" aria-hidden="true">
                  <svg width="100%" height="14">
                    <line x1="0" x2="100%" y1="7" y2="7" class="whisker" />
                    <rect x={`${at(least)}%`} width={`${at(most) - at(least)}%`} y="2" height="10" fill={colour(policy)} />
                  </svg>
                </td>
                <td class="number">{said}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class="hint">{told}</p>
    </section>
  );
}

function Tornado({ lab, study, found }: { lab: Lab; study: Study; found: StudyOutcome }) {
  const policies = shownOf(lab, study);
  const [chosen, choose] = useState(() => Math.max(0, policies.findIndex((p) => lab.embed.split('-')[1] === lab.model.policies[p.policy]?.name)));
  const { at, policy } = policies[chosen] ?? policies[0]!;
  const tornado = found.policies[at]!.tornado;
  const rows = tornado?.rows ?? [];
  const outcome = lab.model.outcomes[found.outcome]!;
  const mayBeChance = (effect: number) => !!tornado?.ranks && tornado.floor !== null && Math.abs(effect) < tornado.floor;
  const most = Math.max(1e-12, ...rows.map((r) => Math.abs(r.effect)));
  const said = (effect: number) => (tornado?.ranks ? signed(effect, 2) : difference(outcome, effect));
  const exhibit = (): Exhibit => ({
    name: `${outcome.name}-${lab.model.policies[policy]?.name ?? policy}-movers`,
    title: `${label(outcome)}: which numbers move it`,
    subtitle: tornado?.ranks ? `Rank correlation; the largest of ${tornado.tests} may come to ${show(tornado.floor, 2)} by chance` : 'At the upper end of the range less at the lower',
    policies: [policy],
    banded: true,
    header: ['number', 'name', 'effect'],
    rows: rows.map((r) => [label(lab.model.params[r.parameter]!), lab.model.params[r.parameter]!.name, r.effect]),
    draw: (width) => drawSpans(
      rows.map(({ parameter, effect }) => ({ title: label(lab.model.params[parameter]!), from: 0, to: effect, said: said(effect), fill: colour(policy), faint: mayBeChance(effect) })),
      -most,
      most,
      width,
    ),
  });
  return (
    <section class="card wide">
      <h3>
        <span class="with-menu">Which numbers move it <Leave lab={lab} of={exhibit} /></span>
        <select aria-label="Under which policy" value={chosen} onChange={(e) => choose(Number(e.currentTarget.value))}>
          {policies.map((p, i) => (
            <option key={p.policy} value={i}>{p.name}</option>
          ))}
        </select>
      </h3>
      <p class="hint">{tornado?.ranks ? `Rank correlation over the worlds. With ${tornado.tests} numbers looked at, the largest of so many may come to ${show(tornado.floor, 2)} by chance: rows under that are pale.` : 'The outcome at the upper end of the range less that at the lower.'}</p>
      {!rows.length && <p>This design doesn't say.</p>}
      <table class="tornado">
        <tbody>
          {rows.map(({ parameter, effect }) => (
            <tr key={parameter} class={mayBeChance(effect) ? 'faint' : ''} data-effect={effect}>
              <th scope="row"><Called item={lab.model.params[parameter]!} /></th>
              <td class="bar" aria-hidden="true">
                <svg width="100%" height="12">
                  <line x1="50%" x2="50%" y1="0" y2="12" class="whisker" />
                  <rect x={`${effect < 0 ? 50 - (50 * -effect) / most : 50}%`} width={`${(50 * Math.abs(effect)) / most}%`} y="2" height="8" fill={colour(policy)} />
                </svg>
              </td>
              <td class="number">{said(effect)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Decisive({ lab, study, found }: { lab: Lab; study: Study; found: StudyOutcome }) {
  const { decision } = found;
  if (!decision) return null;
  const name = (p: number | undefined) => (p === undefined ? '' : (policiesOf(lab, study)[p]?.name ?? ''));
  const rows = decision.rows.filter((r) => (r.worth ?? 0) > (decision.floor ?? 0) || r.below !== null || r.above !== null);
  const exhibit = (): Exhibit => ({
    name: `${lab.model.outcomes[found.outcome]!.name}-decides`,
    title: `${label(lab.model.outcomes[found.outcome]!)}: which numbers decide what is best`,
    subtitle: `${name(decision.best)} is best on average`,
    policies: [],
    banded: true,
    header: ['number', 'name', 'flips below', 'flips above', 'best below', 'best above', 'worth of knowing it'],
    rows: rows.map((r) => [label(lab.model.params[r.parameter]!), lab.model.params[r.parameter]!.name, r.below ?? r.turn, r.above, name(r.best_below), name(r.best_above), r.worth]),
    draw: null,
  });
  return (
    <section class="card whole">
      <h3>Which numbers decide what is best {rows.length > 0 && <Leave lab={lab} of={exhibit} />}</h3>
      <p>
        “<span dir="auto">{name(decision.best)}</span>” is best {decision.perfect === null ? 'in the nominal world' : 'on average'}.
        {decision.perfect === 0 && ' No other policy is better in any world: knowing numbers before choosing is worth nothing.'}
        {decision.perfect !== null && decision.perfect > 0 && ` Knowing every number would be worth ${distance(lab.model.outcomes[found.outcome]!, decision.perfect)}.`}
        {decision.perfect !== 0 && !rows.length && ' No number by itself changes that.'}
      </p>
      {rows.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Numbers that decide">
          <table class="numbers">
            <thead>
              <tr>
                <th scope="col">number</th>
                <th scope="col">flips at</th>
                <th scope="col">then best</th>
                <th scope="col">worth of knowing it</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((r) => (
                <tr key={r.parameter}>
                  <th scope="row"><Called item={lab.model.params[r.parameter]!} /></th>
                  <td>{[r.below ?? r.turn, r.above].filter((x) => x !== null).map((x) => show(x, 3)).join(', ') || '–'}</td>
                  <td>{[name(r.best_below), name(r.best_above)].filter(Boolean).join(' below, ') + (r.best_above !== undefined ? ' above' : r.best_below !== undefined ? ' below' : '')}</td>
                  <td>{r.worth === null ? '–' : distance(lab.model.outcomes[found.outcome]!, r.worth)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

export function Robustness() {
  const lab = useLab();
  const study = lab.data.study!;
  const [chosen, choose] = useState(() => Math.max(0, asked(lab.embed, 0, study.outcomes.map((o) => lab.model.outcomes[o.outcome]!))));
  const found = study.outcomes[chosen] ?? study.outcomes[0];
  if (lab.text !== lab.data.text) return <p>The study is of the text as it was written; undo the edits to see it.</p>;
  if (!found) return <p>{TEXTS.noDirection}</p>;
  const outcome = lab.model.outcomes[found.outcome]!;
  const boxes = shownOf(lab, study).filter(({ at }) => found.policies[at]!.box);
  const others = shownOf(lab, study).filter(({ at }) => !found.policies[at]!.box);
  return (
    <>
      <p class="choose outcome">
        <label>
          <span>outcome</span>
          <select value={chosen} onChange={(e) => choose(Number(e.currentTarget.value))}>
            {study.outcomes.map((o, i) => (
              <option key={o.outcome} value={i}>{label(lab.model.outcomes[o.outcome]!)}</option>
            ))}
          </select>
        </label>
      </p>
      <Note>
        {study.file}: {pointsOf(lab)}{study.averaged && ', averaged over the risks'}{study.design === 'posterior' ? '' : `, design ${study.design}`}, seed {study.seed};{' '}
        {better(outcome.direction)}. {study.deep > 0 && 'Shares over deep numbers are shares of a design, not probabilities.'} Sliders don't move what stands here.
      </Note>
      {leftOut(lab) && <p class="notice bad" data-left={study.failed}>{leftOut(lab)}: what is said here holds for the others.</p>}
      <div class="cards two">
        <Bands lab={lab} study={study} found={found} />
        <Regrets lab={lab} study={study} found={found} />
        <Tornado key={found.outcome} lab={lab} study={study} found={found} />
        <Decisive lab={lab} study={study} found={found} />
      </div>
      <h3>Where it goes wrong: {outcome.direction > 0 ? 'below' : 'above'} {value(lab.model, outcome, found.bad)}, the worst fourth of all worlds</h3>
      {others.length > 0 && (
        <p class="hint">
          No box tells where under {others.map(({ name }) => name).join(', ')}: there are no such{' '}
          {study.averaged ? 'draws' : 'worlds'}, or too few of them for a box that holds up on those it wasn't found in.
        </p>
      )}
      <div class="cards">
        {boxes.map(({ at, policy, name }) => (
          <Boxed key={policy} lab={lab} box={found.policies[at]!.box!} name={name} policy={policy} outcome={found.outcome} />
        ))}
      </div>
    </>
  );
}
