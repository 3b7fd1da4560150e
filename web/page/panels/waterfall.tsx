// What does the work between two policies: a waterfall from one outcome to the other, a step for each ingredient
// (Shapley's values of all cells between them), and how much would come though nobody changed what they do.
import { useState } from 'preact/hooks';
import type { Model } from '../../engine/answers';
import { stepsOf, useLevers, type Bar } from '../levers';
import { Note } from '../marks';
import { useLab } from '../use';
import { percent, show } from '../words';

const titled = (item: { name: string; text: string }) => item.text || item.name;

/** A lever as its setting under the second policy; a change of a policy's own as it is written. */
function ingredientTitle(model: Model, { name, from, to }: { name: string; from: string; to: string }): string {
  const lever = model.levers.find((l) => l.name === name && to.startsWith(`${name}=`));
  const setting = lever?.settings.find((s) => s.name === to.slice(name.length + 1));
  if (lever && setting) return `${titled(lever)}: ${titled(setting)}`;
  return to || `without ${from}`;
}

function Steps({ bars, first, last, say }: { bars: Bar[]; first: Bar; last: Bar; say: (x: number) => string }) {
  const all = [first, ...bars, last];
  const low = Math.min(0, ...all.flatMap((b) => [b.from, b.to])), high = Math.max(0, ...all.flatMap((b) => [b.from, b.to]));
  const at = (x: number) => `${(100 * (x - low)) / (high - low || 1)}%`;
  return (
    <table class="waterfall">
      <tbody>
        {all.map((bar, i) => {
          const whole = i === 0 || i === all.length - 1;
          const [left, right] = [Math.min(bar.from, bar.to), Math.max(bar.from, bar.to)];
          return (
            <tr key={i} class={whole ? 'whole' : bar.to < bar.from ? 'less' : 'more'}>
              <th scope="row">{bar.title}</th>
              <td class="track"><span style={{ left: at(left), width: `calc(${at(right)} - ${at(left)})` }} aria-hidden="true" /></td>
              <td>{whole ? say(bar.to) : `${bar.to > bar.from ? '+' : '−'}${say(Math.abs(bar.to - bar.from))}`}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Work() {
  const lab = useLab();
  const { model, shown } = lab;
  const headlines = [...model.outcomes.keys()].filter((o) => model.outcomes[o]!.headline);
  const [outcome, look] = useState(headlines[0] ?? 0);
  const [first, begin] = useState(0);
  const [last, end] = useState(shown.find((p) => p !== 0) ?? Math.min(1, model.policies.length - 1));
  const most = model.policies.length - 1; // an edited text may have fewer
  const from = Math.min(first, most), to = Math.min(last, most);
  const told = useLevers(lab, from, to);
  const known = model.outcomes[outcome] ? outcome : 0;
  const of = model.outcomes[known]!;
  const say = (x: number) => (of.share ? percent(x) : show(x));
  const sign = (x: number) => `${x < 0 ? '−' : '+'}${say(Math.abs(x))}`;
  const levers = told && 'levers' in told ? told.levers : null;
  const found = levers?.outcomes[known];
  const choose = (title: string, value: number, set: (x: number) => void, items: { name: string; text: string }[]) => (
    <label>
      {title}{' '}
      <select value={value} onChange={(e) => set(Number(e.currentTarget.value))}>
        {items.map((item, i) => <option key={item.name} value={i}>{titled(item)}</option>)}
      </select>
    </label>
  );
  return (
    <>
      <p class="pick">
        {choose('From', from, begin, model.policies)} {choose('to', to, end, model.policies)} {choose('of', known, look, model.outcomes)}
      </p>
      {!told && <p role="status">Solving what lies between the two…</p>}
      {told && 'problem' in told && <p role="status">It can't be taken apart: {told.problem}.</p>}
      {levers && found && found.from !== null && found.to !== null && (
        <>
          <Steps
            bars={stepsOf(levers, known, (i) => ingredientTitle(model, levers.ingredients[i]!))}
            first={{ title: titled(model.policies[from]!), from: 0, to: found.from }}
            last={{ title: titled(model.policies[to]!), from: 0, to: found.to }}
            say={say}
          />
          <p>{found.text || `${titled(of)} is the same under both.`}</p>
          {found.mechanical !== null && found.adaptive !== null && (
            <p class="note">
              Though nobody changed what they do: {sign(found.mechanical)}; as everybody adapts: {sign(found.adaptive)}.
            </p>
          )}
          <Note>{levers.games} games between the two were solved. A step is the ingredient's share by Shapley's value: its effect averaged over all orders in which the changes could be made.</Note>
        </>
      )}
    </>
  );
}

/** Closed to begin with: every cell between the two is solved. */
export function Waterfall() {
  const { model } = useLab();
  const [open, turn] = useState(false);
  if (model.policies.length < 2 || !model.outcomes.length) return null;
  return (
    <details class="work" onToggle={(e) => turn(e.currentTarget.open)}>
      <summary><h3>What does the work</h3></summary>
      {open && <Work />}
    </details>
  );
}
