// What the others believe of who knows something: sliders that set it, what each type does side by side,
// and bars of what is believed after each action.
import { Fragment } from 'preact';
import type { ExplainedMover, Explanation } from '../../engine/answers';
import type { Exhibit } from '../exhibit';
import type { Lab } from '../lab';
import { Leave } from '../leave';
import { allOf, beliefAt, fromOn, gainer, moveStop, nameOf, secretsOf, shade, shareOf, stopsOf, type Secret } from '../private';
import { fromTo, label, percent, taken, typeset } from '../words';

/** A belief as one bar; where it was before is marked on it. */
function Shares({ secret, share, before }: { secret: Secret; share: number[]; before?: number[] }) {
  const sums = before?.slice(0, -1).map((_, k) => before.slice(0, k + 1).reduce((sum, p) => sum + p, 0)) ?? [];
  const said = secret.values.map((value, k) => `${value} ${percent(share[k])}`).join(', ');
  return (
    <span class="shares" role="img" aria-label={`${label(secret.variable)}: ${said}`}>
      {share.map((p, k) => (
        <span key={k} class="share" style={{ width: `${100 * p}%`, background: shade(k, share.length) }} />
      ))}
      {sums.map((at, k) => (
        <span key={k} class="was" style={{ left: `${100 * at}%` }} />
      ))}
    </span>
  );
}

function Key({ secret, rank }: { secret: Secret; rank: number }) {
  return <span class="swatch" style={{ background: shade(rank, secret.values.length) }} aria-hidden="true" />;
}

interface Props {
  lab: Lab;
  policy: number;
  explanation: Explanation; // the newest there is
  asked: number[] | null; // beliefs set; null: what is likeliest
  set: (belief: number[] | null) => void;
}

/** A slider for each sum of what is believed of what not everybody knows; its stops are the points of the grid. */
export function Believe({ lab, policy, explanation, asked, set }: Props) {
  const all = asked ?? allOf(explanation.beliefs);
  const { certain } = lab.model.policies[policy]!;
  return (
    <fieldset class="believe">
      <legend>What the others believe there</legend>
      {secretsOf(lab.model).map((secret, x) => {
        if (explanation.beliefs[x]?.known) return null;
        const stops = stopsOf(secret, shareOf(secret, all));
        const { name, knots } = secret.variable;
        return (
          <div class="about" key={name}>
            <span class="whole">
              <strong dir="auto" title={name}>{label(secret.variable)}</strong> <span class="hint">known to {secret.owner} alone</span>
            </span>
            {stops.map((stop, m) => {
              const id = `belief-${name}-${m}`;
              return (
                <Fragment key={id}>
                  <label for={id}>it is {fromOn(secret, m + 1)}</label>
                  <input
                    id={id}
                    type="range"
                    min={0}
                    max={knots.length - 1}
                    step={1}
                    value={stop}
                    aria-valuetext={percent(knots[stop])}
                    onInput={(e) => {
                      const moved = beliefAt(secret, moveStop(stops, m, Number(e.currentTarget.value)));
                      set(all.map((p, i) => moved[i - secret.first] ?? p));
                    }}
                  />
                  <output for={id}>{percent(knots[stop])}</output>
                </Fragment>
              );
            })}
            {certain[x]! >= 0 && <span class="hint whole">as play begins everybody knows that it is {secret.values[certain[x]!]}</span>}
          </div>
        );
      })}
      {asked && <button type="button" onClick={() => set(null)}>What is likeliest there</button>}
    </fieldset>
  );
}

/** Who owns a private variable and moves: its types beside each other, and what its actions give away. */
export function Types({ lab, explanation, agent }: { lab: Lab; explanation: Explanation; agent: number }) {
  const types = explanation.movers.filter((m) => m.agent === agent);
  const [first] = types;
  const secret = secretsOf(lab.model).find(({ place }) => place === first?.variable);
  const belief = explanation.beliefs.find((b) => b.variable === first?.variable);
  if (!first || !secret || !belief) return null;
  const name = nameOf(lab.model, first);
  const chance = (type: ExplainedMover, a: number) => type.actions[a]!.probability;
  const overall = (a: number) => types.reduce((sum, type) => sum + belief.share[type.rank]! * chance(type, a), 0);
  const order = [...first.actions.keys()].sort((a, b) => overall(b) - overall(a));
  const exhibit = (): Exhibit => ({
    name: `types-${agent}`,
    title: `${name}: what each type does, and what that gives away`,
    subtitle: `${belief.text}.`,
    policies: [],
    banded: false,
    header: ['action', ...types.map((type) => `chance if ${secret.values[type.rank]}`), ...secret.values.map((value) => `then believed ${value}`)],
    rows: [
      ['before', ...types.map(() => null), ...belief.share],
      ...order.map((a) => [taken(first.actions[a]!), ...types.map((type) => chance(type, a)), ...first.actions[a]!.posterior]),
    ],
    draw: null,
  });
  return (
    <section class="card types" aria-label={`The types of ${name} and what their actions reveal`}>
      <h3><span dir="auto">{name}: what each type does, and what that gives away</span> <Leave lab={lab} of={exhibit} /></h3>
      <div class="scroll" tabIndex={0} role="region" aria-label={`What each type of ${name} does`}>
        <table class="split reveal">
          <thead>
            <tr>
              <th scope="col">action</th>
              {types.map((type) => (
                <th scope="col" key={type.rank}>
                  <Key secret={secret} rank={type.rank} /> {secret.values[type.rank]}
                  <span class="hint"> believed {percent(belief.share[type.rank])}</span>
                </th>
              ))}
              <th scope="col" class="after">what is believed after it</th>
            </tr>
          </thead>
          <tbody>
            <tr class="total">
              <th scope="row">before</th>
              <td colSpan={types.length} />
              <td class="after" data-before={JSON.stringify(belief.share)}><Shares secret={secret} share={belief.share} /></td>
            </tr>
            {order.map((a) => {
              const { brief, posterior } = first.actions[a]!;
              const most = gainer(belief.share, posterior);
              return (
                <tr key={brief}>
                  <th scope="row" dir="auto" title={brief}>{taken(first.actions[a]!)}</th>
                  {types.map((type) => (
                    <td key={type.rank} class="chance">
                      <span class="fill" style={{ width: `${100 * chance(type, a)}%` }} aria-hidden="true" />
                      <span>{percent(chance(type, a))}</span>
                    </td>
                  ))}
                  <td class="after" data-posterior={JSON.stringify(posterior)} data-brief={brief}>
                    <Shares secret={secret} share={posterior} before={belief.share} />
                    <span class="hint">{most < 0 ? 'tells nothing' : `${secret.values[most]} ${fromTo(belief.share[most]!, posterior[most]!)}`}</span>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p class="because">{typeset(belief.text)}.</p>
    </section>
  );
}
