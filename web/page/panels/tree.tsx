// A small game as a tree: who moves, what chance does, how likely each way is, what it is worth to who takes it, and
// what everybody has at the end. What looks the same to who moves there is joined by a broken line: an information set. A
// decision that is chosen is gone to in the walker.
import { useRef, useState } from 'preact/hooks';
import type { Grown, TreeNode } from '../../engine/answers';
import type { Exhibit } from '../exhibit';
import type { Lab, Looked } from '../lab';
import { Leave } from '../leave';
import { placed, stepTo, type Placed } from '../tree';
import { useAnswer } from '../use';
import { periodName, percent, show } from '../words';

const COLUMN = 172, ROW = 42, LEFT = 16, TOP = 26; // pixels
const ENDS = 190; // what stands at the ends
const LONGEST = 22; // characters of a label

const short = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

/** "A 1, B −1.08" */
const payoffs = (lab: Lab, numbers: (number | null)[]) => numbers.map((x, i) => `${lab.model.actors[i]!.name} ${show(x, 3)}`).join(', ');

/** What is to be said of a node to who doesn't see the drawing. */
function spoken(lab: Lab, nodes: TreeNode[], places: Placed[], n: number): string {
  const of = nodes[n]!;
  const came = of.parent < 0 ? '' : `${of.label} ${percent(of.probability)}: `;
  const ways = places[n]!.children.map((c) => `${nodes[c]!.label} ${percent(nodes[c]!.probability)}${nodes[c]!.worth === null ? '' : `, worth ${show(nodes[c]!.worth, 3)}`}`).join('; ');
  const where = of.stage && ` in ${of.stage}, ${periodName(lab.model, of.period)}`;
  if (of.kind === 'decision') return `${came}${of.mover} moves${where}: ${ways}`;
  if (of.kind === 'end') return `${came}the end: ${payoffs(lab, of.paid)}`;
  return `${came}chance${where}: ${ways}`;
}

function Drawing({ lab, nodes, here, go }: { lab: Lab; nodes: TreeNode[]; here: (node: TreeNode) => boolean; go: (node: TreeNode) => void }) {
  const { places, columns, rows } = placed(nodes);
  const [held, hold] = useState(0); // the one that the keys are at
  const at = Math.min(held, nodes.length - 1);
  const x = (n: number) => LEFT + places[n]!.column * COLUMN;
  const y = (n: number) => TOP + places[n]!.row * ROW;
  const drawing = useRef<SVGSVGElement>(null);
  const [width, height] = [LEFT + (columns - 1) * COLUMN + ENDS, TOP + (rows - 1) * ROW + 22];
  const press = (event: KeyboardEvent) => {
    const to = stepTo(nodes, places, at, event.key);
    if (event.key === 'Enter' || event.key === ' ') {
      if (nodes[at]!.kind === 'decision') go(nodes[at]!);
    } else if (event.key.startsWith('Arrow')) {
      if (to >= 0) {
        hold(to);
        drawing.current?.querySelector<SVGElement>(`[data-tree="${to}"]`)?.focus();
      }
    } else return;
    event.preventDefault();
  };
  const sets = nodes.flatMap((of, n) => (of.infoset === n ? [nodes.flatMap((other, m) => (other.infoset === n ? [m] : []))] : [])).filter((set) => set.length > 1);
  return (
    <svg class="game-tree" ref={drawing} role="tree" aria-label="The game as a tree" width={width} height={height} viewBox={`0 0 ${width} ${height}`} font-size="12" onKeyDown={press}>
      <g aria-hidden="true">
        {sets.map((set) => set.slice(1).map((m, i) => {
          const [from, bulge] = [set[i]!, x(set[i]!) - 22];
          return <path key={m} data-infoset={nodes[m]!.infoset} d={`M ${x(from)} ${y(from)} C ${bulge} ${y(from)} ${bulge} ${y(m)} ${x(m)} ${y(m)}`} fill="none" stroke="currentColor" stroke-dasharray="4 4" opacity="0.7" />;
        }))}
        {nodes.map(({ parent, label, probability, worth }, n) => parent >= 0 && (
          <g key={n}>
            <path d={`M ${x(parent)} ${y(parent)} L ${x(parent) + 40} ${y(n)} L ${x(n)} ${y(n)}`} fill="none" stroke="currentColor" stroke-width={0.6 + 4 * probability} opacity="0.45" />
            <text x={x(parent) + 44} y={y(n) - 5} fill="currentColor"><title>{label}</title>{short(label)} {percent(probability)}</text>
            {worth !== null && <text x={x(parent) + 44} y={y(n) + 13} fill="currentColor" opacity="0.75">worth {show(worth, 3)}</text>}
          </g>
        ))}
      </g>
      {nodes.map((of, n) => (
        <g
          key={n}
          role="treeitem"
          data-tree={n}
          data-kind={of.kind}
          data-label={of.label}
          data-mover={of.mover}
          data-stage={of.stage}
          data-numbers={JSON.stringify({ parent: of.parent, period: of.period, probability: of.probability, reached: of.reached, worth: of.worth, infoset: of.infoset, values: of.values, paid: of.paid })}
          tabIndex={n === at ? 0 : -1}
          aria-level={places[n]!.column + 1}
          aria-selected={here(of)}
          aria-label={spoken(lab, nodes, places, n)}
          onFocus={() => hold(n)}
          onClick={() => of.kind === 'decision' && go(of)}
        >
          <rect x={x(n) - 12} y={y(n) - 12} width="24" height="24" fill="transparent" />
          {of.kind === 'decision' && <circle class="dot" cx={x(n)} cy={y(n)} r={here(of) ? 8 : 6} fill="currentColor" />}
          {(of.kind === 'chance' || of.kind === 'types') && <rect class="dot" x={x(n) - 5} y={y(n) - 5} width="10" height="10" fill="none" stroke="currentColor" stroke-width="1.5" />}
          {of.kind === 'decision' && <text x={x(n)} y={y(n) - 12} text-anchor={n ? 'middle' : 'start'} font-weight="600" fill="currentColor" aria-hidden="true">{short(of.mover)}</text>}
          {of.kind === 'end' && <text x={x(n) + 4} y={y(n) + 4} fill="currentColor" aria-hidden="true"><title>{payoffs(lab, of.paid)}</title>{short(of.paid.map((p) => show(p, 3)).join(', '))}</text>}
        </g>
      ))}
    </svg>
  );
}

export function Tree({ lab, policy, looked, go }: { lab: Lab; policy: number; looked: { period: number; node: number } | null; go: (to: Looked) => void }) {
  const { answer, waiting } = useAnswer<Grown>(lab, policy, { call: 'tree' });
  const drawn = useRef<HTMLDivElement>(null);
  const nodes = answer?.tree?.nodes;
  if (!nodes || nodes.length < 2) return null;
  const { model } = lab;
  const exhibit = (): Exhibit => ({
    name: 'tree',
    title: `${model.title || model.name}, as a tree`,
    subtitle: 'probabilities, what each action is worth to who takes it, and what everybody has at the end',
    policies: [policy],
    banded: false,
    header: ['node', 'parent', 'kind', 'mover', 'information set', 'came by', 'probability', 'worth', 'reached', ...model.actors.map((a) => `to come for ${a.name}`), ...model.actors.map((a) => `paid to ${a.name}`)],
    rows: nodes.map((n, i) => [i, n.parent, n.kind, n.mover, n.infoset, n.label, n.probability, n.worth, n.reached, ...n.values, ...n.paid]),
    draw: (width) => {
      const clone = drawn.current!.querySelector('svg')!.cloneNode(true) as SVGSVGElement;
      const [, , wide, high] = clone.getAttribute('viewBox')!.split(' ').map(Number);
      clone.setAttribute('height', String((high! * width) / wide!));
      return clone;
    },
  });
  return (
    <section class={waiting ? 'card tree stale' : 'card tree'} aria-label="The whole game" data-grown={waiting ? '' : nodes.length}>
      <h3>
        <span>The whole game</span>
        <Leave lab={lab} of={exhibit} />
      </h3>
      <div class="scroll" ref={drawn} tabIndex={0} role="region" aria-label="The game as a tree, which may be wider than the page">
        <Drawing
          lab={lab}
          nodes={nodes}
          here={(n) => n.kind === 'decision' && looked !== null && n.node === looked.node && n.period === looked.period}
          go={(n) => go({ policy, period: n.period - 1, stage: model.stages.findIndex((s) => s.name === n.stage), wanted: n.slots, belief: null })}
        />
      </div>
      <p class="hint">
        The broader a line, the likelier that way. Filled: somebody moves; a square: chance{nodes[0]!.kind === 'types' && ', first of what one side knows alone'}; a broken line joins what who moves can't tell
        apart. At the ends what {model.actors.map((a) => a.name).join(', ')} {model.actors.length > 1 ? 'have' : 'has'} been paid in all.
      </p>
    </section>
  );
}
