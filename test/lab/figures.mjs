// Numbers of the engine's sentences against those of the page's cards, digit by digit: figures.mjs WORK ENGINE.wasm. The
// engine is handed numbers of every kind and size, halves, ties and the ends of every scale among them, and what it says of
// two policies must be what the page would write of the same two.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Engine } from '../../web/engine/engine.mjs';

const [work, wasm] = process.argv.slice(2);
const { build } = await import(pathToFileURL(join(work, 'node_modules/esbuild/lib/main.js')).href);
const contents = "export * from './words'; export * from './figures';";
const { outputFiles } = await build({ stdin: { contents, resolveDir: join(work, 'page') }, bundle: true, format: 'esm', write: false, logLevel: 'error' });
const { figuresOf, inHundred, spoken } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);

const TEXT = `model m
period quarter
horizon 20
actor A
state war : bool = no
state deal : 0..2 = 0
stage s : A { A.x { war := yes } ; A.y }
outcome war "War" headline minimise = ever(war)
outcome peace "Peace" headline maximise = mean(not war)
outcome when "When" headline minimise = first(war)
outcome held "Held" headline maximise = count(deal > 0)
outcome rung "Rung" headline maximise = last(deal)
policy base "As it was"
policy bold "A bold offer"
`;
const engine = new Engine(new WebAssembly.Module(readFileSync(wasm)));
const { model, diagnostics } = engine.parse(TEXT);
assert.deepEqual(diagnostics.filter((d) => d.severity === 'error'), []);

// A small generator of its own (Marsaglia's xorshift), so that every run sees the same numbers.
let seed = 2463534242;
const random = () => ((seed ^= seed << 13), (seed ^= seed >>> 17), (seed ^= seed << 5), (seed >>> 0) / 2 ** 32);
const rare = (most) => 10 ** (-most * random());
const pick = (...of) => of[Math.floor(random() * of.length)]();

const share = () => pick(random, () => rare(9), () => 1 - rare(9), () => Math.round(1000 * random()) / 1000, () => (Math.round(200 * random()) + 0.5) / 1000, () => 0, () => 1);
const large = () => pick(random, () => 10 ** (21 * random() - 3), () => rare(20), () => -rare(3) * 1e4, () => Math.round(4e4 * random()) / 8, () => Math.round(2e7 * random()) + 0.5, () => 0, () => 999999.5, () => 9.995, () => 1e15, () => 9.96e-7);
const period = () => pick(() => 1 + 20 * random(), () => 1 + Math.round(40 * random()) / 2, () => 21, () => 20.9951, () => 20.9949);
const draw = { probability: share, share, period, periods: () => 20 * random(), number: large };

const near = (x) => pick(() => x, () => x * (1 + 1e-3 * random()), () => x * (1 + 1e-6 * random()), () => x * (1 + 1e-12));

let said = 0;
for (let round = 0; round < 4000; round++) {
  const numbers = model.outcomes.map(({ scale }) => {
    const one = draw[scale]();
    const other = random() < 0.3 ? near(one) : draw[scale]();
    const bound = (x) => (scale === 'number' ? x : Math.min(x, scale === 'period' ? 21 : scale === 'periods' ? 20 : 1));
    return [bound(one), bound(other)];
  });
  const { answered } = engine.answered([0, 1].map((policy) => ({ policy, outcomes: numbers.map((n) => n[policy]), chance: null })), 0, false, new Float64Array(0));
  for (const { outcome, lead, best, text } of answered.outcomes) {
    const about = model.outcomes[outcome], pair = numbers[outcome];
    const figures = figuresOf(about.scale, lead === 'same' ? [Math.min(...pair)] : pair);
    const say = (x) => spoken(model, about, x, figures);
    const wanted = lead === 'same'
      ? pair.map((x) => `${about.text}: ${spoken(model, about, x, figuresOf(about.scale, [x]))} under every policy.`)
      : [`${about.text}: ${about.direction < 0 ? 'lowest' : 'highest'} under “${model.policies[best].text}”: ${say(pair[best])}, ${best === 0 ? 'and next' : 'against'} ${say(pair[1 - best])} under “${model.policies[1 - best].text}”.`];
    assert.ok(wanted.includes(text), `${JSON.stringify(pair)}: the engine says ${text}, the page ${wanted[0]}`);
    said++;
  }
}
assert.equal(said, 4000 * model.outcomes.length);

// What a reader meets, read once by hand.
const written = (scale, ...numbers) => numbers.map((x) => spoken(model, { scale, share: false, form: 'last' }, x, figuresOf(scale, numbers)));
assert.deepEqual(written('probability', 0.0714, 0.3), ['7 in 100', '30 in 100']);
assert.deepEqual(written('probability', 0.0714, 0.0729), ['7.1 in 100', '7.3 in 100']);
assert.deepEqual(written('probability', 0.001, 0.004), ['1 in 1\u202f000', '4 in 1\u202f000']);
assert.deepEqual(written('probability', 0.001, 0.2), ['0.1 in 100', '20.0 in 100']);
assert.deepEqual(written('probability', 0.9999999, 0.2), ['over 99 in 100', '20 in 100']);
assert.deepEqual(written('number', 10225.4, 2530), ['10\u202f225', '2\u202f530']);
assert.deepEqual(written('number', -0.25, 0.5), ['−0.25', '0.50']);
assert.deepEqual(written('number', 2.4e6, 1.25e9), ['0.002 billion', '1.250 billion']);
assert.deepEqual(written('number', 1.2e-7), ['1.2 × 10⁻⁷']);
assert.deepEqual([inHundred(0), inHundred(1), inHundred(0.997), inHundred(0.0005), inHundred(null)], ['0 in 100', '100 in 100', '99.7 in 100', '5 in 10\u202f000', '–']);
console.log(`${said} sentences have the page's digits`);
