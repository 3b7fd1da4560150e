// Decompresses what `xz --format=lzma --lzma1=preset=9e,lc=3,lp=0,pb=0` wrote (I. Pavlov, LZMA specification, 2015), which
// browsers can't by themselves and which is a fifth smaller than what they can. A range coder reads bit after bit, each with a
// probability that learns from the bits read in the same context; bits are single bytes, or matches: how far back is what
// stands here again, and how much of it. Invariant: the bytes are those that were compressed, or it throws.

const CONTEXTS = 3; // lc of 3, lp and pb of 0: what a byte is depends on the 3 highest bits of the one before
const HEADER = 13; // a byte for the contexts, four for the window, eight for the length
const TOP = 2 ** 24; // with a range below it another byte is read
const HALF = 1024; // of a probability in 11 bits
const RATE = 5; // of learning
const STATES = 12; // of what the last few were: from 7 on the last was a match
const LENGTHS = 2 + 8 + 8 + 256;
const SHORTEST = 2; // of matches
const LITERAL = 3 * 256;
const RANGE = 0; // in the coder
const CODE = 1;

type Distances = [number, number, number, number];

export function unpacked(packed: Uint8Array): Uint8Array {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (view.getUint8(0) !== CONTEXTS || view.getUint32(9) !== 0) throw new Error('compressed otherwise, or without its length');
  const bytes = new Uint8Array(view.getUint32(5, true));

  // All probabilities stand in one table; these are where those of a kind begin.
  let size = 0;
  const room = (count: number) => (size += count) - count;
  const isMatch = room(STATES);
  const isAgain = room(STATES); // at one of the last four distances
  const isOlder = [room(STATES), room(STATES), room(STATES)]; // than the last, the one before, and the one before that
  const isLong = room(STATES); // not one byte only
  const matchLengths = room(LENGTHS);
  const againLengths = room(LENGTHS);
  const slots = room(4 * 64); // how large a distance is, by the length
  const special = room(128); // the lower bits of distances that aren't far
  const align = room(16); // the lowest four of those that are
  const literals = room(LITERAL << CONTEXTS);
  const odds = new Uint16Array(size).fill(HALF);

  let at = HEADER + 5;
  // 32 bits each, and so in an array: numbers above 2^31 are slow as variables.
  const coder = new Uint32Array([0xffffffff, view.getUint32(HEADER + 1)]);

  const refill = () => {
    coder[RANGE]! <<= 8;
    coder[CODE] = (coder[CODE]! << 8) | packed[at++]!;
  };
  const bit = (context: number) => {
    if (coder[RANGE]! < TOP) refill();
    const zero = odds[context]!;
    const bound = (coder[RANGE]! >>> 11) * zero;
    if (coder[CODE]! < bound) {
      coder[RANGE] = bound;
      odds[context] = zero + ((2 * HALF - zero) >> RATE);
      return 0;
    }
    coder[RANGE]! -= bound;
    coder[CODE]! -= bound;
    odds[context] = zero - (zero >> RATE);
    return 1;
  };
  /** Bits of even odds. */
  const even = (count: number) => {
    let value = 0;
    for (; count; count--) {
      if (coder[RANGE]! < TOP) refill();
      coder[RANGE]! >>>= 1;
      const one = coder[CODE]! >= coder[RANGE]! ? 1 : 0;
      if (one) coder[CODE]! -= coder[RANGE]!;
      value = 2 * value + one;
    }
    return value;
  };
  /** A number from its highest bit on, each in the context of those before. */
  const number = (context: number, count: number) => {
    let node = 1;
    for (let i = 0; i < count; i++) node = 2 * node + bit(context + node);
    return node - (1 << count);
  };
  /** From its lowest bit on. */
  const reversed = (context: number, count: number) => {
    let node = 1;
    for (let i = 0; i < count; i++) node = 2 * node + bit(context + node);
    let value = 0;
    for (let i = 0; i < count; i++) value |= ((node >> i) & 1) << (count - 1 - i);
    return value;
  };
  const length = (context: number) => {
    if (!bit(context)) return number(context + 2, 3);
    if (!bit(context + 1)) return 8 + number(context + 10, 3);
    return 16 + number(context + 18, 8);
  };

  let state = 0;
  let last: Distances = [0, 0, 0, 0]; // distances less one, the newest first
  for (let to = 0; to < bytes.length; ) {
    if (at > packed.length + 4) throw new Error('it ends too early');
    if (!bit(isMatch + state)) {
      const context = literals + LITERAL * (to ? bytes[to - 1]! >> (8 - CONTEXTS) : 0);
      let node = 1;
      if (state >= 7) {
        // After a match this byte isn't the one that stands there: its bits are a context until one differs.
        const there = bytes[to - last[0] - 1]!;
        for (let i = 7; i >= 0; i--) {
          const high = (there >> i) & 1;
          const one = bit(context + ((1 + high) << 8) + node);
          node = 2 * node + one;
          if (one !== high) break;
        }
      }
      while (node < 256) node = 2 * node + bit(context + node);
      bytes[to++] = node;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let count = 1;
    if (!bit(isAgain + state)) {
      const coded = length(matchLengths);
      count = SHORTEST + coded;
      const slot = number(slots + 64 * Math.min(coded, 3), 6);
      let distance = slot;
      if (slot >= 4) {
        const lower = (slot >> 1) - 1;
        distance = (2 | (slot & 1)) << lower;
        distance += slot < 14 ? reversed(special + distance - slot, lower) : 16 * even(lower - 4) + reversed(align, 4);
      }
      last = [distance, last[0], last[1], last[2]];
      state = state < 7 ? 7 : 10;
    } else {
      let which = 0;
      while (which < 3 && bit(isOlder[which]! + state)) which++;
      if (which === 0 && !bit(isLong + state)) state = state < 7 ? 9 : 11;
      else {
        last = [last[which]!, ...last.filter((_, i) => i !== which)] as Distances;
        count = SHORTEST + length(againLengths);
        state = state < 7 ? 8 : 11;
      }
    }
    const back = last[0] + 1;
    if (back > to || to + count > bytes.length) throw new Error('it goes back before its beginning, or beyond its end');
    for (; count; count--, to++) bytes[to] = bytes[to - back]!;
  }
  return bytes;
}
