// What follows an action, docked beside the situation: the sentence that compares it with another, what speaks for it
// and what against, and the decisions that can come next, one of which can be gone to.
import { useEffect, useRef } from 'preact/hooks';
import type { Because, Explanation, ExplainedMover, Next, Reasons, Situation, Stepped } from '../../engine/answers';
import type { Lab } from '../lab';
import { Trouble, Waiting } from '../notices';
import { allOf, gainer, secretsOf, shareOf } from '../private';
import { useAnswer } from '../use';
import { fromTo, label, periodName, percent, show, signed, taken, typeset } from '../words';

export interface Followed {
  mover: number;
  option: number;
}

/** "aim is bargain 40 % → 72 %", of the value of each private variable that gains most. */
function learned(lab: Lab, before: number[], after: number[]): string[] {
  return secretsOf(lab.model).flatMap((secret) => {
    const was = shareOf(secret, before), is = shareOf(secret, after), most = gainer(was, is);
    return most < 0 ? [] : [`belief that ${label(secret.variable)} is ${secret.values[most]} ${fromTo(was[most]!, is[most]!)}`];
  });
}

function Side({ title, mover, reasons, sign, most }: { title: string; mover: ExplainedMover; reasons: Reasons; sign: number; most: number }) {
  if (!reasons.parts.length) return null;
  return (
    <table class="reasons">
      <caption>{title}</caption>
      <tbody>
        {reasons.parts.map(([term, difference]) => (
          <tr key={term} data-term={mover.terms[term]} data-difference={sign * difference}>
            <th scope="row">{mover.words[term]}</th>
            <td class="track" aria-hidden="true"><span class={sign * difference < 0 ? 'less' : ''} style={{ width: `${100 * (Math.abs(difference) / most)}%` }} /></td>
            <td>{signed(sign * difference)}</td>
          </tr>
        ))}
        {reasons.smaller > 0 && (
          <tr>
            <th scope="row" class="hint">{reasons.smaller} smaller</th>
            <td />
            <td>{signed(sign * reasons.rest)}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** What speaks for an action and what against it, of the two that a sentence compares. */
function ForAndAgainst({ mover, because, option }: { mover: ExplainedMover; because: Because; option: number }) {
  const first = because.action === option;
  const sign = first ? 1 : -1;
  const other = taken(mover.actions[first ? because.against : because.action]!);
  const most = Math.max(...[...because.for.parts, ...because.counter.parts].map(([, difference]) => Math.abs(difference)));
  const unit = mover.unit && `, in ${mover.unit}`;
  return (
    <>
      <Side title={`For it, rather than “${other}”${unit}`} mover={mover} reasons={first ? because.for : because.counter} sign={sign} most={most} />
      <Side title={`Against it${unit}`} mover={mover} reasons={first ? because.counter : because.for} sign={sign} most={most} />
    </>
  );
}

/** What is other there than here, in sentences. */
function changesOf(lab: Lab, believed: number[], next: Next): string {
  return [...next.changes.map((c) => c.text), ...learned(lab, believed, next.belief)].join('; ') || 'nothing else changes';
}

interface Props {
  lab: Lab;
  policy: number;
  at: Situation;
  explanation: Explanation;
  followed: Followed;
  go: (next: Next) => void;
  close: () => void;
}

/** It closes by its button, and by Escape wherever the focus is in the walker. */
export function Follow({ lab, policy, at, explanation, followed, go, close }: Props) {
  const mover = explanation.movers[followed.mover]!;
  const action = mover.actions[followed.option]!;
  const believed = allOf(explanation.beliefs);
  const query = { call: 'next' as const, period: at.period - 1, node: at.node, agent: mover.agent, option: followed.option, rank: mover.rank, belief: believed.length ? believed : null };
  const { answer, waiting, problem } = useAnswer<Stepped>(lab, policy, query);
  const step = !waiting && answer ? answer.step : null;
  const likeliest = mover.because.action === followed.option;
  const because = likeliest ? mover.because : action.because;
  const top = useRef<HTMLElement>(null);
  useEffect(() => top.current?.scrollTo(0, 0), [followed]);
  return (
    <section class="dock follow" ref={top} aria-label="What follows" tabIndex={-1}>
      <div class="head">
        <h3><span dir="auto">{mover.called}: {taken(action)}</span></h3>
        <button type="button" class="close" aria-label="Close" onClick={close}>✕</button>
      </div>
      <p class="hint">{percent(action.probability)}, worth {show(action.value, 3)}{mover.unit && ` ${mover.unit}`}</p>
      <p class="because">{typeset(because.text)}.</p>
      {mover.actions.length > 1 && <ForAndAgainst mover={mover} because={because} option={followed.option} />}
      <h4>What comes next</h4>
      {problem && <Trouble lab={lab} policy={policy} problem={problem} what="can't be followed" />}
      {waiting && <Waiting lab={lab} policies={[policy]} words={`Following “${taken(action)}”…`} />}
      {step && (
        <ul>
          {step.next.map((next) => (
            <li key={`${next.period} ${next.node}`}>
              <button type="button" class="next" onClick={() => go(next)}>
                <strong>{percent(next.probability)}</strong> {next.period !== at.period && `${periodName(lab.model, next.period)}, `}
                {label(lab.model.stages.find((s) => s.name === next.stage)!)}
                <span class="changes">{changesOf(lab, believed, next)}</span>
              </button>
            </li>
          ))}
          {step.ended > 0 && <li><strong>{percent(step.ended)}</strong> play ends</li>}
          {step.over > 0 && <li><strong>{percent(step.over)}</strong> the horizon is reached</li>}
          {step.rest > 0 && <li><strong>{percent(step.rest)}</strong> in other situations</li>}
        </ul>
      )}
    </section>
  );
}
