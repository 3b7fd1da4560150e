// Policies against outcomes at the numbers that are set: a bar for each policy, the base case behind
// it, and below it the band of the study, if there is one. Headline outcomes come first, the others
// are folded by their groups. What more there is to say of an outcome is docked beside the cards.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Model, Outcome } from '../../engine/answers';
import { BandStrip, bandOf, bandWords, leftOut, pointsOf, worldsOf } from '../bands';
import { Called, Coarse, Note, Swatch, Word } from '../marks';
import { colour } from '../colour';
import type { Band } from '../data';
import { asked, type Exhibit } from '../exhibit';
import { figuresOf } from '../figures';
import { coarseOf, distanceOf, useHalves, type Halves } from '../grid';
import { drawIntervals, INTERVAL_HEADER, intervalRow } from '../intervals';
import type { Lab } from '../lab';
import { Leave } from '../leave';
import { useLab } from '../use';
import { TEXTS } from '../phrases';
import { verdictOf, type Verdict } from '../verdict';
import { Account } from './account';
import { ChooseBeside, SideBySide } from './beside';
import { better, difference, distance, FORMS, inHundred, label, likelihood, settingsOf, show, value } from '../words';

interface Cell {
  policy: number;
  value: number | null;
  base: number | null;
  stale: boolean;
  problem: string; // why there is no value
  best: boolean;
  band: Band | null; // of the study
}

function cellsOf(lab: Lab, outcome: number): { cells: Cell[]; verdict: Verdict } {
  const cells = lab.shown.map((policy) => {
    const run = lab.runs.get(policy);
    return {
      policy,
      value: run?.result?.outcomes[outcome] ?? null,
      base: lab.baseOf(policy)?.outcomes[outcome] ?? null,
      problem: run?.problem?.reason ?? '',
      stale: !run || run.stale,
      best: false,
      band: bandOf(lab, outcome, policy),
    };
  });
  const known = cells.flatMap((c) => (c.value !== null && !c.stale ? [{ policy: c.policy, number: c.value }] : []));
  const verdict = verdictOf(lab, outcome, known);
  cells.forEach((c) => (c.best = c.policy === verdict.best && c.value !== null && !c.stale));
  return { cells, verdict };
}

/** What changes the game under a policy: the settings of the levers, and the lines of its own in the text. */
function rulesOf(lab: Lab, policy: number): string {
  const settings = settingsOf(lab.model, policy);
  const own = lab.model.policies[policy]!.changes.join('; ');
  return [settings, own].filter(Boolean).join('; ') || 'changes nothing';
}

function Exact({ lab, outcome, index, cell, best, halves }: { lab: Lab; outcome: Outcome; index: number; cell: Cell; best: Cell | undefined; halves: Halves }) {
  const policy = lab.model.policies[cell.policy]!;
  const { value: number, base, band } = cell;
  const off = cell.stale ? null : distanceOf(lab, halves, cell.policy, index);
  return (
    <div>
      <dt>
        <Swatch policy={cell.policy} /> <Called item={policy} />
      </dt>
      <dd>
        {number === null ? <span class="bad">not solved{cell.problem && `: ${cell.problem}`}</span> : <span title={String(number)}>{outcome.share ? `${value(lab.model, outcome, number)} (${show(number, 8)})` : show(number, 8)}</span>}
        {number !== null && base !== null && base !== number && <>, {difference(outcome, number - base)} against the base case</>}
        {number !== null && best && best.value !== null && !cell.best && <>, {difference(outcome, number - best.value)} against the best</>}
        {off !== null && <span data-half={lab.model.policies[cell.policy]!.name} data-off={off}><br />{TEXTS.onHalf} {value(lab.model, outcome, halves.get(cell.policy)![index]!)} ({distance(outcome, off)} away)</span>}
        {band && (
          <>
            <br />
            over the study's {pointsOf(lab)}: {bandWords(lab.model, outcome, band)}
          </>
        )}
        <br />
        <span class="rules">{rulesOf(lab, cell.policy)}</span>
      </dd>
    </div>
  );
}

/** All that there is to say of one outcome, beside the cards. It closes by its button and by Escape, and gives the
 * focus back to the heading that opened it. */
function Dock({ lab, index, halves, close }: { lab: Lab; index: number; halves: Halves; close: () => void }) {
  const outcome = lab.model.outcomes[index]!;
  const { cells } = cellsOf(lab, index);
  const best = cells.find((c) => c.best);
  const known = cells.filter((c) => c.value !== null);
  const top = useRef<HTMLElement>(null);
  useEffect(() => top.current?.scrollTo(0, 0), [index]);
  return (
    <section class="dock" ref={top} aria-label={`More on ${label(outcome)}`} tabIndex={-1} onKeyDown={(e) => e.key === 'Escape' && close()}>
      <div class="head">
        <h3><Called item={outcome} /></h3>
        <button type="button" class="close" aria-label="Close" onClick={close}>✕</button>
      </div>
      <p class="hint">
        {FORMS[outcome.form]}
        {outcome.direction ? `; ${better(outcome.direction)}` : ''}.
      </p>
      {cells.every((c) => !c.stale) && <Account lab={lab} outcome={outcome} index={index} policies={known.map((c) => c.policy)} best={best?.policy} />}
      <dl class="exact">
        {cells.map((c) => <Exact key={c.policy} lab={lab} outcome={outcome} index={index} cell={c} best={best} halves={halves} />)}
      </dl>
    </section>
  );
}

function Bar({ cell, at }: { cell: Cell; at: (x: number) => number }) {
  const { value: number, base, band, policy } = cell;
  const span = (x: number) => ({ x: `${at(Math.min(0, x))}%`, width: `${at(Math.max(0, x)) - at(Math.min(0, x))}%` });
  return (
    <svg width="100%" height={band ? 23 : 14}>
      {base !== null && base !== number && <rect class="ghost" {...span(base)} y="0.5" height="13" />}
      {number !== null && <rect {...span(number)} y="3" height="8" fill={colour(policy)} />}
      {band && (
        <g transform="translate(0 15)">
          <BandStrip band={band} at={at} />
        </g>
      )}
    </svg>
  );
}

/** What the numbers of a card come to: who is best, or that nobody is. */
function Said({ lab, outcome, verdict, cells }: { lab: Lab; outcome: number; verdict: Verdict; cells: Cell[] }) {
  const { direction } = lab.model.outcomes[outcome]!;
  if (!direction || cells.some((c) => c.stale) || cells.length < 2) return null;
  const { best, first, share } = verdict;
  const called = (policy: number) => label(lab.model.policies[policy]!);
  if (best === null) {
    const why = share !== null && first !== null && `: “${called(first)}” is best in ${worldsOf(lab, share)}, ${share > 0.5 ? TEXTS.tooLittle : TEXTS.tooFew}`;
    return <p class="said-best hint" dir="auto">{TEXTS.noClearBest}{why}</p>;
  }
  if (share === null) return null;
  const shown = lab.shown.includes(best);
  return (
    <p class="said-best hint">
      {shown ? 'best' : <>not shown: <strong dir="auto">{called(best)}</strong> is best</>} in {worldsOf(lab, share)} of the study
    </p>
  );
}

function Card({ lab, index, halves, open, setOpen }: { lab: Lab; index: number; halves: Halves; open: boolean; setOpen: (open: boolean) => void }) {
  const outcome = lab.model.outcomes[index]!;
  const { cells, verdict } = cellsOf(lab, index);
  const coarse = coarseOf(lab, halves, index);
  const all = cells.flatMap((c) => [c.value, c.base, c.band?.[1], c.band?.[5]]).filter((x): x is number => typeof x === 'number');
  const high = Math.max(0, ...all);
  const low = Math.min(0, ...all);
  const at = (x: number) => 100 * ((x - low) / (high - low || 1));
  const id = `outcome-${outcome.name}`;
  const figures = figuresOf(outcome.scale, cells.map((c) => c.value), 1);
  const rows = cells.map((c) => ({ policy: c.policy, now: c.stale ? null : c.value, band: c.band }));
  const exhibit = (): Exhibit => ({
    name: outcome.name,
    title: label(outcome),
    subtitle: [FORMS[outcome.form], better(outcome.direction)].filter(Boolean).join('; '),
    policies: [],
    banded: true,
    header: INTERVAL_HEADER,
    rows: rows.map((row) => intervalRow(lab, index, row)),
    draw: (width) => drawIntervals(lab, index, rows, width),
  });
  return (
    <section class={open ? 'card opened' : 'card'} aria-labelledby={id} onKeyDown={(e) => e.key === 'Escape' && setOpen(false)}>
      <h3 id={id}>
        <button type="button" aria-expanded={open} dir="auto" onClick={() => setOpen(!open)}>
          {label(outcome)}
        </button>
        <span class="hint">{better(outcome.direction)}</span>
        <Leave lab={lab} of={exhibit} />
      </h3>
      <table class="bars">
        <tbody>
          {cells.map((c) => {
            const policy = lab.model.policies[c.policy]!;
            return (
              <tr key={c.policy} class={c.stale ? 'stale' : c.problem ? 'unsolved' : c.best && coarse === null ? 'best' : ''} data-policy={policy.name} data-outcome={outcome.name} data-value={c.stale ? '' : (c.value ?? '')}>
                <th scope="row" dir="auto" title={policy.name}>{label(policy)}</th>
                <td class="bar" aria-hidden="true"><Bar cell={c} at={at} /></td>
                <td class="number">
                  {c.problem && !c.stale ? <span class="bad" title={c.problem}>not solved</span> : value(lab.model, outcome, c.value)}
                  {c.best && coarse === null && <span class="star"> ★<span class="unseen"> best</span></span>}
                  {c.stale && <span class="unseen"> (being solved again)</span>}
                  {c.band && <span class="unseen"> (study: {bandWords(lab.model, outcome, c.band)})</span>}
                  {outcome.form === 'ever' && c.value !== null && <span class="word">{inHundred(c.value, figures)}, {likelihood(c.value)}</span>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {coarse === null ? <Said lab={lab} outcome={index} verdict={verdict} cells={cells} /> : <Coarse outcome={outcome} off={coarse} />}
    </section>
  );
}

/** Where the numbers come from, which says more about a difference than its digits. */
function Provenance({ lab }: { lab: Lab }) {
  const { params } = lab.model;
  const { study } = lab.data;
  const cited = params.filter((p) => p.source >= 0).length;
  const judgement = params.filter((p) => p.judgement).length;
  const deep = params.filter((p) => p.kind === 'deep').length;
  const chances = lab.model.outcomes.some((o) => o.form === 'ever');
  return (
    <Note>
      {chances && <>Words beside probabilities follow ICD 203 and hold under the numbers set here. </>}
      {params.length > 0 && (
        <>
          Of {params.length} numbers {deep} are known only as a range (<Word term="deep" />), {judgement} are the author's <Word term="judgement" />, {cited} cite a
          source: move them before believing a difference.{' '}
        </>
      )}
      A heading says why the policies differ and gives exact numbers.
      {study && study.deep > 0 && ' Bands span deep numbers: their shares are those of a design, not probabilities.'}
    </Note>
  );
}

/** What is drawn, in one line; what belongs to the study is said to. */
function Legend({ lab }: { lab: Lab }) {
  const { study } = lab.data;
  const unsolved = lab.shown.some((policy) => lab.runs.get(policy)!.problem);
  const drawn = lab.model.outcomes.some((_, o) => lab.shown.some((policy) => bandOf(lab, o, policy)));
  return (
    <p class="legend">
      <span class="key">
        <svg width="22" height="14" aria-hidden="true">
          <rect x="0" y="3" width="20" height="8" fill="currentColor" />
        </svg>
        at the numbers set
      </span>
      <span class="key">
        <svg width="22" height="14" aria-hidden="true">
          <rect class="ghost" x="0.5" y="0.5" width="20" height="13" />
        </svg>
        <Word term="base">base case</Word> where it differs
      </span>
      <span class="key">★ clearly best{unsolved && ' of those solved'}</span>
      {drawn && (
        <span class="key">
          <svg width="52" height="8" aria-hidden="true">
            <BandStrip band={[0, 2, 20, 45, 65, 98, 100]} at={(x) => x} />
          </svg>
          <span>
            <strong>the study</strong>: line 5–95 %, box 25–75 %, stroke the median of its {pointsOf(lab)}; sliders don't
            move it{leftOut(lab) && <strong class="bad">; {leftOut(lab)}</strong>}
          </span>
        </span>
      )}
      {study && !drawn && (
        <span class="key">{lab.text === lab.data.text ? "The study doesn't have these policies." : 'The study is of the text before it was edited, and not shown.'}</span>
      )}
    </p>
  );
}

interface Section {
  title: string; // '' for the headline
  outcomes: number[];
}

/** Headline outcomes, then each group with what is left of it. */
export function sectionsOf(model: Model): Section[] {
  const all = [...model.outcomes.keys()];
  const first = all.filter((o) => model.outcomes[o]!.headline);
  const sections: Section[] = [{ title: '', outcomes: first }];
  for (const o of all.filter((o) => !first.includes(o))) {
    const title = model.outcomes[o]!.group || 'Other outcomes';
    const section = sections.slice(1).find((s) => s.title === title);
    if (section) section.outcomes.push(o);
    else sections.push({ title, outcomes: [o] });
  }
  return sections.filter((s) => s.outcomes.length);
}

export function Compare() {
  const lab = useLab();
  const first = lab.embed.startsWith('why-') ? asked(lab.embed, 1, lab.model.outcomes) : -1;
  const [open, setOpen] = useState(first); // the one outcome of which more is shown
  const sections = useMemo(() => sectionsOf(lab.model), [lab.model]);
  const halves = useHalves(lab);
  useEffect(() => setOpen(first), [lab.model]);
  const close = () => {
    document.querySelector<HTMLElement>(`#outcome-${lab.model.outcomes[open]!.name} button`)?.focus();
    setOpen(-1);
  };
  const cards = (outcomes: number[]) => (
    <div class="cards">
      {outcomes.map((i) => <Card key={lab.model.outcomes[i]!.name} lab={lab} index={i} halves={halves} open={open === i} setOpen={(on) => setOpen(on ? i : -1)} />)}
    </div>
  );
  return (
    <div class={open >= 0 ? 'docked' : ''}>
      <div>
        <ChooseBeside lab={lab} />
        {lab.beside && <SideBySide lab={lab} beside={lab.beside} />}
        <Legend lab={lab} />
        {sections.map(({ title, outcomes }) => title ? (
          <details class="folded" key={title}>
            <summary><h3 dir="auto">{title}</h3> <span class="count">{outcomes.length}</span></summary>
            {cards(outcomes)}
          </details>
        ) : cards(outcomes))}
        {!lab.model.outcomes.length && <p>{TEXTS.noOutcomes}</p>}
        <Provenance lab={lab} />
      </div>
      {open >= 0 && lab.model.outcomes[open] && <Dock lab={lab} index={open} halves={halves} close={close} />}
    </div>
  );
}
