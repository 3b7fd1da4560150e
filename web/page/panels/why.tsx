// Why somebody does what it does: a situation, everybody's chances there, each action's value split
// into what it is made of, and what an action leads to. Clicking actions walks the tree.
import { useEffect, useState } from 'preact/hooks';
import type { Explained, ExplainedMover, Explanation, Next, Situated, Situation, Stepped } from '../../engine/answers';
import type { Exhibit } from '../exhibit';
import { Leave } from '../leave';
import { Note, Swatch } from '../marks';
import { Trouble, Waiting } from '../notices';
import type { Lab, Looked } from '../lab';
import { allOf, gainer, secretsOf, shareOf } from '../private';
import { useAnswer, useLab, useRested } from '../use';
import { fromTo, label, periodName, percent, show } from '../words';
import { Believe, Types } from './beliefs';
import { Waterfall } from './waterfall';

type Place = Omit<Looked, 'policy'>;

interface Followed {
  from: string; // the place where it is done
  mover: number;
  option: number;
  name: string;
}

const START: Place = { period: 0, stage: -1, wanted: null, belief: null };

function Mover({ lab, name, at, mover, followed, follow }: { lab: Lab; name: string; at: string; mover: ExplainedMover; followed: number; follow: (option: number, name: string) => void }) {
  const order = mover.actions.map((action, option) => ({ action, option })).sort((a, b) => b.action.probability - a.action.probability);
  const spread = (t: number) => {
    const all = mover.actions.map((a) => a.terms[t]!);
    return Math.max(...all) - Math.min(...all);
  };
  const terms = mover.terms
    .map((name, t) => ({ name, words: mover.words[t]!, t, spread: spread(t) }))
    .filter(({ t }) => mover.actions.some((a) => a.terms[t] !== 0))
    .sort((a, b) => b.spread - a.spread);
  const most = Math.max(1e-12, ...terms.map((t) => t.spread));
  const mean = (t: number) => mover.actions.reduce((sum, a) => sum + a.probability * a.terms[t]!, 0);
  const exhibit = (): Exhibit => ({
    name,
    title: `What ${mover.name} does, and why`,
    subtitle: `${at}. ${mover.because}.`,
    policies: [],
    banded: false,
    header: ['', ...order.map(({ action }) => action.brief)],
    rows: [
      ['probability', ...order.map(({ action }) => action.probability)],
      ['value', ...order.map(({ action }) => action.value)],
      ...terms.map(({ words, t }) => [words, ...order.map(({ action }) => action.terms[t]!)]),
    ],
    draw: null,
  });
  return (
    <section class="card mover">
      <h3>
        {mover.name} <span class="hint">rationality {show(mover.rationality)}</span> <Leave lab={lab} of={exhibit} />
      </h3>
      <p class="because">{(followed < 0 || followed === order[0]!.option ? mover : mover.actions[followed]!).because}.</p>
      <div class="scroll" tabIndex={0} role="region" aria-label={`What ${mover.name} can do and what it is worth`}>
        <table class="split">
          <thead>
            <tr>
              <th scope="col">action</th>
              {order.map(({ action, option }) => (
                <th scope="col" key={action.name}>
                  <button type="button" aria-pressed={followed === option} title={action.text} data-action={action.name} onClick={() => follow(option, action.name)}>
                    {action.brief}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">probability</th>
              {order.map(({ action }) => (
                <td key={action.name} class="chance">
                  <span class="fill" style={{ width: `${100 * action.probability}%` }} aria-hidden="true" />
                  <span>{percent(action.probability)}</span>
                </td>
              ))}
            </tr>
            <tr class="total">
              <th scope="row">value</th>
              {order.map(({ action }) => (
                <td key={action.name}>{show(action.value)}</td>
              ))}
            </tr>
            {terms.map(({ name, words, t, spread }) => (
              <tr key={t} class={spread < 1e-9 * most ? 'same' : ''}>
                <th scope="row" title={words === name ? undefined : name}>{words}</th>
                {order.map(({ action }) => {
                  const off = action.terms[t]! - mean(t);
                  const width = (50 * Math.abs(off)) / most;
                  return (
                    <td key={action.name} class="term">
                      <span class={off < 0 ? 'off less' : 'off'} style={{ width: `${width}%`, [off < 0 ? 'right' : 'left']: '50%' }} aria-hidden="true" />
                      <span>{show(action.terms[t]!, 3)}</span>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** "aim is bargain 40 % → 72 %", of the value of each private variable that gains most. */
function learned(lab: Lab, before: number[], after: number[]): string[] {
  return secretsOf(lab.model).flatMap((secret) => {
    const was = shareOf(secret, before), is = shareOf(secret, after), most = gainer(was, is);
    return most < 0 ? [] : [`belief that ${secret.variable.name} is ${secret.values[most]} ${fromTo(was[most]!, is[most]!)}`];
  });
}

function Follow({ lab, policy, at, explanation, followed, go }: { lab: Lab; policy: number; at: Situation; explanation: Explanation; followed: Followed; go: (next: Next) => void }) {
  const { agent, rank, variable } = explanation.movers[followed.mover]!;
  const believed = allOf(explanation.beliefs);
  const query = { call: 'next' as const, period: at.period - 1, node: at.node, agent, option: followed.option, rank, belief: believed.length ? believed : null };
  const { answer, waiting, problem } = useAnswer<Stepped>(lab, policy, query);
  if (problem) return <Trouble lab={lab} policy={policy} problem={problem} what="can't be followed" />;
  if (!answer || waiting) return <Waiting lab={lab} policies={[policy]} words={`Following ${followed.name}…`} />;
  const { step } = answer;
  if (!step) return null; // a problem, told above
  const secret = secretsOf(lab.model).find(({ place }) => place === variable);
  const changes = (next: Next) => [
    ...next.changes.map((c) => (c.from === 'none' || c.to === 'yes' ? `${c.name}=${c.to}` : `${c.name} ${c.from} → ${c.to}`)),
    ...learned(lab, believed, next.belief),
  ];
  return (
    <section class="card follow" aria-label="What follows">
      <h3>After {followed.name}{secret && ` if ${secret.variable.name} is ${secret.values[rank]}`}, the next decision</h3>
      <ul>
        {step.next.map((next) => (
          <li key={`${next.period} ${next.node}`}>
            <button type="button" class="next" onClick={() => go(next)}>
              <strong>{percent(next.probability)}</strong> {next.period !== at.period && `${periodName(lab.model, next.period)}, `}
              {next.stage}
              <span class="changes">
                {changes(next).join(', ') || 'nothing changes'}
              </span>
            </button>
          </li>
        ))}
        {step.ended > 0 && <li><strong>{percent(step.ended)}</strong> play ends</li>}
        {step.over > 0 && <li><strong>{percent(step.over)}</strong> the horizon is reached</li>}
        {step.rest > 0 && <li><strong>{percent(step.rest)}</strong> in other situations</li>}
      </ul>
    </section>
  );
}

/** `asked`: what was chosen last, which need not be there yet. `set`: to a place, of which one slot stays as it is if not all can. */
function Choose({ lab, at, asked, set }: { lab: Lab; at: Situation; asked: Place; set: (place: Place, fixed?: number) => void }) {
  const numbers = at.slots.map((s) => s.number);
  const stageIndex = (name: string) => lab.model.stages.findIndex((s) => s.name === name);
  const stage = asked.stage < 0 ? stageIndex(at.stage) : asked.stage;
  const text = (name: string) => lab.model.variables.find((v) => v.name === name)?.text;
  return (
    <div class="choose">
      <label>
        <span>{lab.model.period || 'period'}</span>
        <select value={at.period} onChange={(e) => set({ period: Number(e.currentTarget.value) - 1, stage, wanted: numbers, belief: null })}>
          {[...Array(lab.model.horizon).keys()].map((t) => (
            <option key={t} value={t + 1}>{periodName(lab.model, t + 1)}</option>
          ))}
        </select>
      </label>
      <label>
        <span>stage</span>
        <select value={at.stage} onChange={(e) => set({ period: asked.period, stage: stageIndex(e.currentTarget.value), wanted: numbers, belief: null })}>
          {at.stages.map((s) => (
            <option key={s.name} value={s.name}>{s.name}</option>
          ))}
        </select>
      </label>
      {at.slots.map((slot, i) =>
        slot.values.length < 2 ? null : (
          <label key={slot.name} title={text(slot.name)}>
            <span>{slot.name}</span>
            <select
              value={slot.number}
              data-slot={slot.name}
              onChange={(e) => {
                const wanted = numbers.slice();
                wanted[i] = Number(e.currentTarget.value);
                set({ period: asked.period, stage, wanted, belief: null }, i);
              }}
            >
              {slot.values.map((v) => (
                <option key={v.number} value={v.number}>
                  {v.name}
                  {v.fits ? '' : ' (and others change)'}
                </option>
              ))}
            </select>
          </label>
        ),
      )}
    </div>
  );
}

export function Why() {
  const lab = useLab();
  const { looked } = lab;
  const policy = looked && lab.shown.includes(looked.policy) ? looked.policy : lab.shown[0]!;
  const place: Place = looked?.policy === policy ? looked : START;
  const here = JSON.stringify([policy, place.period, place.stage, place.wanted]);
  const [held, hold] = useState({ from: '', fixed: -1 }); // the slot that was chosen last
  const [trail, setTrail] = useState<{ place: Place; text: string }[]>([]);
  const [last, follow] = useState<Followed | null>(null);
  const followed = last?.from === here ? last : null;
  useEffect(() => {
    setTrail([]);
    follow(null);
  }, [lab.model, policy]);

  const situated = useAnswer<Situated>(
    lab,
    policy,
    { call: 'situation', period: place.period, stage: place.stage, wanted: place.wanted, fixed: held.from === here ? held.fixed : -1 },
  );
  const at = situated.answer?.situation ?? null;
  const rested = useRested(place.belief);
  const ready = at && !situated.waiting && rested === place.belief;
  const explained = useAnswer<Explained>(lab, policy, ready ? { call: 'explain', period: at.period - 1, node: at.node, belief: place.belief } : null);
  const go = (to: Place, fixed = -1) => {
    follow(null);
    hold({ from: JSON.stringify([policy, to.period, to.stage, to.wanted]), fixed });
    lab.lookAt({ ...to, policy });
  };
  const step = (next: Next) => {
    const numbers = at!.slots.map((slot) => {
      const change = next.changes.find((c) => c.name === slot.name);
      if (!change) return slot.number;
      return numberOf(lab, slot.name, change.to);
    });
    const from: Place = { period: at!.period - 1, stage: stageOf(at!.stage), wanted: at!.slots.map((s) => s.number), belief: place.belief };
    setTrail([...trail, { place: from, text: `${periodName(lab.model, at!.period)} ${at!.stage}: ${followed!.name}` }]);
    go({ period: next.period - 1, stage: stageOf(next.stage), wanted: numbers, belief: next.belief.length ? next.belief : null });
  };
  const stageOf = (name: string) => lab.model.stages.findIndex((s) => s.name === name);
  const explanation = explained.answer?.explanation;
  const current = ready && explanation && !explained.waiting;
  const problem = situated.problem ?? explained.problem;
  const unsolved = lab.runs.get(policy)!.problem; // told above

  return (
    <>
      <Waterfall />
      {lab.shown.length > 1 && (
        <fieldset class="pick">
          <legend>Under which policy</legend>
          {lab.shown.map((p) => (
            <label key={p}>
              <input type="radio" name="why-policy" checked={p === policy} onChange={() => lab.lookAt({ ...START, policy: p })} /> <Swatch policy={p} /> {lab.model.policies[p]!.name}
            </label>
          ))}
        </fieldset>
      )}
      {situated.answer && !at && (
        <p>
          Nobody decides anything there. {place !== START && <button type="button" onClick={() => go(START)}>To the first decision</button>}
        </p>
      )}
      {situated.waiting && <Waiting lab={lab} policies={[policy]} words={at ? '' : 'Solving…'} />}
      {unsolved && !at && <p role="status">There is nothing to explain.</p>}
      {at && <Choose lab={lab} at={at} asked={place} set={go} />}
      {at && (
        <p class="note" data-situation={ready ? `${at.period} ${at.stage} ${at.node}` : ''}>
          Play comes here with probability {show(at.reached, 3)}
          {current && explanation.beliefs.length > 0 && (explanation.believed > 0 ? `, and with just these beliefs ${show(explanation.believed, 3)}` : ', but never with just these beliefs')}
          ; {at.situations} situations can be met in this stage and {lab.model.period || 'period'}.
        </p>
      )}
      {at && explanation && explanation.beliefs.length > 0 && (
        <Believe
          lab={lab}
          policy={policy}
          explanation={explanation}
          asked={place.belief}
          set={(belief) => {
            follow(null);
            lab.lookAt({ ...place, policy, belief });
          }}
        />
      )}
      {trail.length > 0 && (
        <nav aria-label="The way here">
          <ol class="trail">
            {trail.map((t, i) => (
              <li key={i}>
                <button
                  type="button"
                  onClick={() => {
                    setTrail(trail.slice(0, i));
                    go(t.place);
                  }}
                >
                  {t.text}
                </button>
              </li>
            ))}
          </ol>
        </nav>
      )}
      {problem && !unsolved && <Trouble lab={lab} policy={policy} problem={problem} what="can't be explained" />}
      {ready && explained.waiting && <Waiting lab={lab} policies={[policy]} words={explanation ? '' : 'Working out what each action is worth…'} />}
      <div class={current ? '' : 'stale'} data-explained={current ? `${at.period} ${at.stage} ${at.node}` : ''}>
        {explanation && [...new Set(explanation.movers.map((m) => m.agent))].map((agent) => <Types key={agent} lab={lab} explanation={explanation} agent={agent} />)}
        <div class="movers">
          {explanation?.movers.map((mover, k) => (
            <Mover
              key={mover.name}
              lab={lab}
              name={`mover-${k}`}
              at={at ? `Under “${label(lab.model.policies[policy]!)}”, ${periodName(lab.model, at.period)}, ${at.stage}: ${at.slots.map((slot) => `${slot.name}=${slot.value}`).join(', ')}` : ''}
              mover={mover}
              followed={followed?.mover === k ? followed.option : -1}
              follow={(option, name) => current && follow({ from: here, mover: k, option, name })}
            />
          ))}
        </div>
      </div>
      {followed && current && <Follow lab={lab} policy={policy} at={at} explanation={explanation} followed={followed} go={step} />}
      <Note>
        Click an action to see what follows. A bar leans right where an action's term is above its average over what{' '}
        {explanation?.movers[0]?.name ?? 'the mover'} does, left where it is below; terms that differ most come first.
        {lab.model.variables.some((v) => v.owner >= 0) && (
          <> Beliefs are kept on a grid, whose points are the stops of the sliders; to begin with, what is believed is what is likeliest there. The stroke in a bar of beliefs is where it was before the action.</>
        )}
      </Note>
    </>
  );
}

/** The number of a slot's value that goes by a name. */
function numberOf(lab: Lab, slot: string, value: string): number {
  const variable = lab.model.variables.find((v) => v.name === slot);
  if (variable) {
    if (variable.type === 'bool') return value === 'yes' ? 1 : 0;
    return variable.type === 'enum' ? variable.values.indexOf(value) : Number(value);
  }
  const [name, mover] = slot.split('.');
  const stage = lab.model.stages.find((s) => s.name === name)!;
  return 1 + stage.actions.findIndex((a) => stage.movers[a.mover] === mover && a.name === value);
}
