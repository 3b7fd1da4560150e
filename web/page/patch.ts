// What an edited text has other than the original, line by line: by the longest common subsequence of lines
// (Wagner & Fischer 1974) between what both begin and end with. As hunks it is shown; as a code, compressed and of letters, digits, '-'
// and '_', it goes into a link. Invariant: a patch put onto the text that it was made from gives the other.

export interface Hunk {
  readonly at: number; // line of the original, from 0, where it begins
  readonly gone: number; // lines of the original that it takes away
  readonly come: readonly string[]; // what stands there instead
}

const MOST_CELLS = 4e6; // of the table; beyond it all between the first and the last difference is one hunk
const MOST_BYTES = 4e6; // that a code may unpack to

/** Lengths of the longest common subsequences of the ends of two lists: [i * (b.length + 1) + j] from a[i] and b[j] on. */
function commonEnds(a: readonly string[], b: readonly string[]): Uint32Array {
  const wide = b.length + 1;
  const length = new Uint32Array((a.length + 1) * wide);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i * wide + j] = a[i] === b[j] ? length[(i + 1) * wide + j + 1]! + 1 : Math.max(length[(i + 1) * wide + j]!, length[i * wide + j + 1]!);
    }
  }
  return length;
}

export function differences(original: string, edited: string): Hunk[] {
  const a = original.split('\n'), b = edited.split('\n');
  let first = 0;
  while (first < a.length && first < b.length && a[first] === b[first]) first++;
  let last = 0;
  while (last < Math.min(a.length, b.length) - first && a.at(-1 - last) === b.at(-1 - last)) last++;
  const from = a.slice(first, a.length - last), to = b.slice(first, b.length - last);
  if (!from.length && !to.length) return [];
  if ((from.length + 1) * (to.length + 1) > MOST_CELLS) return [{ at: first, gone: from.length, come: to }];
  const common = commonEnds(from, to), wide = to.length + 1;
  const hunks: Hunk[] = [];
  let i = 0, j = 0;
  while (i < from.length || j < to.length) {
    const [startI, startJ] = [i, j];
    while (i < from.length || j < to.length) {
      if (i < from.length && j < to.length && from[i] === to[j]) break;
      if (j === to.length || (i < from.length && common[(i + 1) * wide + j]! >= common[i * wide + j + 1]!)) i++;
      else j++;
    }
    if (i > startI || j > startJ) hunks.push({ at: first + startI, gone: i - startI, come: to.slice(startJ, j) });
    while (i < from.length && j < to.length && from[i] === to[j]) i++, j++;
  }
  return hunks;
}

/** Null if the hunks aren't of this text. */
export function patched(original: string, hunks: readonly Hunk[]): string | null {
  const lines = original.split('\n');
  const out: string[] = [];
  let done = 0;
  for (const { at, gone, come } of hunks) {
    if (at < done || at + gone > lines.length) return null;
    out.push(...lines.slice(done, at), ...come);
    done = at + gone;
  }
  return [...out, ...lines.slice(done)].join('\n');
}

/** Null if what comes out is longer than a text may be. */
async function through(bytes: Uint8Array, stream: CompressionStream | DecompressionStream): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    chunks.push(read.value);
    length += read.value.length;
    if (length <= MOST_BYTES) continue;
    await reader.cancel();
    return null;
  }
  const whole = new Uint8Array(length);
  chunks.reduce((at, chunk) => (whole.set(chunk, at), at + chunk.length), 0);
  return whole;
}

export async function encode(hunks: readonly Hunk[]): Promise<string> {
  const text = JSON.stringify(hunks.map(({ at, gone, come }) => [at, gone, ...come]));
  const packed = await through(new TextEncoder().encode(text), new CompressionStream('deflate-raw'));
  return btoa(Array.from(packed!, (byte) => String.fromCharCode(byte)).join('')).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

const isCount = (x: unknown): x is number => typeof x === 'number' && Number.isSafeInteger(x) && x >= 0;

/** Null if it is no code. */
export async function decode(code: string): Promise<Hunk[] | null> {
  try {
    const packed = Uint8Array.from(atob(code.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    const bytes = await through(packed, new DecompressionStream('deflate-raw'));
    if (!bytes) return null;
    const rows: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (!Array.isArray(rows)) return null;
    const hunks = rows.map((row: unknown): Hunk | null => {
      if (!Array.isArray(row)) return null;
      const [at, gone, ...come] = row as unknown[];
      return isCount(at) && isCount(gone) && come.every((line) => typeof line === 'string') ? { at, gone, come: come as string[] } : null;
    });
    return hunks.every((hunk) => hunk !== null) ? (hunks as Hunk[]) : null;
  } catch {
    return null;
  }
}
