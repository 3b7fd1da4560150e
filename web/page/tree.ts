// Where the nodes of a tree are drawn: columns from left to right by depth, ends one below the other in their order,
// every other node in the middle of its children. And how one goes from node to node by the arrow keys.
import type { TreeNode } from '../engine/answers';

export interface Placed {
  column: number;
  row: number; // ends stand at 0, 1, 2, …
  children: number[];
}

export function placed(nodes: readonly Pick<TreeNode, 'parent'>[]): { places: Placed[]; columns: number; rows: number } {
  const places: Placed[] = nodes.map(() => ({ column: 0, row: 0, children: [] }));
  nodes.forEach(({ parent }, n) => {
    if (parent < 0) return;
    places[n]!.column = places[parent]!.column + 1;
    places[parent]!.children.push(n);
  });
  let rows = 0;
  const settle = (n: number): number => {
    const { children } = places[n]!;
    const below = children.map(settle);
    places[n]!.row = below.length ? (below[0]! + below.at(-1)!) / 2 : rows++;
    return places[n]!.row;
  };
  if (nodes.length) settle(0);
  return { places, columns: 1 + Math.max(0, ...places.map((p) => p.column)), rows };
}

/** Where an arrow key leads from a node: to its parent, to the first of its children, or to the next node above or below
 * in its column; -1: nowhere. */
export function stepTo(nodes: readonly Pick<TreeNode, 'parent'>[], places: readonly Placed[], from: number, key: string): number {
  const here = places[from]!;
  if (key === 'ArrowLeft') return nodes[from]!.parent;
  if (key === 'ArrowRight') return here.children[0] ?? -1;
  const beside = places.flatMap((p, n) => (p.column === here.column ? [n] : [])).sort((a, b) => places[a]!.row - places[b]!.row);
  const at = beside.indexOf(from);
  if (key === 'ArrowUp') return beside[at - 1] ?? -1;
  if (key === 'ArrowDown') return beside[at + 1] ?? -1;
  return -1;
}
