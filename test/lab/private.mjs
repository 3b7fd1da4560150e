// What one side knows alone: beliefs set by sliders whose stops are the grid's, types side by side, what
// actions reveal, and what is learned over time. Every number is that of `explain --believing` or `run`.
import assert from 'node:assert/strict';
import { accessible, detente, everyPanel, inBrowser, move, native, open, PATIENCE, ready, rows, settings, SHOWN, typeset } from './chromium.mjs';

const N = 8;
const TEXT = `model gesture "Is the freeze meant?"
horizon 2
beliefs ${N}
actor DPRK rationality lam
actor US   rationality 5
param lam   = 5 in 0 .. 1e308 judgement
param p     = 0.4 in 0 .. 1 "chance that a bargain is wanted" judgement
param price = 0.5 in 0 .. 1 judgement
private DPRK aim : {stall, bargain} = {stall: 1 - p, bargain: p} "what Pyongyang is after"
private US mood : 0..2 = {0: 0.5, 1: 0.2, 2: 0.3}
stage offer : DPRK { DPRK.freeze "Stop testing" { pay DPRK -price * (aim == stall ? 1 : 0.2) } DPRK.words }
stage answer : US { US.ease { pay US 0.3 * mood } US.hold }
payoff DPRK { relief = answer.US == ease }
payoff US { bargain = (answer.US == ease) * (aim == bargain) ; fooled = -(answer.US == ease) * (aim == stall) }
outcome eased = mean(answer.US == ease)
outcome trust = last(belief(aim == bargain) * (aim == bargain))
policy as_is
policy open { start aim = bargain }
`;

const knots = [...Array(N + 1).keys()].map((j) => (1 - Math.cos((Math.PI * j) / N)) / 2);
const close = (found, wanted, what) => assert.ok(Math.abs(found - wanted) < 1e-9, `${what}: ${found}, not ${wanted}`);
const near = (found, wanted, what) => found.forEach((x, k) => close(x, wanted[k], what));
const percents = (numbers) => numbers.map((x) => (x > 0 && x < 1e-4 ? '< 0.01 %' : x < 1 && x > 0.9999 ? '> 99.99 %' : `${Number((100 * x).toPrecision(100 * x < 1 ? 2 : 3))} %`));

/** Until a condition holds of the page, whose policy admits no text as a function. */
async function until(page, condition, argument) {
  for (const late = Date.now() + PATIENCE; !(await page.evaluate(condition, argument)); await new Promise((later) => setTimeout(later, 30))) {
    assert.ok(Date.now() < late, `never: ${condition}`);
  }
}

/** The program's words as the page has them, by descriptions. */
const inTexts = (words) => words.replace(/ if aim is (\w+)/g, ' (what Pyongyang is after: $1)').replace(/\baim\b/g, 'what Pyongyang is after').replace(/\bfreeze\b/g, '“Stop testing”');
const ACTIONS = { 'Stop testing': 'freeze', words: 'words' };

await inBrowser(async () => {
  const opened = await open('gesture.dtn', TEXT, []);
  const { page, path } = opened;
  const policies = ['as_is', 'open'];
  const agree = async (where) => {
    const wanted = native(path, policies, await settings(page)).policies;
    const found = await rows(page);
    assert.equal(found.length, 4, where);
    for (const { policy, outcome, value } of found) close(value, wanted[policy].outcomes[outcome], `${where}: ${outcome} under ${policy}`);
  };
  await agree('base case');
  await move(page, 'p', 0.55);
  await ready(page);
  await agree('another prior');
  for (const p of [1, 0, 0.6]) {
    await move(page, 'p', p); // at either end everybody knows: another game
    await ready(page);
    await agree(`at the prior ${p}`);
  }
  await page.click('#outcome-eased button');
  await page.waitForSelector('[data-contrast]:not([data-contrast=waiting])');
  assert.match(await page.textContent('[data-contrast]'), /private under one of the two is known to all under the other/);
  await page.keyboard.press('Escape');
  await page.click('text=Reset all');
  await ready(page);

  // The likeliest belief to begin with; then one stop after the other.
  await page.click('#tab-why');
  await page.waitForSelector(SHOWN.why);
  const explain = (...more) => JSON.parse(detente('explain', path, '--json', '--quiet', '--policy', 'as_is', '--stage', 'offer', ...more));
  const slider = page.locator('#belief-aim-0');
  const bars = () => page.$$eval('[data-posterior]', (all) => Object.fromEntries(all.map((e) => [e.dataset.brief, JSON.parse(e.dataset.posterior)])));
  const shown = async (told, where) => {
    const [{ belief }] = told.beliefs;
    await until(page, (at) => document.querySelector('[data-explained]:not([data-explained=""])') && Math.abs(JSON.parse(document.querySelector('[data-before]').dataset.before)[1] - at) < 1e-9, belief.bargain);
    assert.equal(await slider.getAttribute('aria-valuetext'), percents([belief.bargain])[0], where);
    const found = await bars();
    for (const { name, posterior } of told.movers[0].actions) near(found[name.slice('DPRK.'.length)], [posterior.stall, posterior.bargain], `${where}: after ${name}`);
    assert.deepEqual(await page.$$eval('.mover h3', (all) => all.map((h) => h.firstChild.textContent.trim())), told.movers.map((m) => inTexts(m.name)), where);
    const types = await page.$$eval('.reveal tbody tr:not(.total)', (all) => all.map((r) => [r.querySelector('th').textContent, [...r.querySelectorAll('.chance span:last-child')].map((s) => s.textContent)]));
    for (const [text, chances] of types)
      assert.deepEqual(chances, percents(told.movers.map((m) => m.actions.find((a) => a.name === `DPRK.${ACTIONS[text]}`).probability)), `${where}: ${text}`);
    assert.equal(await page.textContent('.types .because'), `${typeset(inTexts(told.beliefs[0].learned))}.`, where);
    for (const [m, told_] of told.movers.entries()) assert.equal(await page.locator('.mover .because').nth(m).textContent(), `${typeset(inTexts(told_.because))}.`, where);
  };
  await shown(explain(), 'likeliest');
  assert.equal(await slider.getAttribute('max'), String(N));
  for (const stop of [0, 3, 6, N]) {
    await slider.focus();
    await slider.evaluate((input, to) => { input.value = to; input.dispatchEvent(new Event('input', { bubbles: true })); }, stop);
    await shown(explain('--believing', `aim=bargain:${knots[stop]}`), `stop ${stop}`);
  }
  await page.keyboard.press('ArrowLeft');
  await shown(explain('--believing', `aim=bargain:${knots[N - 1]}`), 'by the keyboard');
  assert.match(await page.textContent('[data-situation]'), /but never with just these beliefs|and with just these beliefs/);

  // Three values: a slider for each sum from above, and neither passes the other.
  const moods = () => page.$$eval('[id^=belief-mood]', (all) => all.map((s) => Number(s.value)));
  assert.deepEqual(await page.$$eval('.about label', (all) => all.map((l) => l.textContent)), ['it is bargain', 'it is 1 or 2', 'it is 2']);
  await page.locator('#belief-mood-1').evaluate((input) => { input.value = 7; input.dispatchEvent(new Event('input', { bubbles: true })); });
  await page.waitForSelector('[data-explained]:not([data-explained=""])');
  const [first, second] = await moods();
  assert.ok(first >= second && second === 7, `${first}, ${second}`);
  await accessible(page, 'why');

  // What follows, for one type; the belief there is the one that the action leaves.
  await page.click('text=What is likeliest there');
  const told = explain();
  await shown(told, 'back');
  await page.locator('.mover').nth(1).locator('button[data-action="DPRK.freeze"]').click();
  await page.waitForSelector('.follow li');
  assert.match(await page.textContent('.follow h3'), /^DPRK \(what Pyongyang is after: bargain\): Stop testing$/);
  assert.match(await page.textContent('.next'), /belief that what Pyongyang is after is bargain .* → /);
  await page.click('.next');
  await page.waitForSelector('[data-explained^="1 answer "]');
  const { bargain } = told.movers[1].actions.find((a) => a.name === 'DPRK.freeze').posterior;
  const stop = Number(await slider.inputValue());
  const off = knots.map((knot) => Math.abs(knot - bargain));
  assert.ok(off[stop] < Math.min(...off) + 0.1, `${knots[stop]} is near ${bargain}`);
  await page.click('.trail button');
  await page.waitForSelector('[data-explained^="1 offer "]');

  // Where everybody knows, nothing is believed, and one type is there.
  await page.locator('input[name=why-policy]').nth(1).click();
  await until(page, () => document.querySelectorAll('[data-explained]:not([data-explained=""]) .mover').length === 1);
  assert.doesNotMatch(await page.textContent('.believe'), /aim|bargain/);
  assert.equal(await slider.count(), 0, 'nothing else can be believed');
  assert.deepEqual(await page.$$eval('.about label', (all) => all.map((l) => l.textContent)), ['it is 1 or 2', 'it is 2']);

  // Learning: the truth and the belief in it, as the outcome has it; on average the prior.
  await page.click('#tab-time');
  await page.waitForSelector(SHOWN.time);
  const learned = await page.$$eval('figure[data-belief="aim is bargain"] [data-learned]', (all) => all.map((e) => [e.dataset.policy, JSON.parse(e.dataset.learned)]));
  assert.deepEqual(learned.map(([policy]) => policy), policies);
  const [[, [stall, meant]], [, [never, sure]]] = learned;
  for (let t = 0; t <= 2; t++) close(0.6 * stall[t] + 0.4 * meant[t], 0.4, `expected belief at ${t}`);
  close(0.4 * meant[2], native(path, ['as_is'], {}).policies.as_is.outcomes.trust, 'belief where it is meant');
  assert.ok(meant[2] > meant[1] && meant[1] > meant[0] && stall[2] < stall[0]);
  assert.deepEqual([never, sure], [[null, null, null], [1, 1, 1]]);
  await accessible(page, 'time');
  await page.click('#tab-certificates');
  await page.waitForSelector(SHOWN.certificates);
  const cells = await page.$$eval('.certificates tr', (all) => Object.fromEntries(all.map((r) => [r.querySelector('th')?.textContent, [...r.querySelectorAll('td')].map((d) => d.textContent)])));
  assert.deepEqual(cells['points of belief'], ['405', '45']);
  assert.equal(cells['value to DPRK (what Pyongyang is after: stall)'][1], '–');
  assert.match(cells['calibration'][0], /^(0|\d\.\de-1\d)$/);
  await accessible(page, 'certificates');

  // Numbers at which it isn't solved: told above, nothing of it shown; and back.
  await move(page, 'lam', 1e308);
  await page.waitForSelector('[data-problem]');
  await everyPanel(page, () => until(page, () => !/Solving…|Working out/.test(document.querySelector('main').innerText)));
  await page.click('#tab-compare');
  await page.click('text=Reset all');
  await ready(page);
  await agree('back');
  await opened.done();

  // Why policies differ where something is private: parts by what is true; and how far the numbers are from those on half
  // the grid, by which what is less than that is marked: as `detente run` has it.
  const coarse = await open('coarse.dtn', TEXT.replace(`beliefs ${N}`, 'beliefs 4').replace('policy open { start aim = bargain }', 'policy dear { set price = 0.5001 }'), []);
  const both = ['as_is', 'dear'];
  const run = native(coarse.path, both, {}).policies;
  await coarse.page.waitForSelector('[data-coarse]');
  const marked = await coarse.page.$$eval('.card', (all) => Object.fromEntries(all.map((card) => [card.querySelector('[data-outcome]').dataset.outcome, card.querySelector('[data-coarse]')?.dataset.coarse ?? null])));
  for (const [outcome, off] of Object.entries(marked)) {
    const most = Math.max(...both.map((p) => run[p].half_grid[outcome]));
    assert.equal(off !== null, most > 1e-9 && most > Math.abs(run.as_is.outcomes[outcome] - run.dear.outcomes[outcome]), outcome);
    if (off !== null) close(Number(off), most, `${outcome} on half the grid`);
  }
  assert.ok(marked.eased !== null && !(await coarse.page.$('.card:has([data-coarse]) .star')), 'no star on what says nothing');
  await coarse.page.click('#outcome-eased button');
  await coarse.page.waitForSelector('[data-contrast]:not([data-contrast=waiting]) [data-truth]');
  const offs = await coarse.page.$$eval('[data-half]', (all) => all.map((e) => [e.dataset.half, Number(e.dataset.off)]));
  assert.equal(offs.length, 2);
  for (const [policy, off] of offs) close(off, run[policy].half_grid.eased, `eased under ${policy} on half the grid`);
  for (const part of await coarse.page.$$eval('[data-part]:has([data-truth])', (all) => all.map((li) => [Number(li.dataset.part), JSON.parse(li.querySelector('[data-truth]').dataset.truth)])))
    for (const { parts } of part[1]) close(parts.reduce((sum, x) => sum + x, 0), part[0], 'by what is true');
  await accessible(coarse.page, 'coarse');
  await coarse.page.click('#tab-answer');
  await coarse.page.waitForSelector('.card [data-coarse]');
  await coarse.done();
});
console.log('beliefs, types and what is learned as natively');
