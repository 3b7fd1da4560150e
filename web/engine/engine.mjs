// The engine for JavaScript: instantiates the module, hands texts and numbers over through linear
// memory, reads the answers (web/engine/engine.c says what they hold). Used by the page's workers
// and, as it is, by the tests in Node. Once a call has thrown, the engine can't be used any more.

// @ts-check

/** @typedef {import('./answers').Parsed} Parsed */
/** @typedef {import('./answers').Explored} Explored */
/** @typedef {import('./answers').Solved} Solved */
/** @typedef {import('./answers').Certified} Certified */
/** @typedef {import('./answers').OverTime} OverTime */
/** @typedef {import('./answers').Situated} Situated */
/** @typedef {import('./answers').Explained} Explained */
/** @typedef {import('./answers').Stepped} Stepped */
/** @typedef {import('./answers').Grown} Grown */
/** @typedef {import('./answers').Answer} Answer */
/** @typedef {import('./answers').Contrasted} Contrasted */
/** @typedef {import('./answers').Tossed} Tossed */
/** @typedef {import('./answers').Said} Said */
/** @typedef {import('./answers').Halved} Halved */
/** @typedef {import('./answers').Tried} Tried */
/** @typedef {import('./answers').Taken} Taken */
/** @typedef {import('./answers').Matched} Matched */
/** @typedef {import('./answers').Followed} Followed */
/** @typedef {import('./answers').Spread} Spread */
/** @typedef {import('./answers').Coded} Coded */
/** @typedef {import('./answers').Marked} Marked */
/** @typedef {import('./answers').Offered} Offered */

const NO_STREAM = 8; // EBADF

export class Engine {
  /** @param {WebAssembly.Module} module */
  constructor(module) {
    const none = () => NO_STREAM;
    const instance = new WebAssembly.Instance(module, {
      page: { fail: (/** @type {number} */ at) => { throw new Error(this.text(at)); } },
      wasi_snapshot_preview1: { fd_close: none, fd_seek: none, fd_write: none },
    });
    /** @type {any} the exports of engine.c */
    this.exports = instance.exports;
    this.exports._initialize();
  }

  /** @returns {ArrayBuffer} */
  get memory() {
    return this.exports.memory.buffer;
  }

  /** A text of the module, ended by a NUL. @param {number} at */
  text(at) {
    const bytes = new Uint8Array(this.memory, at);
    return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
  }

  /** @param {Uint8Array} bytes what the next call reads */
  put(bytes) {
    const at = this.exports.engine_room(bytes.length);
    new Uint8Array(this.memory).set(bytes, at);
  }

  /** @param {number} at */
  answer(at) {
    const bytes = new Uint8Array(this.memory, at, this.exports.engine_length());
    return JSON.parse(new TextDecoder().decode(bytes.slice()));
  }

  /** @param {string} text of a model @returns {Parsed} */
  parse(text) {
    const bytes = new TextEncoder().encode(text);
    this.put(bytes);
    return this.answer(this.exports.engine_parse(bytes.length));
  }

  /** What each stretch of a text is, right or wrong. @param {string} text @returns {Marked} */
  marks(text) {
    const bytes = new TextEncoder().encode(text);
    this.put(bytes);
    return this.answer(this.exports.engine_marks(bytes.length));
  }

  /** What may stand at a place of a text. @param {string} text @param {number} at @returns {Offered} */
  offers(text, at) {
    const bytes = new TextEncoder().encode(text);
    this.put(bytes);
    return this.answer(this.exports.engine_offers(bytes.length, new TextEncoder().encode(text.slice(0, at)).length));
  }

  /**
   * Takes up a policy, for a world. What was found of it before is still there, unless other private variables are known there.
   * @param {number} policy index @param {Float64Array} world a number for each parameter, before the policy's settings
   * @returns {Explored}
   */
  explore(policy, world) {
    this.put(new Uint8Array(world.buffer, world.byteOffset, world.byteLength));
    return this.answer(this.exports.engine_explore(policy));
  }

  /** Gives back what a policy's solution takes, and its game, too. @param {number} policy index @param {boolean} game */
  forget(policy, game) {
    this.exports.engine_forget(policy, game ? 1 : 0);
  }

  /** @param {Float64Array} world that was explored for @returns {Solved} */
  solve(world) {
    this.put(new Uint8Array(world.buffer, world.byteOffset, world.byteLength));
    return this.answer(this.exports.engine_solve());
  }

  /** Of the solution, if it came without. @returns {Certified} */
  gaps() {
    return this.answer(this.exports.engine_gaps());
  }

  /** @returns {OverTime} */
  overTime() {
    return this.answer(this.exports.engine_over_time());
  }

  /**
   * The reachable situation nearest to the one wanted (its numbers, one for each slot).
   * @param {number} period from 0
   * @param {number} stage index, or -1: the first that is played
   * @param {Int32Array | null} wanted
   * @param {number} fixed the slot that must be as wanted, or -1
   * @returns {Situated}
   */
  situation(period, stage, wanted, fixed) {
    if (wanted) this.put(new Uint8Array(wanted.buffer, wanted.byteOffset, wanted.byteLength));
    return this.answer(this.exports.engine_situation(period, stage, wanted?.length ?? 0, fixed));
  }

  /**
   * @param {number} period from 0 @param {number} node
   * @param {Float64Array | null} belief what the others believe, a number for each value of each private
   * variable, NaN: left open; null: what is likeliest there
   * @returns {Explained}
   */
  explain(period, node, belief = null) {
    this.putBelief(belief);
    return this.answer(this.exports.engine_explain(period, node, belief?.length ?? 0));
  }

  /**
   * @param {number} period from 0 @param {number} node
   * @param {number} agent place among those who move there @param {number} option its action
   * @param {number} rank of its private variable's value, if it has one
   * @param {Float64Array | null} belief as above; null if nothing is private
   * @returns {Stepped}
   */
  next(period, node, agent, option, rank = 0, belief = null) {
    this.putBelief(belief);
    return this.answer(this.exports.engine_next(period, node, agent, option, rank));
  }

  /** The whole game, if it is small. @returns {Grown} */
  tree() {
    return this.answer(this.exports.engine_tree());
  }

  /** @param {number[]} words */
  putWords(words) {
    const bytes = new Uint32Array(words);
    this.put(new Uint8Array(bytes.buffer));
  }

  /**
   * A match as it stands after the actions taken.
   * @param {number[]} seed its lower and its upper half @param {boolean[]} held by actor
   * @param {number[]} taken actions, by number
   * @returns {Matched}
   */
  match(seed, held, taken) {
    this.putWords([...seed, ...held.map(Number), ...taken]);
    return this.answer(this.exports.engine_match(taken.length));
  }

  /**
   * What the outcomes come to in histories of a seed.
   * @param {number[]} seed @param {number} actors @param {number} first @param {number} count
   * @returns {Spread}
   */
  spread(seed, actors, first, count) {
    this.putWords([...seed, ...Array(actors).fill(0)]);
    return this.answer(this.exports.engine_spread(first, count));
  }

  /** What the code of a match says. @param {string} code @returns {Coded} */
  code(code) {
    const bytes = new TextEncoder().encode(code);
    this.put(bytes);
    return this.answer(this.exports.engine_code(bytes.length));
  }

  /** The match of which a file is the record. @param {string} file @returns {Followed} */
  follow(file) {
    const bytes = new TextEncoder().encode(file);
    this.put(bytes);
    return this.answer(this.exports.engine_follow(bytes.length));
  }

  /** @param {Float64Array | null} belief */
  putBelief(belief) {
    if (belief) this.put(new Uint8Array(belief.buffer, belief.byteOffset, belief.byteLength));
  }

  /**
   * Solves a policy and holds it beside the others, to be compared.
   * @param {number} side one of three @param {number} policy @param {Float64Array} world
   * @returns {Answer}
   */
  side(side, policy, world) {
    this.put(new Uint8Array(world.buffer, world.byteOffset, world.byteLength));
    return this.answer(this.exports.engine_side(side, policy));
  }

  /** @param {number} here a side @param {number} there another @param {number} outcome @returns {Contrasted} */
  contrast(here, there, outcome) {
    return this.answer(this.exports.engine_contrast(here, there, outcome));
  }

  /** The game's outcomes if everybody tosses coins. @param {Float64Array} world that was explored for @returns {Tossed} */
  chance(world) {
    this.put(new Uint8Array(world.buffer, world.byteOffset, world.byteLength));
    return this.answer(this.exports.engine_chance());
  }

  /** The game's outcomes on half the grid of beliefs. @param {Float64Array} world that was explored for @returns {Halved} */
  half(world) {
    this.put(new Uint8Array(world.buffer, world.byteOffset, world.byteLength));
    return this.answer(this.exports.engine_half());
  }

  /**
   * Which policy is best by each headline outcome, in words.
   * @param {{ policy: number, outcomes: (number | null)[], chance: (number | null)[] | null }[]} policies
   * @param {number} baseline which of them the best is set against
   * @param {boolean} moved whether the numbers aren't the author's
   * @param {Float64Array} world that they are of
   * @param {Tried | null} [tried] what moving numbers one at a time has found
   * @returns {Said}
   */
  answered(policies, baseline, moved, world, tried = null) {
    const known = (/** @type {(number | null)[]} */ numbers) => numbers.map((x) => x ?? NaN);
    const nominal = policies.flatMap((p) => known(p.outcomes));
    const chance = policies.flatMap((p) => known(p.chance ?? p.outcomes.map(() => null)));
    const place = (/** @type {number} */ policy) => policies.findIndex((p) => p.policy === policy);
    const flips = tried ? tried.soonest.flatMap((turn) => (turn ? [turn.param, turn.at, turn.above ? 1 : 0, place(turn.to)] : [-1, NaN, 0, 0])) : [];
    const numbers = Float64Array.from([...world, ...policies.map((p) => p.policy), ...nominal, ...chance, ...flips]);
    this.put(new Uint8Array(numbers.buffer));
    return this.answer(this.exports.engine_answered(policies.length, baseline, moved ? 1 : 0, tried ? tried.count : 0));
  }

  /**
   * Which ingredients do the work between two policies.
   * @param {number} from @param {number} to @param {Float64Array} world @param {number} [most] cells between them
   * @returns {Taken}
   */
  levers(from, to, world, most = 4096) {
    this.put(new Uint8Array(world.buffer, world.byteOffset, world.byteLength));
    return this.answer(this.exports.engine_levers(from, to, most));
  }
}
