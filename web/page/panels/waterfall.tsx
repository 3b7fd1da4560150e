// What does the work between two policies: a waterfall from one outcome to the other, a step for each ingredient
// (Shapley's values of all cells between them), and how much would come though nobody changed what they do.
import { useState } from 'preact/hooks';
import type { Model } from '../../engine/answers';
import { colour } from '../colour';
import { drawSpans } from '../drawings';
import { asked, type Exhibit } from '../exhibit';
import type { Lab } from '../lab';
import { Leave } from '../leave';
import { stepsOf, useLevers, type Bar } from '../levers';
import { Note } from '../marks';
import { useLab } from '../use';
import { label as titled, percent, show } from '../words';

const MORE = '#b06a00', LESS = '#2f6f9f'; // of a step in a picture

/** A lever as its setting under the second policy; a change of a policy's own as it is written. */
function ingredientTitle(model: Model, { name, from, to }: { name: string; from: string; to: string }): string {
  const lever = model.levers.find((l) => l.name === name && to.startsWith(`${name}=`));
  const setting = lever?.settings.find((s) => s.name === to.slice(name.length + 1));
  if (lever && setting) return `${titled(lever)}: ${titled(setting)}`;
  return to || `without ${from}`;
}

/** A bar as it is said: a policy's outcome, or what a step adds. */
const said = (bar: Bar, whole: boolean, say: (x: number) => string) => (whole ? say(bar.to) : `${bar.to > bar.from ? '+' : '−'}${say(Math.abs(bar.to - bar.from))}`);

const ends = (bars: Bar[]): [number, number] => [Math.min(0, ...bars.flatMap((b) => [b.from, b.to])), Math.max(0, ...bars.flatMap((b) => [b.from, b.to]))];

function Steps({ all, say }: { all: Bar[]; say: (x: number) => string }) {
  const [low, high] = ends(all);
  const at = (x: number) => `${100 * ((x - low) / (high - low || 1))}%`;
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
              <td>{said(bar, whole, say)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Whether it is what a frame shows. */
const asksForWork = (lab: Lab) => lab.embed.startsWith('work-');

function Work() {
  const lab = useLab();
  const { model, shown } = lab;
  const headlines = [...model.outcomes.keys()].filter((o) => model.outcomes[o]!.headline);
  const embedded = asksForWork(lab) ? lab.embed : '';
  const or = (found: number, otherwise: number) => (found < 0 ? otherwise : found);
  const [outcome, look] = useState(() => or(asked(embedded, 3, model.outcomes), headlines[0] ?? 0));
  const [first, begin] = useState(() => or(asked(embedded, 1, model.policies), 0));
  const [last, end] = useState(() => or(asked(embedded, 2, model.policies), shown.find((p) => p !== 0) ?? Math.min(1, model.policies.length - 1)));
  const most = model.policies.length - 1; // an edited text may have fewer
  const from = Math.min(first, most), to = Math.min(last, most);
  const told = useLevers(lab, from, to);
  const known = model.outcomes[outcome] ? outcome : 0;
  const of = model.outcomes[known]!;
  const say = (x: number) => (of.share ? percent(x) : show(x));
  const sign = (x: number) => `${x < 0 ? '−' : '+'}${say(Math.abs(x))}`;
  const levers = told && 'levers' in told ? told.levers : null;
  const found = levers?.outcomes[known];
  const bars = levers && found && found.from !== null && found.to !== null && [
    { title: titled(model.policies[from]!), from: 0, to: found.from },
    ...stepsOf(levers, known, (i) => ingredientTitle(model, levers.ingredients[i]!)),
    { title: titled(model.policies[to]!), from: 0, to: found.to },
  ];
  const exhibit = (bars: Bar[]) => (): Exhibit => ({
    name: `work-${model.policies[from]!.name}-${model.policies[to]!.name}-${of.name}`,
    title: `What does the work: ${titled(of)}`,
    subtitle: `From “${titled(model.policies[from]!)}” to “${titled(model.policies[to]!)}”, a step for each change: its effect averaged over all orders in which they could be made (Shapley's value)`,
    policies: [],
    banded: false,
    header: ['step', 'from', 'to', 'difference'],
    rows: bars.map((bar) => [bar.title, bar.from, bar.to, bar.to - bar.from]),
    draw: (width) => drawSpans(
      bars.map((bar, i) => {
        const whole = i === 0 || i === bars.length - 1;
        return { ...bar, said: said(bar, whole, say), fill: whole ? colour(i ? to : from) : bar.to < bar.from ? LESS : MORE };
      }),
      ...ends(bars),
      width,
    ),
  });
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
      {levers && found && bars && (
        <section aria-label="What does the work, step by step">
          <p class="with-menu"><strong dir="auto">{titled(of)}</strong> <Leave lab={lab} of={exhibit(bars)} /></p>
          <Steps all={bars} say={say} />
          <p>{found.text || `${titled(of)} is the same under both.`}</p>
          {found.mechanical !== null && found.adaptive !== null && (
            <p class="note">
              Though nobody changed what they do: {sign(found.mechanical)}; as everybody adapts: {sign(found.adaptive)}.
            </p>
          )}
          <Note>{levers.games} games between the two were solved. A step is the ingredient's share by Shapley's value: its effect averaged over all orders in which the changes could be made.</Note>
        </section>
      )}
    </>
  );
}

/** Closed to begin with: every cell between the two is solved. */
export function Waterfall() {
  const lab = useLab();
  const { model } = lab;
  const [open, turn] = useState(() => asksForWork(lab));
  if (model.policies.length < 2 || !model.outcomes.length) return null;
  return (
    <details class="work" open={open} onToggle={(e) => turn(e.currentTarget.open)}>
      <summary><h3>What does the work</h3></summary>
      {open && <Work />}
    </details>
  );
}
