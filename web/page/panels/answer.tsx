// The first screen: what the model is asked, the answer in the engine's sentences, the policies that matter as
// intervals, and a map of all policies and headline outcomes to choose from. With a study it is the
// study that speaks, spread first; the author's own numbers are a mark on it. Without one everything
// holds at the numbers set alone, and that is said.
import { useMemo, useState } from 'preact/hooks';
import type { AnsweredOutcome, Named } from '../../engine/answers';
import { bandOf, pointsOf } from '../bands';
import { colour } from '../colour';
import type { Band } from '../data';
import type { Exhibit } from '../exhibit';
import { coarseOf, useHalves, type Halves } from '../grid';
import { drawIntervals, figuresIn, INTERVAL_HEADER, intervalRow, settledRow } from '../intervals';
import type { Lab } from '../lab';
import { useLevers } from '../levers';
import { Leave } from '../leave';
import { Called, Coarse, Swatch, Word } from '../marks';
import { Waiting } from '../notices';
import { TEXTS } from '../phrases';
import { BASELINE, baselineOf, useAnswered, useTurns, writtenOf } from '../said';
import { useLab } from '../use';
import { foundOf, studyOf, verdictOf, type Verdict } from '../verdict';
import { Search, useDeciding } from './decides';
import { better, label, spoken, spokenBand, value } from '../words';

const MOST_CELLS = 64; // between two policies, of which one looks at what does the work

/** The outcomes that this screen is about. */
const headlines = (lab: Lab) => [...lab.model.outcomes.keys()].filter((o) => lab.model.outcomes[o]!.headline);

/** A policy's number at the numbers set; of one that isn't shown, in the base case, if nothing is moved. */
function nowOf(lab: Lab, outcome: number, policy: number): number | null {
  const run = lab.runs.get(policy);
  if (run) return run.stale ? null : (run.result?.outcomes[outcome] ?? null);
  if (lab.world !== lab.base || lab.text !== lab.data.text) return null;
  return lab.data.nominal.get(lab.model.policies[policy]!.name)?.[outcome] ?? null;
}

function verdictFor(lab: Lab, outcome: number): Verdict {
  const numbers = [...lab.model.policies.keys()].flatMap((policy) => {
    const number = nowOf(lab, outcome, policy);
    return number === null ? [] : [{ policy, number }];
  });
  return verdictOf(lab, outcome, numbers);
}

/** The policies that the program's sentences name, where they are about what is set. */
const named = (lab: Lab) => writtenOf(lab)?.outcomes.flatMap((o) => o.named) ?? [];

/** Those that the sentences name and those shown. In the page of a study also the baseline, the policy that is best in most
 * worlds over all headline outcomes, and of each source the one of its own that is. */
export function mattering(lab: Lab): number[] {
  const study = studyOf(lab);
  if (!study) return [...new Set([...named(lab), ...lab.shown])].sort((a, b) => a - b);
  const worth = new Map(study.policies.map((policy, at) => {
    const shares = headlines(lab).map((o) => foundOf(lab, o)?.policies[at]?.best ?? 0);
    return [policy, shares.reduce((sum, share) => sum + share, 0)];
  }));
  const bestOf = (policies: number[]) => policies.reduce<number | null>((best, p) => (best === null || worth.get(p)! > worth.get(best)! ? p : best), null);
  const chosen = [study.policies.includes(BASELINE) ? BASELINE : null, bestOf(study.policies)];
  const sources = [...new Set(study.policies.map((p) => lab.model.policies[p]!.source))].filter((s) => s >= 0);
  for (const source of sources) chosen.push(bestOf(study.policies.filter((p) => p !== BASELINE && lab.model.policies[p]!.source === source)));
  return [...new Set([...chosen.filter((p): p is number => p !== null), ...named(lab), ...lab.shown.filter((p) => study.policies.includes(p))])].sort((a, b) => a - b);
}

/** What does the work, of the policy that leads against the baseline: as the page has it, or asked for. */
function Work({ lab, said }: { lab: Lab; said: AnsweredOutcome }) {
  const from = baselineOf(lab);
  const told = useLevers(lab, from, said.best, MOST_CELLS);
  if (!told) return <p class="hint" role="status">{TEXTS.findingWork}</p>;
  const text = 'levers' in told ? told.levers.outcomes[said.outcome]!.text : `${TEXTS.noWork}: ${told.problem}.`;
  return <p dir="auto" data-work={said.outcome}>{text}</p>;
}

/** By which number the ranking turns: what the search for those that decide has found, or a way to begin it. */
function Turns({ lab, outcome }: { lab: Lab; outcome: number }) {
  const deciding = useDeciding(lab);
  const turns = useTurns(lab);
  const { length } = lab.model.policies;
  if (!turns) return <Search lab={lab} deciding={deciding} />;
  return <p dir="auto" data-turns={lab.model.outcomes[outcome]!.name}>{lab.shown.length < length && `${TEXTS.amongShown} `}{turns.get(outcome)}</p>;
}

/** What there is to say beyond a sentence; what the page hasn't got is worked out once somebody looks. */
function Reasons({ lab, said, looked }: { lab: Lab; said: AnsweredOutcome; looked: boolean }) {
  const works = (said.lead === 'untried' || said.lead === 'clear') && said.best !== baselineOf(lab);
  return (
    <>
      {said.work ? <p dir="auto" data-work={said.outcome}>{said.work}</p> : works && looked && <Work lab={lab} said={said} />}
      {said.turns ? <p dir="auto">{said.turns}</p> : looked && <Turns lab={lab} outcome={said.outcome} />}
    </>
  );
}

/** What the engine says of one outcome. `fresh`: of what is set. */
function Sentence({ lab, said, fresh }: { lab: Lab; said: AnsweredOutcome; fresh: boolean }) {
  const about = lab.model.outcomes[said.outcome]!;
  const title = `${label(about)}: `; // with which the engine's sentence begins
  const { best } = verdictFor(lab, said.outcome);
  const [open, turn] = useState(false);
  const reasons = said.work || said.turns || (said.lead !== 'none' && said.lead !== 'same' && lab.shown.length > 1);
  return (
    <li data-verdict={best === null ? 'none' : lab.model.policies[best]!.name} data-about={about.name}>
      <b dir="auto">{label(about)}</b>: <span dir="auto">{said.text.startsWith(title) ? said.text.slice(title.length) : said.text}</span>
      {reasons && (
        <details class="more-words" open={open} onToggle={(e) => turn(e.currentTarget.open)}>
          <summary>{TEXTS.whatWorks}</summary>
          {fresh && <Reasons lab={lab} said={said} looked={open} />}
        </details>
      )}
    </li>
  );
}

const nameAll = (of: number[], all: Named[]) => of.map((i) => all[i]!.name).join(' ');

function Headline({ lab }: { lab: Lab }) {
  const { answered, waiting, problem } = useAnswered(lab);
  return (
    <section class="answer" aria-label="The answer" data-said={waiting ? '' : nameAll(lab.shown, lab.model.policies)} data-numbers={nameAll(lab.moved, lab.model.params)} aria-busy={waiting}>
      {lab.model.question && <h2 class="question" dir="auto">{lab.model.question}</h2>}
      {problem && <p class="notice bad" role="alert">{TEXTS.noWords}: {problem.reason}. {problem.ended && <button type="button" onClick={() => lab.again(lab.shown)}>Try again</button>}</p>}
      {waiting && <Waiting lab={lab} policies={lab.shown} words={answered ? '' : TEXTS.findingWords} />}
      {answered && !problem && (
        <div class={waiting ? 'stale' : undefined}>
          <p class="basis">{answered.basis}</p>
          <ul class="sentences">
            {answered.outcomes.map((said) => <Sentence key={said.outcome} lab={lab} said={said} fresh={!waiting} />)}
          </ul>
        </div>
      )}
      {lab.model.outcomes.length === 0 && <p>{TEXTS.noOutcomes}</p>}
    </section>
  );
}

/** The band with its quartiles and its median, and the number of now as a triangle. */
export function Strip({ band, now, at, policy }: { band: Band | null; now: number | null; at: (x: number) => number; policy: number }) {
  const [, p5, p25, p50, p75, p95] = (band ?? []).map((x) => (x === null ? 0 : at(x)));
  return (
    <svg class="strip" width="100%" height="20" aria-hidden="true">
      <line class="axis" x1="0" x2="100%" y1="9" y2="9" />
      {band && (
        <>
          <line x1={`${p5}%`} x2={`${p95}%`} y1="9" y2="9" stroke={colour(policy)} stroke-width="2.5" />
          <rect x={`${p25}%`} width={`${Math.max(0, p75! - p25!)}%`} y="4" height="10" fill={colour(policy)} opacity="0.55" />
          <line class="median" x1={`${p50}%`} x2={`${p50}%`} y1="2" y2="16" />
        </>
      )}
      {now !== null && (
        <svg x={`${at(now)}%`} y="14" overflow="visible"><path class="now" d={band ? 'M0,0 l4,6 h-8 z' : 'M-4,-5 a4,4 0 1,0 8,0 a4,4 0 1,0 -8,0'} fill={band ? undefined : colour(policy)} /></svg>
      )}
    </svg>
  );
}

function Interval({ lab, outcome, policies, halves }: { lab: Lab; outcome: number; policies: number[]; halves: Halves }) {
  const about = lab.model.outcomes[outcome]!;
  const rows = policies.map((policy) => settledRow({ policy, band: bandOf(lab, outcome, policy), now: nowOf(lab, outcome, policy) }));
  const all = rows.flatMap(({ band, now }) => [band?.[1], band?.[5], now]).filter((x): x is number => typeof x === 'number');
  const low = Math.min(about.share ? 0 : Infinity, ...all), high = Math.max(...all);
  const at = (x: number) => 100 * ((x - low) / (high - low || 1));
  const coarse = coarseOf(lab, halves, outcome);
  const best = coarse === null ? verdictFor(lab, outcome).best : null;
  const figures = figuresIn(lab, outcome, rows);
  const exhibit = (): Exhibit => ({
    name: `${about.name}-policies`,
    title: label(about),
    subtitle: better(about.direction),
    policies: [],
    banded: true,
    header: INTERVAL_HEADER,
    rows: rows.map((row) => intervalRow(lab, outcome, row)),
    draw: (width) => drawIntervals(lab, outcome, rows, width),
  });
  return (
    <section class="card" aria-labelledby={`interval-${about.name}`}>
      <h3 id={`interval-${about.name}`}><span dir="auto">{label(about)}</span> <span class="hint">{better(about.direction)}</span> <Leave lab={lab} of={exhibit} /></h3>
      <table class="bars intervals">
        <tbody>
          {rows.map(({ policy, band, now }) => {
            const outside = band && now !== null && (now < band[1]! || now > band[5]!);
            return (
              <tr key={policy} class={policy === best ? 'best' : ''} data-interval={lab.model.policies[policy]!.name} data-about={about.name}>
                <th scope="row" dir="auto" title={lab.model.policies[policy]!.name}>{label(lab.model.policies[policy]!)}</th>
                <td class="bar"><Strip band={band} now={now} at={at} policy={policy} /></td>
                <td class="number">
                  {spoken(lab.model, about, band ? band[3] : now, figures)}
                  {policy === best && <span class="star"> ★<span class="unseen"> best</span></span>}
                  {band && <span class="word">{spokenBand(lab.model, about, band[1]!, band[5]!, figures)}</span>}
                  {outside && <span class="word warn" >{lab.moved.length ? 'now' : 'author’s'} {spoken(lab.model, about, now, figures)}, outside</span>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {coarse !== null && <Coarse outcome={about} off={coarse} />}
    </section>
  );
}

/** Where a number lies among those of its outcome: 0 the worst, 1 the best; null without a direction. */
function goodness(number: number, numbers: number[], direction: number): number | null {
  if (!direction) return null;
  const low = Math.min(...numbers), high = Math.max(...numbers);
  if (high === low) return null;
  const share = (number - low) / (high - low);
  return direction > 0 ? share : 1 - share;
}

const TINT = 34; // percent of the colour in the best cell

function HeatMap({ lab }: { lab: Lab }) {
  const outcomes = headlines(lab);
  const policies = [...lab.model.policies.keys()];
  const columns = outcomes.map((o) => {
    const numbers = policies.map((p) => bandOf(lab, o, p)?.[3] ?? nowOf(lab, o, p));
    return { o, numbers, known: numbers.filter((x): x is number => x !== null), best: verdictFor(lab, o).best };
  });
  const toggle = (policy: number, on: boolean) => {
    const shown = on ? [...lab.shown, policy] : lab.shown.filter((p) => p !== policy);
    if (shown.length) lab.show(shown.sort((a, b) => a - b));
  };
  const exhibit = (): Exhibit => ({
    name: 'all-policies',
    title: lab.model.question || label({ name: lab.model.name, text: lab.model.title }),
    subtitle: studyOf(lab) ? `Medians over ${pointsOf(lab)}` : 'At the numbers set',
    policies: [],
    banded: true,
    header: ['policy', ...outcomes.map((o) => label(lab.model.outcomes[o]!))],
    rows: policies.map((p) => [label(lab.model.policies[p]!), ...columns.map(({ numbers }) => numbers[p] ?? null)]),
    draw: null,
  });
  return (
    <section aria-labelledby="all-policies">
      <h3 id="all-policies" class="with-menu">All policies <Leave lab={lab} of={exhibit} /></h3>
      <p class="hint">
        {studyOf(lab) ? <>The <Word term="median" /> over the study’s <Word term="world">worlds</Word></> : lab.moved.length ? 'At the numbers set' : 'At the author’s numbers'}; the greener, the better for that outcome. <span class="onscreen">Tick a policy to see more of it.</span>
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label="All policies and headline outcomes">
        <table class="heat">
          <thead>
            <tr>
              <th scope="col">policy</th>
              {columns.map(({ o }) => <th scope="col" key={o} dir="auto">{label(lab.model.outcomes[o]!)} <span class="hint">{better(lab.model.outcomes[o]!.direction)}</span></th>)}
            </tr>
          </thead>
          <tbody>
            {policies.map((p) => {
              const policy = lab.model.policies[p]!;
              const shown = lab.shown.includes(p);
              return (
                <tr key={p} class={shown ? 'chosen' : columns.every(({ numbers }) => numbers[p] === null) ? 'unknown' : ''} data-heat={policy.name}>
                  <th scope="row">
                    <label>
                      <input type="checkbox" checked={shown} disabled={shown && lab.shown.length === 1} onChange={(e) => toggle(p, e.currentTarget.checked)} />
                      <Swatch policy={p} /> <Called item={policy} />
                    </label>
                  </th>
                  {columns.map(({ o, numbers, known, best }) => {
                    const number = numbers[p] ?? null;
                    const good = number === null ? null : goodness(number, known, lab.model.outcomes[o]!.direction);
                    return (
                      <td key={o} style={good === null ? undefined : { background: `color-mix(in srgb, var(--good) ${Math.round(TINT * good)}%, var(--card))` }}>
                        {number === null ? <span class="hint" title="not solved yet: tick it">–</span> : value(lab.model, lab.model.outcomes[o]!, number)}
                        {p === best && <span class="star"> ★<span class="unseen"> best</span></span>}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Key({ lab }: { lab: Lab }) {
  if (!studyOf(lab)) return null;
  return (
    <p class="legend">
      <span class="key">
        <svg width="80" height="20" aria-hidden="true">
          <line x1="2" x2="78" y1="9" y2="9" stroke="currentColor" stroke-width="2.5" />
          <rect x="22" width="30" y="4" height="10" fill="currentColor" opacity="0.45" />
          <line x1="36" x2="36" y1="2" y2="16" stroke="currentColor" stroke-width="2" />
        </svg>
        line: 5 to 95 in 100 of the worlds; box: the middle half; stroke: <Word term="median" />
      </span>
      <span class="key">
        <svg width="12" height="10" aria-hidden="true"><path d="M6,1 l4,7 h-8 z" fill="currentColor" /></svg>
        {lab.moved.length ? 'at the numbers set' : 'at the author’s numbers'}
      </span>
    </p>
  );
}

export function Answer() {
  const lab = useLab();
  const [all, showAll] = useState(false);
  const policies = mattering(lab);
  const halves = useHalves(lab);
  const outcomes = useMemo(() => headlines(lab), [lab.model]);
  const few = all ? outcomes : outcomes.slice(0, MOST_CARDS);
  return (
    <>
      <Headline lab={lab} />
      <HowToRead lab={lab} />
      <Key lab={lab} />
      <div class="cards">
        {few.map((o) => <Interval key={o} lab={lab} outcome={o} policies={policies} halves={halves} />)}
      </div>
      {outcomes.length > MOST_CARDS && <p><button type="button" aria-expanded={all} onClick={() => showAll(!all)}>{all ? 'Fewer' : `All ${outcomes.length} outcomes`}</button></p>}
      {lab.model.outcomes.length > 0 && <HeatMap lab={lab} />}
    </>
  );
}

const MOST_CARDS = 6; // before one asks for more

function HowToRead({ lab }: { lab: Lab }) {
  return (
    <details class="reading">
      <summary>{TEXTS.howToRead}</summary>
      {[...TEXTS.reading, ...(studyOf(lab) ? TEXTS.readingStudy : TEXTS.readingOnce)].map((text) => <p key={text}>{text}</p>)}
    </details>
  );
}
