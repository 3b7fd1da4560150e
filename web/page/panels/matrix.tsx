// The stage game of those who move at once, as a matrix: in each cell what follows from there on is worth to the one
// whose actions are the rows, then to the one whose are the columns; at the margins how likely each action is and what
// it is worth against what the others do. Where more than two move, the others' actions are chosen.
import { useState } from 'preact/hooks';
import type { ExplainedCell, Explanation } from '../../engine/answers';
import { Leave } from '../leave';
import type { Exhibit } from '../exhibit';
import type { Lab } from '../lab';
import { percent, show } from '../words';

const MOST = 8; // actions of one mover

/** Whether there is a matrix that one can take in. */
export const hasMatrix = ({ cells, movers }: Explanation) => cells.length > 0 && movers.every((m) => m.actions.length <= MOST) && movers.length <= 4;

/** By their probability, the likeliest first: in this order actions stand everywhere. */
const ordered = (explanation: Explanation, mover: number) =>
  explanation.movers[mover]!.actions.map((action, option) => ({ action, option })).sort((a, b) => b.action.probability - a.action.probability);

export function Matrix({ lab, policy, situation, explanation }: { lab: Lab; policy: number; situation: string; explanation: Explanation }) {
  const { movers, cells } = explanation;
  const [chosen, choose] = useState<number[]>([]); // of the movers after the first two
  const others = movers.slice(2).map((mover, k) => {
    const asked = chosen[k];
    return asked !== undefined && asked < mover.actions.length ? asked : ordered(explanation, k + 2)[0]!.option;
  });
  const [row, column] = [movers[0]!, movers[1]!];
  const rows = ordered(explanation, 0), columns = ordered(explanation, 1);
  const cell = (r: number, c: number): ExplainedCell => cells.find(({ actions }) => [r, c, ...others].every((option, m) => actions[m] === option))!;
  const bestRow = (c: number) => Math.max(...rows.map(({ option }) => cell(option, c).values[0]!));
  const bestColumn = (r: number) => Math.max(...columns.map(({ option }) => cell(r, option).values[1]!));
  const most = Math.max(...cells.map((c) => c.probability));
  const number = (x: number, best: number) => (x >= best - 1e-9 * Math.max(1, Math.abs(best)) ? <strong class="answers" title="best against the other's action">{show(x, 3)}</strong> : <>{show(x, 3)}</>);
  const exhibit = (): Exhibit => ({
    name: 'matrix',
    title: `${movers.map((m) => m.name).join(' and ')} at once`,
    subtitle: `${situation} What follows from each joint choice is worth to each.`,
    policies: [policy],
    banded: false,
    header: [...movers.map((m) => m.name), 'probability', ...movers.map((m) => `worth to ${m.name}`)],
    rows: cells.map((c) => [...c.actions.map((a, m) => movers[m]!.actions[a]!.brief), c.probability, ...c.values]),
    draw: null,
  });
  return (
    <section class="card matrix">
      <h3>
        <span>{movers.map((m) => m.name).join(' and ')}, at once</span>
        <Leave lab={lab} of={exhibit} />
      </h3>
      {movers.slice(2).map((mover, k) => (
        <label key={mover.name}>
          if {mover.name} plays{' '}
          <select value={others[k]} onChange={(e) => choose(others.map((o, i) => (i === k ? Number(e.currentTarget.value) : o)))}>
            {ordered(explanation, k + 2).map(({ action, option }) => <option key={option} value={option}>{action.brief}, {percent(action.probability)}</option>)}
          </select>
        </label>
      ))}
      <div class="scroll" tabIndex={0} role="region" aria-label={`The stage game of ${movers.map((m) => m.name).join(' and ')}`}>
        <table>
          <thead>
            <tr>
              <td />
              <th scope="col" colSpan={columns.length} class="side">{column.name}</th>
              <td colSpan={2} />
            </tr>
            <tr>
              <th scope="col" class="side">{row.name}</th>
              {columns.map(({ action }) => <th scope="col" key={action.name} title={action.text}>{action.brief}</th>)}
              <th scope="col" class="margin">probability</th>
              <th scope="col" class="margin">worth</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ action, option: r }) => (
              <tr key={action.name}>
                <th scope="row" title={action.text}>{action.brief}</th>
                {columns.map(({ action: against, option: c }) => {
                  const { probability, values } = cell(r, c);
                  const shade = `color-mix(in srgb, var(--accent) ${Math.round((30 * probability) / most)}%, transparent)`;
                  return (
                    <td key={against.name} style={{ background: shade }} title={`together ${percent(probability)}`} data-cell={`${action.brief} ${against.brief}`} data-values={JSON.stringify(values)} data-probability={probability}>
                      {number(values[0]!, bestRow(c))}, {number(values[1]!, bestColumn(r))}
                    </td>
                  );
                })}
                <td class="margin" data-margin={action.name} data-probability={action.probability}>{percent(action.probability)}</td>
                <td class="margin">{show(action.value, 3)}</td>
              </tr>
            ))}
            <tr class="margin">
              <th scope="row">probability</th>
              {columns.map(({ action }) => <td key={action.name} data-margin={action.name} data-probability={action.probability}>{percent(action.probability)}</td>)}
              <td colSpan={2} />
            </tr>
            <tr class="margin">
              <th scope="row">worth</th>
              {columns.map(({ action }) => <td key={action.name}>{show(action.value, 3)}</td>)}
              <td colSpan={2} />
            </tr>
          </tbody>
        </table>
      </div>
      <p class="hint">
        In a cell: what follows is worth to {row.name}{row.unit && ` (${row.unit})`}, then to {column.name}{column.unit && ` (${column.unit})`}; underlined what is best against the other's
        action. The darker a cell, the likelier both together.
      </p>
    </section>
  );
}
