// Two pictures of the model: one period as a flow from stage to stage, with every guard as it is written; and what
// can reach an outcome, from numbers through sides, stages and variables.
import { useMemo, useState } from 'preact/hooks';
import type { Model, Stage } from '../../engine/answers';
import { COLUMN, COLUMNS, cut, drawCauses, drawFlow, layCauses, linkPath, ROW, stageLines } from '../drawings';
import { asked, type Exhibit } from '../exhibit';
import { reaching } from '../layers';
import { Leave } from '../leave';
import { Note } from '../marks';
import { useLab } from '../use';
import { label as titled } from '../words';

/** "envoy (United States)": whom a mover means under the policies shown. */
function moverTitle(model: Model, shown: number[], mover: string): string {
  const role = model.roles.findIndex((r) => r.name === mover);
  if (role < 0) return titled(model.actors.find((a) => a.name === mover)!);
  const holders = [...new Set(shown.map((p) => titled(model.actors[model.policies[p]!.holders[role]!]!)))];
  return `${titled(model.roles[role]!)} (${holders.join(' or ')})`;
}

function Slots({ model, title, names }: { model: Model; title: string; names: string[] }) {
  if (!names.length) return null;
  const hidden = (name: string) => model.variables.some((v) => v.name === name && v.owner >= 0);
  return (
    <p class="slots">
      {title}{' '}
      {names.map((name) => (
        <span class="chip" key={name}>{name}{hidden(name) && ' (private)'}</span>
      ))}
    </p>
  );
}

function Box({ model, shown, stage, number }: { model: Model; shown: number[]; stage: Stage; number: number }) {
  return (
    <li>
      {stage.guard && <p class="when">Only when <code>{stage.guard}</code>; otherwise skipped.</p>}
      <div class={stage.movers.length ? 'box' : 'box chance'}>
        <h4><span class="step">{number}</span> {titled(stage)}</h4>
        {stage.hidden && <p class="hint">Hidden: nobody else sees what is chosen.</p>}
        {!stage.movers.length && <p>Chance decides.</p>}
        {stage.movers.length > 1 && <p class="hint">They move at once, without seeing each other's choice.</p>}
        {stage.movers.map((mover, m) => (
          <div key={mover}>
            <p><strong>{moverTitle(model, shown, mover)}</strong></p>
            <ul>
              {stage.actions.filter((a) => a.mover === m).map((a) => (
                <li key={a.name}>{titled(a)}{a.guard && <> <span class="hint">if <code>{a.guard}</code></span></>}</li>
              ))}
            </ul>
          </div>
        ))}
        <Slots model={model} title="depends on" names={[...new Set([...stage.when, ...stage.actions.flatMap((a) => a.if), ...stage.reads])]} />
        <Slots model={model} title="changes" names={stage.writes} />
      </div>
    </li>
  );
}

export function Flow() {
  const lab = useLab();
  const { model, shown } = lab;
  const over = `The ${model.period || 'period'} ends and payoffs are paid.${model.ends.length ? ` Play may end: ${model.ends.map(titled).join('; ')}.` : ''}`;
  const mover = (name: string) => moverTitle(model, shown, name);
  const exhibit = (): Exhibit => ({
    name: 'flow',
    title: 'One period, stage by stage',
    subtitle: 'Who moves when, with which actions, on what that depends and what it changes',
    policies: [],
    banded: false,
    header: ['stage', 'text', 'when', 'what it says'],
    rows: model.stages.flatMap((stage) => stageLines(stage, mover).map((line) => [stage.name, stage.text, stage.guard, line.text])),
    draw: (width) => drawFlow(model, mover, over, width),
  });
  return (
    <section aria-labelledby="one-period">
      <h3 class="with-menu"><span id="one-period">One period, stage by stage</span> <Leave lab={lab} of={exhibit} /></h3>
      <ol class="flow">
        {model.stages.map((stage, i) => (
          <Box key={stage.name} model={model} shown={shown} stage={stage} number={i + 1} />
        ))}
        <li class="over">{over}</li>
      </ol>
    </section>
  );
}

// ---- causes -------------------------------------------------------------------------------------------

const MOST_NUMBERS = 30; // drawn without being asked for
const WITH_NUMBERS = 'numbers', WITHOUT = 'parts';

export function Causes() {
  const lab = useLab();
  const { model } = lab;
  const headline = model.outcomes.findIndex((o) => o.headline);
  const [chosen, choose] = useState(() => asked(lab.embed, 1, model.outcomes));
  const outcome = chosen >= 0 && chosen < model.outcomes.length ? chosen : Math.max(0, headline);
  const [numbers, withNumbers] = useState(() => (lab.embed.startsWith('causes-') ? lab.embed.endsWith(WITH_NUMBERS) : model.params.length <= MOST_NUMBERS));
  const [held, hold] = useState(-1); // the part whose ways are marked
  const drawing = useMemo(() => {
    const { parts, links } = model.causes;
    const end = parts.findIndex(([kind, at]) => kind === 4 && at === outcome);
    const drawn = end < 0 ? new Set<number>() : reaching(end, links); // a model need not have outcomes
    const reach = new Set([...drawn].filter((part) => parts[part]![0] === 0).map((part) => parts[part]![1]));
    const list = [...drawn].filter((part) => numbers || parts[part]![0] > 0).sort((a, b) => a - b);
    const place = new Map(list.map((part, i) => [part, i]));
    const among = links.filter(([a, b]) => place.has(a) && place.has(b)).map(([a, b]): [number, number] => [place.get(a)!, place.get(b)!]);
    return { reach, laid: layCauses(model, list.map((part) => parts[part]!), among) };
  }, [model, outcome, numbers]);
  if (!model.outcomes.length) return null;
  const { reach, laid } = drawing;
  const { links } = laid;
  const after = held < 0 ? null : reaching(held, links.map(([a, b]): [number, number] => [b, a]));
  const before = held < 0 ? null : reaching(held, links);
  const marked = (i: number) => before?.has(i) || after?.has(i);
  const idle = model.params.filter((_, i) => !reach.has(i));
  const about = model.outcomes[outcome]!;
  const exhibit = (): Exhibit => ({
    name: `causes-${about.name}-${numbers ? WITH_NUMBERS : WITHOUT}`,
    title: `What can reach “${titled(about)}”`,
    subtitle: `${reach.size} of ${model.params.length} numbers can have an effect on it. A line says that there can be one, not how large.`,
    policies: [],
    banded: false,
    header: ['from', 'name', 'kind', 'to', 'name of that', 'kind of that'],
    rows: links.map(([a, b]) => [a, b].flatMap((i) => [titled(laid.parts[i]!), laid.parts[i]!.name, COLUMNS[laid.columns[i]!]!])),
    draw: (width) => drawCauses(laid, width),
  });
  return (
    <section aria-labelledby="what-reaches">
      <h3 class="with-menu"><span id="what-reaches">What can reach an outcome</span> <Leave lab={lab} of={exhibit} /></h3>
      <label class="pick">
        What can reach{' '}
        <select value={outcome} onChange={(e) => { hold(-1); choose(Number(e.currentTarget.value)); }}>
          {model.outcomes.map((o, i) => <option key={o.name} value={i}>{titled(o)}</option>)}
        </select>
      </label>
      <p>
        {reach.size} of {model.params.length} numbers can have an effect on it
        {idle.length > 0 && <>; not: {idle.map(titled).join('; ')}</>}.
        {' '}<label><input type="checkbox" checked={numbers} onChange={(e) => { hold(-1); withNumbers(e.currentTarget.checked); }} /> draw the numbers, too</label>
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label="The picture of what can reach it">
        <svg class="causes" style={{ maxWidth: `${laid.wide}px` }} viewBox={`0 0 ${laid.wide} ${laid.tall}`} role="img" aria-label={`From numbers to ${titled(about)}`}>
          {laid.heads.map(({ title, left }) => <text key={title} class="head" x={left} y={ROW * 0.7}>{title}</text>)}
          {links.map(([a, b]) => {
            const lit = held >= 0 && ((before!.has(a) && before!.has(b)) || (after!.has(a) && after!.has(b)));
            return <path key={`${a} ${b}`} class={lit ? 'lit' : held >= 0 ? 'dim' : ''} d={linkPath(laid, [a, b])} />;
          })}
          {laid.parts.map((part, i) => (
            <g key={`${laid.columns[i]} ${part.name}`} class={marked(i) ? 'lit' : held >= 0 ? 'dim' : ''} onPointerEnter={() => hold(i)} onPointerLeave={() => hold(-1)}>
              <title>{titled(part)}</title>
              <rect x={laid.left(i)} y={laid.middle(i) - ROW / 2 + 2} width={COLUMN} height={ROW - 4} rx="3" />
              <text x={laid.left(i) + 6} y={laid.middle(i) + 4}>{cut(titled(part))}</text>
            </g>
          ))}
        </svg>
      </div>
      <Note>
        A line says that one can have an effect on the other, not how much: numbers on chances, payments and wants, a side on the
        stages where it moves, a stage on what it changes, and a variable on whoever looks at it. Pointing at a part marks what it
        depends on and what depends on it. Roles are held as under the first policy.
      </Note>
    </section>
  );
}
