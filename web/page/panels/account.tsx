// Why an outcome differs, stage by stage: what each stage of play accounts for, which actions are taken
// more or less often there, and a way to the situation that counts most. docs/lab.md says what the
// words mean.
import { useState } from 'preact/hooks';
import type { Contrast, Model, Outcome, Stage } from '../../engine/answers';
import { colour } from '../colour';
import { useContrast } from '../contrast';
import { drawSpans } from '../drawings';
import type { Exhibit } from '../exhibit';
import { Leave } from '../leave';
import { Swatch } from '../marks';
import { startAgain, Waiting } from '../notices';
import type { Lab } from '../lab';
import type { Side } from '../contrast_worker';
import { difference as apart, label, show, valueName } from '../words';

const MOST_STAGES = 3;
const MOST_ACTIONS = 2;
const SMALL = 0.02; // of all parts: not told by itself

/** What a mover is called as the stage writes it, a side or a role. */
function moverOf({ actors, roles }: Model, name: string): string {
  return label([...actors, ...roles].find((held) => held.name === name)!);
}

/** "Offer the next rung 8.54 times, not 19.7": the actions whose frequencies differ most. */
function actionsOf(model: Model, stage: Stage, taken: [number, number][]): string {
  const several = new Set(stage.actions.map((a) => a.mover)).size > 1;
  return taken
    .map(([here, there], a) => ({ action: stage.actions[a]!, here, there }))
    .filter(({ here, there }) => Math.abs(here - there) > 0.005)
    .sort((x, y) => Math.abs(y.here - y.there) - Math.abs(x.here - x.there))
    .slice(0, MOST_ACTIONS)
    .map(({ action, here, there }) => `${several ? `${moverOf(model, stage.movers[action.mover]!)}: ` : ''}${label(action)} ${show(here, 3)} times, not ${show(there, 3)}`)
    .join('; ');
}

/** "where “aim” is stall: +1.2 points, bargain: −0.3 points": a stage's part by what is true there; '' if nothing is private. */
function truthsOf(model: Model, outcome: Outcome, { part, by_truth: by }: Contrast['stages'][number]): string {
  return by
    .map(({ variable, parts }) => {
      const about = model.variables[variable]!;
      const told = parts.map((x, rank) => ({ x, rank })).filter(({ x }) => Math.abs(x) > SMALL * Math.abs(part));
      return `where “${label(about)}” is ${told.map(({ x, rank }) => `${valueName(about, rank)}: ${apart(outcome, x)}`).join(', ')}`;
    })
    .join('; ');
}

/** Each part of a difference: of every stage, of what is counted, and their sum. */
function exhibitOf(lab: Lab, outcome: Outcome, contrast: Contrast, policy: number, against: string, toBase: boolean): Exhibit {
  const { model } = lab;
  const rows = [
    ...contrast.stages.map(({ part, taken }, s) => ({ name: model.stages[s]!.name, title: label(model.stages[s]!), part, said: [model.stages[s]!.movers.length ? actionsOf(model, model.stages[s]!, taken) : '', part ? truthsOf(model, outcome, contrast.stages[s]!) : ''].filter(Boolean).join('; ') })),
    ...(contrast.drawn ? [{ name: '', title: 'what is private as play begins', part: contrast.drawn, said: '' }] : []),
    { name: '', title: 'what is counted', part: contrast.counted, said: '' },
  ];
  const parts = rows.map(({ part }) => part);
  const sum = contrast.here - contrast.there;
  return {
    name: `why-${outcome.name}-${model.policies[policy]!.name}${toBase ? '-base' : ''}`,
    title: `${label(outcome)}: what each stage accounts for`,
    subtitle: `“${label(model.policies[policy]!)}” against ${against}: ${apart(outcome, sum)} in all`,
    policies: [],
    banded: false,
    header: ['stage', 'text', 'part', 'what is done differently'],
    rows: [...rows.map(({ name, title, part, said }) => [name, title, part, said]), ['', 'in all', sum, '']],
    draw: (width) => drawSpans(
      [...rows, { title: 'in all', part: sum }].map(({ title, part }) => ({ title, from: 0, to: part, said: apart(outcome, part), fill: colour(policy) })),
      Math.min(0, sum, ...parts),
      Math.max(0, sum, ...parts),
      width,
    ),
  };
}

function Parts({ lab, outcome, contrast, policy }: { lab: Lab; outcome: Outcome; contrast: Contrast; policy: number }) {
  const stages = contrast.stages.map((found, s) => ({ ...found, s, stage: lab.model.stages[s]! }));
  const all = stages.reduce((sum, { part }) => sum + Math.abs(part), 0) + Math.abs(contrast.counted) + Math.abs(contrast.drawn);
  const told = stages
    .filter(({ part }) => Math.abs(part) > SMALL * all)
    .sort((a, b) => Math.abs(b.part) - Math.abs(a.part))
    .slice(0, MOST_STAGES);
  const rest = contrast.here - contrast.there - contrast.counted - contrast.drawn - told.reduce((sum, { part }) => sum + part, 0);
  return (
    <ul class="parts">
      {told.map(({ s, stage, part, situation, taken, by_truth }) => (
        <li key={stage.name} data-part={part}>
          <strong>{apart(outcome, part)}</strong>{' '}
          {situation ? (
            <button type="button" title={`The situation that counts most, with ${apart(outcome, situation.part)} for “${label(outcome)}”`} onClick={() => lab.look({ policy, period: situation.period - 1, stage: s, wanted: situation.slots, belief: null })} disabled={!stage.movers.length}>
              {label(stage)}
            </button>
          ) : (
            label(stage)
          )}
          : {stage.movers.length ? actionsOf(lab.model, stage, taken) || 'the same actions with other consequences' : 'chance has other numbers'}
          {by_truth.length > 0 && <span class="hint" data-truth={JSON.stringify(by_truth)} dir="auto"> ({truthsOf(lab.model, outcome, contrast.stages[s]!)})</span>}
        </li>
      ))}
      {Math.abs(contrast.drawn) > 1e-9 * all && <li><strong>{apart(outcome, contrast.drawn)}</strong> what is private is drawn otherwise as play begins</li>}
      {Math.abs(contrast.counted) > 1e-9 * all && <li><strong>{apart(outcome, contrast.counted)}</strong> what is counted has other numbers</li>}
      {Math.abs(rest) > 1e-9 * all && <li><strong>{apart(outcome, rest)}</strong> the other stages</li>}
    </ul>
  );
}

function Difference({ lab, outcome, index, here, there, against, toBase }: { lab: Lab; outcome: Outcome; index: number; here: Side; there: Side; against: string; toBase: boolean }) {
  const told = useContrast(lab, index, here, there);
  const contrast = told && 'contrast' in told ? told.contrast : undefined;
  const problem = told && 'problem' in told ? told : undefined;
  const difference = contrast ? contrast.here - contrast.there : 0;
  return (
    <div data-contrast={!told ? 'waiting' : lab.model.policies[here.policy]!.name}>
      <dt class="with-menu">
        <span>
          <Swatch policy={here.policy} /> {label(lab.model.policies[here.policy]!)}
          {contrast && <>: {apart(outcome, difference)} against {against}</>}
        </span>
        {contrast && <Leave lab={lab} of={() => exhibitOf(lab, outcome, contrast, here.policy, against, toBase)} />}
      </dt>
      <dd>
        {!told && <Waiting lab={lab} policies={[]} words="working out why…" />}
        {problem?.problem}
        {problem?.ended && <> <button type="button" onClick={(e) => startAgain(lab, [], e.currentTarget)}>Try again</button></>}
        {contrast && difference === 0 && 'no difference'}
        {contrast && difference !== 0 && <Parts lab={lab} outcome={outcome} contrast={contrast} policy={here.policy} />}
      </dd>
    </div>
  );
}

/** Of each policy shown against the best of them (the first, if none is), or against its base case. */
export function Account({ lab, outcome, index, policies, best }: { lab: Lab; outcome: Outcome; index: number; policies: number[]; best: number | undefined }) {
  const moved = lab.world !== lab.base;
  const [asked, ask] = useState(() => lab.embed.endsWith('-base'));
  const inBase = moved ? policies.filter((p) => lab.baseOf(p)) : [];
  const toBase = inBase.length > 0 && (asked || policies.length < 2);
  const other = best ?? policies[0];
  const compared = toBase ? inBase : policies.filter((p) => p !== other);
  if (!compared.length || other === undefined) return null;
  return (
    <>
      <p class="why">
        <strong>Why: what each stage accounts for</strong>
        {inBase.length > 0 && policies.length > 1 && (
          <>
            <button type="button" aria-pressed={!toBase} onClick={() => ask(false)}>against “{label(lab.model.policies[other]!)}”</button>
            <button type="button" aria-pressed={toBase} onClick={() => ask(true)}>against the base case</button>
          </>
        )}
      </p>
      <dl>
        {compared.map((policy) => (
          <Difference
            key={`${policy} ${toBase}`}
            lab={lab}
            outcome={outcome}
            index={index}
            here={{ policy, world: lab.world }}
            there={toBase ? { policy, world: lab.base } : { policy: other, world: lab.world }}
            against={toBase ? 'the base case' : `“${label(lab.model.policies[other]!)}”`}
            toBase={toBase}
          />
        ))}
      </dl>
    </>
  );
}
