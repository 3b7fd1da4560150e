// Somebody who moves: in a sentence why it does what it likes best, and what each of its actions is worth, split into
// the terms that differ most between them.
import { useState } from 'preact/hooks';
import type { ExplainedMover } from '../../engine/answers';
import type { Exhibit } from '../exhibit';
import type { Lab } from '../lab';
import { Leave } from '../leave';
import { Word } from '../marks';
import { percent, show, taken, typeset } from '../words';

const FIRST = 5; // terms shown until all are asked for

/** Terms that are paid after some action, those first that tell actions apart. */
function termsOf({ terms, words, actions }: ExplainedMover) {
  return terms
    .map((name, t) => {
      const all = actions.map((a) => a.terms[t]!);
      return { name, words: words[t]!, t, spread: Math.max(...all) - Math.min(...all), paid: all.some((x) => x !== 0) };
    })
    .filter(({ paid }) => paid)
    .sort((a, b) => b.spread - a.spread);
}

interface Props {
  lab: Lab;
  policy: number;
  place: number; // among those who move
  situation: string; // in words
  mover: ExplainedMover;
  followed: number; // the action of which more is shown, or -1
  follow: (option: number) => void;
}

export function Mover({ lab, policy, place, situation, mover, followed, follow }: Props) {
  const [full, unfold] = useState(false);
  const order = mover.actions.map((action, option) => ({ action, option })).sort((a, b) => b.action.probability - a.action.probability);
  const terms = termsOf(mover);
  const most = Math.max(1e-12, ...terms.map((t) => t.spread));
  const mean = (t: number) => mover.actions.reduce((sum, a) => sum + a.probability * a.terms[t]!, 0);
  const exhibit = (): Exhibit => ({
    name: `mover-${place}`,
    title: `What ${mover.called} does, and why`,
    subtitle: `${situation} ${typeset(mover.because.text)}.`,
    policies: [policy],
    banded: false,
    header: [mover.unit ? `worth in ${mover.unit}` : '', ...order.map(({ action }) => taken(action))],
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
        <span dir="auto">{mover.called}</span> <span class="hint"><Word term="rationality" /> {show(mover.rationality)}{mover.unit && `; worth in ${mover.unit}`}</span>
        <Leave lab={lab} of={exhibit} />
      </h3>
      <p class="because">{typeset(mover.because.text)}.</p>
      <div class="scroll" tabIndex={0} role="region" aria-label={`What ${mover.called} can do and what it is worth`}>
        <table class="split">
          <thead>
            <tr>
              <th scope="col">action</th>
              {order.map(({ action, option }) => (
                <th scope="col" key={action.name}>
                  <button type="button" aria-pressed={followed === option} title={action.name} dir="auto" data-action={action.name} onClick={() => follow(option)}>
                    {taken(action)}
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
              <th scope="row"><Word term="worth" /></th>
              {order.map(({ action }) => (
                <td key={action.name}>{show(action.value, 3)}</td>
              ))}
            </tr>
            {(full ? terms : terms.slice(0, FIRST)).map(({ name, words, t, spread }) => (
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
      {terms.length > FIRST && (
        <button type="button" class="all" aria-expanded={full} onClick={() => unfold(!full)}>
          {full ? `The ${FIRST} terms that differ most` : `All ${terms.length} terms`}
        </button>
      )}
    </section>
  );
}
