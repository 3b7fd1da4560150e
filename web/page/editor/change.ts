// The least change of one stretch that makes one text of another, so that selection and colours around it stay.

export interface Change {
  from: number;
  to: number;
  insert: string;
}

/** null: they are alike. Halves of a pair of surrogates stay together. */
export function changeBetween(before: string, after: string): Change | null {
  if (before === after) return null;
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from++;
  let alike = 0;
  while (alike < most - from && before[before.length - 1 - alike] === after[after.length - 1 - alike]) alike++;
  if (from > 0 && isUpper(before.charCodeAt(from - 1))) from--;
  if (alike > 0 && isLower(before.charCodeAt(before.length - alike))) alike--;
  return { from, to: before.length - alike, insert: after.slice(from, after.length - alike) };
}

const isUpper = (unit: number) => unit >= 0xd800 && unit < 0xdc00;
const isLower = (unit: number) => unit >= 0xdc00 && unit < 0xe000;
