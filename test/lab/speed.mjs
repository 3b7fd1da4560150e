// How quick the page is, and what it takes: with DETENTE_SPEED set, as this needs a quiet machine. On the first edition of the
// Korea model: from a slider moved to all numbers new, against one solution by the engine in Node in the same
// minute; from the page opened to its first numbers; from a move in a match to the next turn; and the memory of all that the browser runs the page with, sixteen policies shown.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Engine } from '../../web/engine/engine.mjs';
import { dataOf, partOf } from './parts.mjs';

if (!process.env.DETENTE_SPEED) {
  console.log('skipped: DETENTE_SPEED is not set');
  process.exit(0);
}
const { begin, inBrowser, open, ready, take } = await import('./chromium.mjs');
const NAME = '../test/referee/korea-first.dtn';
const MOVES = 20;
const POLICIES = 16; // in the measurement of memory
const FRAMES = 45; // milliseconds for drawing and waiting for frames
const ROOM = 1.15;
const FIRST = 400; // milliseconds to the first numbers
const MOVE = 200; // milliseconds to the next turn of a match
const TURNS = 10; // moves that are taken
const MOST_MEMORY = 500e6;

const median = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];

/** Milliseconds of processor time of one solution of the slowest of the policies, as the median of five. */
function oneSolution(file, names) {
  const engine = new Engine(new WebAssembly.Module(partOf(file, 'engine')));
  const { text } = dataOf(file);
  const { model } = engine.parse(text);
  return Math.max(...names.map((name) => {
    engine.explore(model.policies.findIndex((p) => p.name === name), Float64Array.from(model.params, (p) => p.value));
    const times = Array.from({ length: 6 }, (_, k) => {
      const world = Float64Array.from(model.params, (p) => p.value);
      world[model.params.findIndex((p) => p.name === 'pride')] *= 1 + 0.01 * k;
      const start = process.cpuUsage();
      engine.solve(world);
      return process.cpuUsage(start).user / 1000;
    });
    return median(times.slice(1));
  }));
}

/** From a slider moved to the frame after the one in which all numbers are new. */
const moved = (page, share) => page.evaluate(async (share) => {
  const input = document.querySelector('#param-pride');
  input.value = Number(input.min) + share * (Number(input.max) - Number(input.min));
  const frame = () => new Promise((next) => requestAnimationFrame(next));
  const busy = () => document.querySelector('[data-state]').dataset.state !== 'ready';
  const numbers = () => [...document.querySelectorAll('tr[data-outcome]')].map((row) => row.dataset.value).join();
  const before = numbers();
  const start = performance.now();
  input.dispatchEvent(new Event('input', { bubbles: true }));
  while (!busy()) await frame();
  while (busy()) await frame();
  await frame();
  const taken = performance.now() - start;
  if (numbers() === before) throw new Error('the numbers are those of before');
  return taken;
}, share);

/** In the page: when it was first painted, which may be noted after all is ready. */
const painted = () => new Promise((resolve) => {
  const found = (entries) => entries.filter(({ name }) => name === 'first-contentful-paint').forEach(({ startTime }) => resolve(startTime));
  new PerformanceObserver((list) => found(list.getEntries())).observe({ type: 'paint', buffered: true });
});

/** Bytes that are the renderers' alone, of the processes that this one started. */
function memory() {
  const status = (pid, file) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
      return '';
    }
  };
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((pid) => ({ pid, above: /PPid:\s*(\d+)/.exec(status(pid, 'status'))?.[1], line: status(pid, 'cmdline') }));
  const mine = new Set([String(process.pid)]);
  for (let grown = -1; grown !== mine.size; ) {
    grown = mine.size;
    for (const { pid, above } of all) if (mine.has(above)) mine.add(pid);
  }
  return all.filter(({ pid, line }) => mine.has(pid) && line.includes('--type=renderer'))
    .reduce((sum, { pid }) => sum + 1024 * [...status(pid, 'smaps_rollup').matchAll(/Private_\w+:\s*(\d+)/g)].reduce((s, m) => s + Number(m[1]), 0), 0);
}

await inBrowser(async () => {
  for (const policies of [['sequenced', 'seoul_leads'], ['as_is', 'sequenced', 'seoul_leads', 'max_pressure', 'all_or_nothing']]) {
    const { page, file } = await open(NAME, null, policies);
    const times = [];
    for (let i = 0; i < MOVES + 4; i++) times.push(await moved(page, (i % 7) / 7 + 0.01));
    const solution = oneSolution(file, policies);
    const found = median(times.slice(4));
    const most = ROOM * Math.ceil(policies.length / 2) * solution + FRAMES;
    console.log(`${policies.length} policies: ${found.toFixed(0)} ms from slider to redrawn, median of ${MOVES}; one solution ${solution.toFixed(0)} ms of processor time, so at most ${most.toFixed(0)}`);
    const firsts = [];
    for (let i = 0; i < 5; i++) {
      await page.goto('about:blank');
      await page.goto(pathToFileURL(file).href);
      await ready(page);
      firsts.push(await page.evaluate(painted));
    }
    console.log(`first numbers: ${median(firsts).toFixed(0)} ms after opening, median of 5; at most ${FIRST}`);
    await page.context().close();
    if (process.env.DETENTE_SPEED === 'strict') assert.ok(found <= most && median(firsts) <= FIRST);
  }
  const match = await open(NAME, null, ['as_is'], { hash: '#panel=play' });
  await begin(match.page, ['United States'], 1);
  const moves = [];
  while (moves.length < TURNS && (await match.page.waitForSelector('.card.turn, .card.end').then((e) => e.evaluate((card) => card.matches('.turn'))))) moves.push(await take(match.page, 0));
  console.log(`a move in a match: ${median(moves).toFixed(0)} ms to the next turn, median of ${moves.length}; at most ${MOVE}`);
  if (process.env.DETENTE_SPEED === 'strict') assert.ok(median(moves) <= MOVE);
  await match.page.context().close();
  const { page } = await open(NAME, null, ['as_is']);
  const before = memory();
  await page.click('.policies summary');
  for (let i = 1; i < POLICIES; i++) await page.locator('.policies input').nth(i).check();
  await ready(page);
  await moved(page, 0.3);
  const count = await page.locator('.policies .chip').count(), taken = memory();
  console.log(`${count} policies: ${(taken / 1e6).toFixed(0)} MB, one ${(before / 1e6).toFixed(0)} MB`);
  assert.ok(taken <= MOST_MEMORY, `${taken} bytes`);
  await page.context().close();
});
