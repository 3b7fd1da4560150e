// The stage game of those who move at once, as a matrix: in each cell what follows from there on is worth to the one
// whose actions are the rows, then to the one whose are the columns; at the margins how likely each action is and what
// it is worth against what the others do. Where more than two move, the others' actions are chosen. Where some of them
// know something there is a matrix for each joint type; what an action is worth to who doesn't know the others' types is
// expected over all of them, by what is believed.
import { useState } from 'preact/hooks';
import type { ExplainedCell, ExplainedMover, Explanation } from '../../engine/answers';
import { Leave } from '../leave';
import type { Exhibit } from '../exhibit';
import type { Lab } from '../lab';
import { believedOf, nameOf, typeOf } from '../private';
import { percent, show, taken } from '../words';

const MOST = 8; // actions of one who moves
const MOST_TYPES = 9; // joint types

/** Those who move, each by its types, in the order of the cells. */
const sidesOf = ({ movers }: Explanation): ExplainedMover[][] => [...new Set(movers.map((m) => m.agent))].map((agent) => movers.filter((m) => m.agent === agent));

/** Whether there is a matrix that one can take in. */
export function hasMatrix(explanation: Explanation): boolean {
  const sides = sidesOf(explanation);
  const types = sides.reduce((product, side) => product * side.length, 1);
  return explanation.cells.length > 0 && sides.length <= 4 && types <= MOST_TYPES && sides.every(([first]) => first!.actions.length <= MOST);
}

interface Option {
  option: number;
  brief: string;
  called: string;
  overall: number; // its probability, over the types as they are believed
}

/** By their probability, the likeliest first: in this order actions stand everywhere. */
function ordered(explanation: Explanation, side: ExplainedMover[]): Option[] {
  const overall = (option: number) => side.reduce((sum, type) => sum + believedOf(explanation, type) * type.actions[option]!.probability, 0);
  return side[0]!.actions.map((action, option) => ({ option, brief: action.brief, called: taken(action), overall: overall(option) })).sort((a, b) => b.overall - a.overall);
}

interface Part {
  explanation: Explanation;
  cells: ExplainedCell[]; // of this joint type
  names: string[]; // of the sides
  others: number[]; // options of the sides after the first two
  informed: boolean[]; // whether a side knows all types there can be
}

/** One joint type: rows and columns are the first two sides' actions. */
function Table({ explanation, cells, names, others, informed }: Part) {
  const types = cells[0]!.movers.map((m) => explanation.movers[m]!);
  const sides = sidesOf(explanation);
  const rows = ordered(explanation, sides[0]!), columns = ordered(explanation, sides[1]!);
  const cell = (r: number, c: number): ExplainedCell => cells.find(({ actions }) => [r, c, ...others].every((option, m) => actions[m] === option))!;
  const bestRow = (c: number) => Math.max(...rows.map(({ option }) => cell(option, c).values[0]!));
  const bestColumn = (r: number) => Math.max(...columns.map(({ option }) => cell(r, option).values[1]!));
  const most = Math.max(...cells.map((c) => c.probability));
  const number = (x: number, best: number, knows: boolean) =>
    knows && x >= best - 1e-9 * Math.max(1, Math.abs(best)) ? <strong class="answers" title="best against the other's action">{show(x, 3)}</strong> : <>{show(x, 3)}</>;
  const [row, column] = [types[0]!, types[1]!];
  return (
    <table data-types={types.map((m) => m.rank).join()}>
      <thead>
        <tr>
          <td />
          <th scope="col" colSpan={columns.length} class="side">{names[1]}</th>
          <td colSpan={2} />
        </tr>
        <tr>
          <th scope="col" class="side">{names[0]}</th>
          {columns.map(({ option, brief, called }) => <th scope="col" key={option} dir="auto" title={brief}>{called}</th>)}
          <th scope="col" class="margin">probability</th>
          <th scope="col" class="margin">worth</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ option: r, brief, called }) => {
          const { name, probability, value } = row.actions[r]!;
          return (
            <tr key={r}>
              <th scope="row" dir="auto" title={brief}>{called}</th>
              {columns.map(({ option: c, brief: against }) => {
                const { probability, values } = cell(r, c);
                const shade = `color-mix(in srgb, var(--accent) ${Math.round((30 * probability) / most)}%, transparent)`;
                return (
                  <td key={c} style={{ background: shade }} title={`together ${percent(probability)}`} data-cell={`${brief} ${against}`} data-values={JSON.stringify(values)} data-probability={probability}>
                    {number(values[0]!, bestRow(c), informed[0]!)}, {number(values[1]!, bestColumn(r), informed[1]!)}
                  </td>
                );
              })}
              <td class="margin" data-margin={name} data-probability={probability} data-worth={value}>{percent(probability)}</td>
              <td class="margin">{show(value, 3)}</td>
            </tr>
          );
        })}
        <tr class="margin">
          <th scope="row">probability</th>
          {columns.map(({ option }) => {
            const { name, probability, value } = column.actions[option]!;
            return <td key={option} data-margin={name} data-probability={probability} data-worth={value}>{percent(probability)}</td>;
          })}
          <td colSpan={2} />
        </tr>
        <tr class="margin">
          <th scope="row">worth</th>
          {columns.map(({ option }) => <td key={option}>{show(column.actions[option]!.value, 3)}</td>)}
          <td colSpan={2} />
        </tr>
      </tbody>
    </table>
  );
}

export function Matrix({ lab, policy, situation, explanation }: { lab: Lab; policy: number; situation: string; explanation: Explanation }) {
  const { movers, cells } = explanation;
  const [chosen, choose] = useState<number[]>([]); // of the sides after the first two
  const sides = sidesOf(explanation);
  const names = sides.map(([first]) => nameOf(lab.model, first!));
  const units = sides.map(([first]) => first!.unit);
  const others = sides.slice(2).map((side, k) => {
    const asked = chosen[k];
    return asked !== undefined && asked < side[0]!.actions.length ? asked : ordered(explanation, side)[0]!.option;
  });
  const joint = [...new Set(cells.map((c) => c.movers.join()))].map((key) => cells.filter((c) => c.movers.join() === key));
  const informed = sides.map((side) => joint.length === side.length);
  const knowing = sides.flatMap((side, k) => (side.length > 1 ? [k] : []));
  /** "aim is stall, believed 60 %" */
  const told = (types: number[]) => knowing.map((k) => `${typeOf(lab.model, movers[types[k]!]!)}, believed ${percent(believedOf(explanation, movers[types[k]!]!))}`).join('; ');
  const exhibit = (): Exhibit => ({
    name: 'matrix',
    title: `${names.join(' and ')} at once`,
    subtitle: `${situation} What follows from each joint choice is worth to each.`,
    policies: [policy],
    banded: false,
    header: [...knowing.map((k) => `type of ${names[k]}`), ...names, 'probability', ...names.map((name) => `worth to ${name}`)],
    rows: cells.map((c) => [...knowing.map((k) => typeOf(lab.model, movers[c.movers[k]!]!)), ...c.actions.map((a, k) => taken(movers[c.movers[k]!]!.actions[a]!)), c.probability, ...c.values]),
    draw: null,
  });
  return (
    <section class="card matrix">
      <h3>
        <span>{names.join(' and ')}, at once</span>
        <Leave lab={lab} of={exhibit} />
      </h3>
      {sides.slice(2).map((side, k) => (
        <label key={names[k + 2]}>
          if {names[k + 2]} plays{' '}
          <select value={others[k]} onChange={(e) => choose(others.map((o, i) => (i === k ? Number(e.currentTarget.value) : o)))}>
            {ordered(explanation, side).map(({ option, called, overall }) => <option key={option} value={option}>{called}, {percent(overall)}</option>)}
          </select>
        </label>
      ))}
      {joint.map((part) => {
        const types = part[0]!.movers;
        return (
          <div key={types.join()}>
            {knowing.length > 0 && <h4>If {told(types)}</h4>}
            <div class="scroll" tabIndex={0} role="region" aria-label={`The stage game of ${names.join(' and ')}${knowing.length ? `, if ${told(types)}` : ''}`}>
              <Table explanation={explanation} cells={part} names={names} others={others} informed={informed} />
            </div>
          </div>
        );
      })}
      <p class="hint">
        In a cell: what follows is worth to {names[0]}{units[0] && ` (${units[0]})`}, then to {names[1]}{units[1] && ` (${units[1]})`}; underlined what is best against the other's
        action{knowing.length > 0 && ', for who knows what there is to know'}. The darker a cell, the likelier both together.
        {knowing.length > 0 && ' What an action is worth to who doesn’t know the other’s type is the same in all of them: expected, by what is believed.'}
      </p>
    </section>
  );
}
