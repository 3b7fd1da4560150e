// Two pictures of the model: one period as a flow from stage to stage, with every guard as it is written; and what
// can reach an outcome, from numbers through sides, stages and variables.
import { useMemo, useState } from 'preact/hooks';
import type { Model, Stage } from '../../engine/answers';
import { reaching, rowsOf } from '../layers';
import { Note } from '../marks';
import { useLab } from '../use';

const titled = (item: { name: string; text: string }) => item.text || item.name;

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
  const { model, shown } = useLab();
  return (
    <section aria-label="One period as a flow">
      <ol class="flow">
        {model.stages.map((stage, i) => (
          <Box key={stage.name} model={model} shown={shown} stage={stage} number={i + 1} />
        ))}
        <li class="over">
          The {model.period || 'period'} ends and payoffs are paid.
          {model.ends.length > 0 && <> Play may end: {model.ends.map(titled).join('; ')}.</>}
        </li>
      </ol>
    </section>
  );
}

// ---- causes -------------------------------------------------------------------------------------------

const COLUMNS = ['numbers', 'sides', 'stages', 'variables', 'outcome'];
const WIDTH = 190; // of a column
const GAP = 60;
const LINE = 22;
const MOST_NUMBERS = 30; // drawn without being asked for
const LETTERS = 28; // of a label

const listsOf = (model: Model) => [model.params, model.actors, model.stages, model.variables, model.outcomes];
const cut = (text: string) => (text.length > LETTERS ? `${text.slice(0, LETTERS - 1)}…` : text);

export function Causes() {
  const { model } = useLab();
  const headline = model.outcomes.findIndex((o) => o.headline);
  const [asked, ask] = useState(-1);
  const outcome = asked >= 0 && asked < model.outcomes.length ? asked : Math.max(0, headline);
  const [numbers, withNumbers] = useState(model.params.length <= MOST_NUMBERS);
  const [held, hold] = useState(-1); // the part whose ways are marked
  const drawing = useMemo(() => {
    const { parts, links } = model.causes;
    const end = parts.findIndex(([kind, at]) => kind === 4 && at === outcome);
    const drawn = end < 0 ? new Set<number>() : reaching(end, links); // a model need not have outcomes
    const reach = new Set([...drawn].filter((part) => parts[part]![0] === 0).map((part) => parts[part]![1]));
    const list = [...drawn].filter((part) => numbers || parts[part]![0] > 0).sort((a, b) => a - b);
    const place = new Map(list.map((part, i) => [part, i]));
    const among = links.filter(([a, b]) => place.has(a) && place.has(b)).map(([a, b]): [number, number] => [place.get(a)!, place.get(b)!]);
    const columns = list.map((part) => parts[part]![0]);
    return { reach, list: list.map((part) => parts[part]!), columns, links: among, rows: rowsOf(columns, among) };
  }, [model, outcome, numbers]);
  if (!model.outcomes.length) return null;
  const { reach, list, columns, links, rows } = drawing;
  const counts = COLUMNS.map((_, c) => columns.filter((column) => column === c).length);
  const tallest = Math.max(...counts);
  const lists = listsOf(model);
  const left = (i: number) => columns[i]! * (WIDTH + GAP);
  const top = (i: number) => LINE * (1.5 + rows[i]! + (tallest - counts[columns[i]!]!) / 2);
  const after = held < 0 ? null : reaching(held, links.map(([a, b]): [number, number] => [b, a]));
  const before = held < 0 ? null : reaching(held, links);
  const marked = (i: number) => before?.has(i) || after?.has(i);
  const idle = model.params.filter((_, i) => !reach.has(i));
  return (
    <section aria-label="What can reach an outcome">
      <label class="pick">
        What can reach{' '}
        <select value={outcome} onChange={(e) => { hold(-1); ask(Number(e.currentTarget.value)); }}>
          {model.outcomes.map((o, i) => <option key={o.name} value={i}>{titled(o)}</option>)}
        </select>
      </label>
      <p>
        {reach.size} of {model.params.length} numbers can have an effect on it
        {idle.length > 0 && <>; not: {idle.map(titled).join('; ')}</>}.
        {' '}<label><input type="checkbox" checked={numbers} onChange={(e) => { hold(-1); withNumbers(e.currentTarget.checked); }} /> draw the numbers, too</label>
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label="The picture of what can reach it">
        <svg class="causes" width={5 * WIDTH + 4 * GAP} height={LINE * (tallest + 2)} role="img" aria-label={`From numbers to ${titled(model.outcomes[outcome]!)}`}>
          {COLUMNS.map((title, c) => <text key={title} class="head" x={c * (WIDTH + GAP)} y={LINE * 0.7}>{title}</text>)}
          {links.map(([a, b]) => {
            const forth = columns[b]! > columns[a]!;
            const x = left(a) + (forth ? WIDTH : 0), y = top(a), u = left(b) + (forth ? 0 : WIDTH), v = top(b);
            const bend = forth ? GAP / 2 : -GAP / 2;
            const lit = held >= 0 && ((before!.has(a) && before!.has(b)) || (after!.has(a) && after!.has(b)));
            return <path key={`${a} ${b}`} class={lit ? 'lit' : held >= 0 ? 'dim' : ''} d={`M${x} ${y}C${x + bend} ${y} ${u - bend} ${v} ${u} ${v}`} />;
          })}
          {list.map(([kind, at], i) => {
            const item = lists[kind]![at]!;
            return (
              <g key={`${kind} ${at}`} class={marked(i) ? 'lit' : held >= 0 ? 'dim' : ''} onPointerEnter={() => hold(i)} onPointerLeave={() => hold(-1)}>
                <title>{titled(item)}</title>
                <rect x={left(i)} y={top(i) - LINE / 2 + 2} width={WIDTH} height={LINE - 4} rx="3" />
                <text x={left(i) + 6} y={top(i) + 4}>{cut(titled(item))}</text>
              </g>
            );
          })}
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
