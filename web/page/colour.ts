// A colour for each policy, the same in every panel: eight that differ for all kinds of colour
// vision and stand out on light and on dark, then the same again.
const COLOURS = ['#3b7dd8', '#d9730d', '#1f9e75', '#c2478f', '#8a63d2', '#a68300', '#139ab0', '#c8483c'];

export function colour(policy: number): string {
  return COLOURS[policy % COLOURS.length]!;
}
