// Where the parts of a drawing in columns stand, so that few lines cross: each part goes to the middle of those
// that it is joined to, column by column, there and back a few times (the barycentre heuristic: Sugiyama, Tagawa and
// Toda 1981). The same drawing always comes out the same.

const SWEEPS = 8;

/** The row of each part, from 0 within its column; `links` are pairs of parts. */
export function rowsOf(columns: number[], links: [number, number][]): number[] {
  const joined: number[][] = columns.map(() => []);
  for (const [a, b] of links) {
    joined[a]!.push(b);
    joined[b]!.push(a);
  }
  const count = Math.max(-1, ...columns) + 1;
  const order = [...Array(count).keys()].map((c) => [...columns.keys()].filter((part) => columns[part] === c));
  const row = columns.map(() => 0);
  const number = (parts: number[]) => parts.forEach((part, at) => (row[part] = at));
  const height = (part: number) => (row[part]! + 0.5) / order[columns[part]!]!.length; // in parts of its column
  order.forEach(number);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let step = 0; step < count; step++) {
      const column = order[sweep % 2 ? count - 1 - step : step]!;
      const middle = new Map(column.map((part) => {
        const others = joined[part]!.filter((other) => columns[other] !== columns[part]);
        return [part, others.length ? others.reduce((sum, other) => sum + height(other), 0) / others.length : height(part)];
      }));
      column.sort((a, b) => middle.get(a)! - middle.get(b)! || a - b);
      number(column);
    }
  }
  return row;
}

/** The parts from which a part can be reached, itself among them. */
export function reaching(part: number, links: [number, number][]): Set<number> {
  const found = new Set([part]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const [from, to] of links) if (found.has(to)) found.add(from);
  }
  return found;
}
