// Policies against outcomes at the numbers that are set: a bar for each policy, the base case behind
// it, the best one marked, and below it the band of the study, if there is one. Words beside
// probabilities alone.
import { useState } from 'preact/hooks';
import type { Outcome } from '../../engine/answers';
import { BandStrip, bandOf, bandWords, leftOut, pointsOf } from '../bands';
import { Note, Swatch } from '../marks';
import { colour } from '../colour';
import type { Band } from '../data';
import type { Lab } from '../lab';
import { useLab } from '../use';
import { Account } from './account';
import { better, FORMS, likelihood, percent, settingsOf, show, signed } from '../words';

interface Cell {
  policy: number;
  value: number | null;
  base: number | null;
  stale: boolean;
  problem: string; // why there is no value
  best: boolean;
  band: Band | null; // of the study
}

function cellsOf(lab: Lab, outcome: number, direction: number): Cell[] {
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
  const known = cells.filter((c) => c.value !== null && !c.stale);
  if (!direction || known.length < 2) return cells;
  const top = Math.max(...known.map((c) => direction * c.value!));
  const room = 1e-9 * Math.max(1, Math.abs(top));
  if (known.every((c) => direction * c.value! >= top - room)) return cells;
  known.forEach((c) => (c.best = direction * c.value! >= top - room));
  return cells;
}

/** What changes the game under a policy: the settings of the levers, and the lines of its own in the text. */
function rulesOf(lab: Lab, policy: number): string {
  const settings = settingsOf(lab.model, policy);
  const own = ownRulesOf(lab, policy);
  return own && settings ? `${settings}; ${own}` : own || settings || 'changes nothing';
}

function ownRulesOf(lab: Lab, policy: number): string {
  const lines = lab.text.split('\n').slice(lab.model.policies[policy]!.line - 1);
  const bare = (line: string) => line.replace(/"[^"]*"/g, '""').replace(/#.*/, '');
  const text = lines.map(bare).join('\n');
  const open = text.indexOf('{');
  if (open < 0 || text.slice(0, open).includes('\n')) return '';
  const rules = text.slice(open + 1, text.indexOf('}', open)).trim().split(/\s*[\n;]\s*/);
  return rules.filter((rule) => rule && !rule.startsWith('use ')).join('; ');
}

function Detail({ lab, outcome, index, cells }: { lab: Lab; outcome: Outcome; index: number; cells: Cell[] }) {
  const best = cells.find((c) => c.best);
  const known = cells.filter((c) => c.value !== null);
  return (
    <div class="detail">
      <p>
        {FORMS[outcome.form]}
        {outcome.direction ? `; ${better(outcome.direction)}` : ''}.
      </p>
      {cells.every((c) => !c.stale) && <Account lab={lab} outcome={outcome} index={index} policies={known.map((c) => c.policy)} best={best?.policy} />}
      <dl class="exact">
        {cells.map((c) => (
          <div key={c.policy}>
            <dt>
              <Swatch policy={c.policy} /> {lab.model.policies[c.policy]!.name}
            </dt>
            <dd>
              {c.value === null ? <span class="bad">not solved{c.problem && `: ${c.problem}`}</span> : show(c.value, 8)}
              {c.value !== null && c.base !== null && c.base !== c.value && <> ({signed(c.value - c.base)} against the base case)</>}
              {c.value !== null && best && best.value !== null && !c.best && <>, {signed(c.value - best.value)} against the best</>}
              {c.band && (
                <>
                  <br />
                  over the study's {pointsOf(lab)}: {bandWords(c.band)}
                </>
              )}
              <br />
              <span class="rules">{rulesOf(lab, c.policy)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Card({ lab, index, open, setOpen }: { lab: Lab; index: number; open: boolean; setOpen: (open: boolean) => void }) {
  const outcome = lab.model.outcomes[index]!;
  const cells = cellsOf(lab, index, outcome.direction);
  const chance = outcome.form === 'ever';
  const all = cells.flatMap((c) => [c.value, c.base, c.band?.[1], c.band?.[5]]).filter((x): x is number => typeof x === 'number');
  const high = Math.max(0, ...all);
  const low = Math.min(0, ...all);
  const at = (x: number) => (100 * (x - low)) / (high - low || 1);
  const id = `outcome-${outcome.name}`;
  return (
    <section
      class="card"
      aria-labelledby={id}
      onMouseLeave={(e) => !e.currentTarget.contains(document.activeElement) && setOpen(false)}
      onFocusOut={(e) => !e.currentTarget.contains(e.relatedTarget as Node | null) && setOpen(false)}
      onKeyDown={(e) => e.key === 'Escape' && setOpen(false)}
    >
      <h3 id={id}>
        <button
          type="button"
          aria-expanded={open}
          onMouseEnter={() => setOpen(true)}
          onFocus={() => setOpen(true)}
        >
          {outcome.text || outcome.name}
        </button>
        <span class="hint">{better(outcome.direction)}</span>
      </h3>
      <table>
        <tbody>
          {cells.map((c) => (
            <tr key={c.policy} class={c.stale ? 'stale' : c.problem ? 'unsolved' : c.best ? 'best' : ''} data-policy={lab.model.policies[c.policy]!.name} data-outcome={outcome.name} data-value={c.stale ? '' : (c.value ?? '')}>
              <th scope="row">{lab.model.policies[c.policy]!.name}</th>
              <td class="bar" aria-hidden="true">
                <svg width="100%" height={c.band ? 23 : 14}>
                  {c.base !== null && (
                    <rect class="ghost" x={`${at(Math.min(0, c.base))}%`} width={`${at(Math.max(0, c.base)) - at(Math.min(0, c.base))}%`} y="0.5" height="13" />
                  )}
                  {c.value !== null && (
                    <rect x={`${at(Math.min(0, c.value))}%`} width={`${at(Math.max(0, c.value)) - at(Math.min(0, c.value))}%`} y="3" height="8" fill={colour(c.policy)} />
                  )}
                  {c.band && (
                    <g transform="translate(0 15)">
                      <BandStrip band={c.band} at={at} />
                    </g>
                  )}
                </svg>
              </td>
              <td class="number">
                {c.problem && !c.stale ? <span class="bad" title={c.problem}>not solved</span> : chance ? percent(c.value) : show(c.value)}
                {c.best && <span class="star" title="best of those shown"> ★<span class="unseen"> best</span></span>}
                {c.stale && <span class="unseen"> (being solved again)</span>}
                {c.band && <span class="unseen"> (study: {bandWords(c.band)})</span>}
              </td>
              {chance && <td class="word">{c.value === null ? '' : likelihood(c.value)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {open && <Detail lab={lab} outcome={outcome} index={index} cells={cells} />}
    </section>
  );
}

/** How far the numbers are known, which is not how likely anything is. */
function Confidence({ lab }: { lab: Lab }) {
  const { params } = lab.model;
  const { study } = lab.data;
  const cited = params.filter((p) => p.source >= 0).length;
  const judgement = params.filter((p) => p.judgement).length;
  const deep = params.filter((p) => p.kind === 'deep').length;
  const word = params.length && deep <= params.length / 2 && cited > params.length / 2 ? 'moderate' : 'low';
  const chances = lab.model.outcomes.some((o) => o.form === 'ever');
  return (
    <Note>
      {chances && <>Words beside probabilities follow ICD 203 and hold under the numbers set here. </>}
      <strong>Confidence: {word}.</strong> {cited} of {params.length} numbers cite a source, {judgement} are judgement,{' '}
      {deep} are known only as a range: move them before believing a difference. A heading says why the policies
      differ and gives exact numbers.{study && study.deep > 0 && ' Bands span deep numbers: their shares are those of a design, not probabilities.'}
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
        base case
      </span>
      <span class="key">★ best of those shown{unsolved && ' and solved'}</span>
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

export function Compare() {
  const lab = useLab();
  const [open, setOpen] = useState(-1); // the one outcome of which more is shown
  return (
    <>
      <Legend lab={lab} />
      <div class="cards">
        {lab.model.outcomes.map((o, i) => (
          <Card key={o.name} lab={lab} index={i} open={open === i} setOpen={(on) => setOpen((before) => (on ? i : before === i ? -1 : before))} />
        ))}
      </div>
      {!lab.model.outcomes.length && <p>The model declares no outcomes.</p>}
      <Confidence lab={lab} />
    </>
  );
}
