// Why somebody does what it does: a situation, everybody's chances there, each action's value split into what it is
// made of, and what an action leads to, docked beside. Clicking actions walks the tree. Invariant: where one is is kept
// in the settings alone, so that what is chosen in quick succession, gone back to or come to by a link is never taken
// back by what was chosen before.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Explained, Next, Situated } from '../../engine/answers';
import { Note, Swatch } from '../marks';
import { Trouble, Waiting } from '../notices';
import type { Lab, Looked } from '../lab';
import { useAnswer, useLab, useRested } from '../use';
import { label, percent, periodName, taken } from '../words';
import { Believe, Types } from './beliefs';
import { Choose, numberOf, type Place } from './choose';
import { Follow, type Followed } from './follow';
import { hasMatrix, Matrix } from './matrix';
import { Mover } from './mover';
import { Tree } from './tree';
import { Waterfall } from './waterfall';

const START = { period: 0, stage: -1, wanted: null, belief: null };

/** Where the settings say that one is; what isn't shown isn't looked at. */
function whereOf(lab: Lab): Looked {
  const { looked, shown } = lab;
  return looked && shown.includes(looked.policy) ? looked : { policy: shown[0]!, ...START };
}

const alike = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export function Why() {
  const lab = useLab();
  const { model } = lab;
  const where = whereOf(lab);
  const { policy, belief } = where;
  const [pinned, pin] = useState<{ where: Looked; slot: number } | null>(null); // the slot chosen last
  const [trail, setTrail] = useState<{ where: Looked; text: string }[]>([]);
  const [chosen, follow] = useState<(Followed & { where: Looked }) | null>(null);
  const followed = chosen && alike(chosen.where, where) ? chosen : null;
  const heading = useRef<HTMLParagraphElement>(null);
  useEffect(() => setTrail([]), [model, policy]);

  const placeNow = (): Place => {
    const now = whereOf(lab);
    return { ...now, fixed: pinned && alike(pinned.where, now) ? pinned.slot : -1 };
  };
  const go = ({ fixed, ...to }: Place) => {
    const at = { policy: whereOf(lab).policy, period: to.period, stage: to.stage, wanted: to.wanted, belief: to.belief };
    pin(fixed < 0 ? null : { where: at, slot: fixed });
    lab.lookAt(at);
  };
  /** Whoever goes by a button that then is gone reads on at the situation. */
  const arrive = (to: Looked) => {
    lab.lookAt(to);
    heading.current?.focus();
  };
  const begin = (policy: number) => lab.lookAt({ policy, ...START });

  const { period, stage, wanted, fixed } = placeNow();
  const situated = useAnswer<Situated>(lab, policy, { call: 'situation', period, stage, wanted, fixed });
  const at = situated.answer?.situation ?? null;
  const believed = JSON.stringify(belief);
  const rested = useRested(believed);
  const ready = at && !situated.waiting && rested === believed;
  const explained = useAnswer<Explained>(lab, policy, ready ? { call: 'explain', period: at.period - 1, node: at.node, belief } : null);
  const explanation = explained.answer?.explanation;
  const current = ready && explanation && !explained.waiting;
  const problem = situated.problem ?? explained.problem;
  const unsolved = lab.runs.get(policy)!.problem; // told above

  const stageOf = (name: string) => model.stages.findIndex((s) => s.name === name);
  const step = (next: Next, action: string) => {
    const numbers = at!.slots.map((slot) => {
      const change = next.changes.find((c) => c.name === slot.name);
      return change ? numberOf(lab, slot.name, change.to) : slot.number;
    });
    const here = { policy, period: at!.period - 1, stage: stageOf(at!.stage), wanted: at!.slots.map((s) => s.number), belief };
    setTrail([...trail, { where: here, text: `${periodName(model, at!.period)}, ${label(model.stages[stageOf(at!.stage)]!)}: ${action}` }]);
    arrive({ policy, period: next.period - 1, stage: stageOf(next.stage), wanted: numbers, belief: next.belief.length ? next.belief : null });
  };
  const action = explanation && followed ? explanation.movers[followed.mover]?.actions[followed.option] : undefined;
  const close = () => {
    if (action) document.querySelector<HTMLElement>(`button[data-action="${CSS.escape(action.name)}"][aria-pressed=true]`)?.focus();
    follow(null);
  };

  return (
    <>
      <Waterfall />
      {lab.shown.length > 1 && (
        <fieldset class="pick">
          <legend>Under which policy</legend>
          {lab.shown.map((p) => (
            <label key={p}>
              <input type="radio" name="why-policy" checked={p === policy} onChange={() => begin(p)} /> <Swatch policy={p} /> <span dir="auto">{label(model.policies[p]!)}</span>
            </label>
          ))}
        </fieldset>
      )}
      {situated.answer && !at && (
        <p>
          Nobody decides anything there. {lab.looked && <button type="button" onClick={() => begin(policy)}>To the first decision</button>}
        </p>
      )}
      {situated.waiting && <Waiting lab={lab} policies={[policy]} words={at ? '' : 'Solving…'} />}
      {unsolved && !at && <p role="status">There is nothing to explain.</p>}
      <div class={at && action ? 'docked' : ''} onKeyDown={(e) => e.key === 'Escape' && action && close()}>
        <div>
          {at && <Choose lab={lab} at={at} asked={placeNow} set={go} />}
          {at && (
            <p class="situation" ref={heading} tabIndex={-1} data-situation={ready ? `${at.period} ${at.stage} ${at.node}` : ''}>
              {at.text}{' '}
              <span class="hint">
                Play comes here with a probability of {percent(at.reached)}
                {current && explanation.beliefs.some((b) => !b.known) && (explanation.believed > 0 ? `, and with just these beliefs ${percent(explanation.believed)}` : ', but never with just these beliefs')}
                ; {at.situations} {at.situations === 1 ? 'situation' : 'situations'} can be met in this stage and {model.period || 'period'}.
              </span>
            </p>
          )}
          {at && explanation && explanation.beliefs.some((b) => !b.known) && (
            <Believe lab={lab} policy={policy} explanation={explanation} asked={belief} set={(belief) => lab.lookAt({ ...whereOf(lab), belief })} />
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
                        arrive(t.where);
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
            {explanation && hasMatrix(explanation) && <Matrix lab={lab} policy={policy} situation={at?.text ?? ''} explanation={explanation} />}
            {explanation && [...new Set(explanation.movers.map((m) => m.agent))].map((agent) => <Types key={agent} lab={lab} explanation={explanation} agent={agent} />)}
            <div class="movers">
              {explanation?.movers.map((mover, k) => (
                <Mover
                  key={mover.name}
                  lab={lab}
                  policy={policy}
                  place={k}
                  situation={at?.text ?? ''}
                  mover={mover}
                  followed={followed?.mover === k ? followed.option : -1}
                  follow={(option) => current && follow({ mover: k, option, where })}
                />
              ))}
            </div>
          </div>
          {!unsolved && <Tree lab={lab} policy={policy} looked={at && ready ? at : null} go={arrive} />}
        </div>
        {at && explanation && followed && action && (
          <Follow lab={lab} policy={policy} at={at} explanation={explanation} followed={followed} go={(next) => step(next, taken(action))} close={close} />
        )}
      </div>
      <Note>
        <span class="onscreen">Click an action to see what follows. </span>A bar leans right where an action's term is above its average over what{' '}
        {explanation?.movers[0]?.called ?? 'the mover'} does, left where it is below; terms that differ most come first.
        {explanation?.beliefs.some((b) => !b.known) && (
          <> Beliefs are kept on a grid, whose points are the stops of the sliders; to begin with, what is believed is what is likeliest there. The stroke in a bar of beliefs is where it was before the action.</>
        )}
      </Note>
    </>
  );
}
