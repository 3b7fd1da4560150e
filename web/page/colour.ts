// A colour for each policy that is shown, the same in every panel: eight that differ for all kinds of
// colour vision and stand out on light and on dark. Each policy has one that it takes if it can; of two
// that are shown and want the same, the later takes the next that is free, so that up to eight policies
// never look alike. What isn't shown is grey.
const COLOURS = ['#3b7dd8', '#d9730d', '#1f9e75', '#c2478f', '#8a63d2', '#a68300', '#139ab0', '#c8483c'];
const GREY = '#8b949b';

/** The colours of these policies, in ascending order. */
export function coloursOf(policies: number[]): Map<number, string> {
  const given = new Map<number, string>();
  for (const policy of [...policies].sort((a, b) => a - b)) {
    const wanted = [...COLOURS.keys()].map((i) => COLOURS[(policy + i) % COLOURS.length]!);
    const taken = [...given.values()].slice(given.size - (given.size % COLOURS.length));
    given.set(policy, wanted.find((c) => !taken.includes(c)) ?? wanted[0]!);
  }
  return given;
}

let given = new Map<number, string>();

/** From now on these policies have colours, and the others as far as there are any left. */
export function giveColours(shown: number[], others: number[] = []): void {
  given = coloursOf(shown);
  for (const policy of others) {
    const free = COLOURS.find((c) => ![...given.values()].includes(c));
    if (free && !given.has(policy)) given.set(policy, free);
  }
}

export function colour(policy: number): string {
  return given.get(policy) ?? GREY;
}
