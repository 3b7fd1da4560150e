// Reasons and dates are the library's: in Why the sentence of every mover is that of `explain`, and of an
// action clicked, docked, that of `explain --against` it; pickers, axes and the way taken call periods by its labels.
import assert from 'node:assert/strict';
import { accessible, detente, inBrowser, open, SHOWN, typeset } from './chromium.mjs';

// Somebody for each ground of a choice: reasons for and against, rationality 0, two actions worth the same,
// a single action.
const MODEL = `model dates "Weeks over a new year"
period week from 2019W51
horizon 4
actor A "one who reasons" rationality 2
actor B "one who tosses coins" rationality 0
actor C "one to whom it is the same"
actor D "one who has no choice"
param gain = 0.8 in 0 .. 1
param cost = 0.3 in 0 .. 1
state x : 0..3 = 0
stage bid : A { A.raise { x += 1 ; pay A -cost "what raising costs" } A.keep ; A.lower { x -= 1 } }
stage toss : B { B.left { pay B 1 } B.right }
stage either : C { C.here ; C.there }
stage only : D { D.wait }
payoff A { held "what is held" = gain * x }
outcome x maximise = last(x)
outcome debt minimise = last(-x - 1)
policy default
`;
/** The program's sentence as the page has it: whoever moves by its description. */
const inTexts = (sentence) => `${typeset(sentence.replace(/^(\w) /, (_, name) => `${new RegExp(`actor ${name} "([^"]*)"`).exec(MODEL)[1]} `))}.`;
const LABELS = ['2019W51', '2019W52', '2020W1', '2020W2'];

await inBrowser(async () => {
  const opened = await open('dates.dtn', MODEL, []);
  const { page, path } = opened;
  const explain = (...more) => JSON.parse(detente('explain', path, '--json', '--quiet', ...more));
  await page.click('#tab-time');
  await page.waitForSelector(SHOWN.time);
  const ticks = await page.$$eval('figure svg [aria-label="x-axis tick label"] text', (all) => all.map((t) => t.textContent));
  assert.ok(ticks.length > 0 && ticks.every((t) => LABELS.includes(t)), ticks.join());

  const debts = await page.$$eval('figure:has-text("debt") svg [aria-label="y-axis tick label"] text', (all) => all.map((t) => t.textContent));
  assert.ok(debts.some((t) => /^[-−]/.test(t)), `numbers below 0 have their axis: ${debts}`);

  await page.click('#tab-why');
  await page.waitForSelector(SHOWN.why);
  const picker = page.locator('.choose select').first();
  assert.deepEqual(await picker.locator('option').allTextContents(), LABELS);
  const there = (period, stage) => page.waitForSelector(`[data-explained^="${period} ${stage} "]`);
  const grounds = new Set();
  for (const [period, stage] of [[1, 'bid'], [1, 'toss'], [1, 'either'], [3, 'bid']]) {
    await picker.selectOption(String(period));
    await page.locator('.choose select').nth(1).selectOption(stage);
    await there(period, stage);
    // The page shows the likeliest situation nearest to the one before; the program is told which.
    const state = await page.$$eval('select[data-slot]', (all) => all.map((s) => `${s.dataset.slot}=${s.selectedOptions[0].textContent}`));
    const at = ['--stage', stage, '--period', LABELS[period - 1], ...(state.length ? ['--at', state.join(',')] : [])];
    const told = explain(...at);
    assert.equal(told.label, LABELS[period - 1]);
    const [mover] = told.movers;
    grounds.add(mover.why.ground);
    assert.equal(await page.textContent('.mover .because'), inTexts(mover.because));
    for (const { name } of mover.actions) {
      await page.click(`button[data-action="${name}"]`);
      await page.waitForSelector('.follow li');
      const wanted = name === mover.why.action ? mover.because : explain(...at, '--against', name).movers[0].because;
      assert.equal(await page.textContent('.dock .because'), inTexts(wanted), name);
    }
  }
  assert.deepEqual([...grounds].sort(), ['chance', 'reasons', 'worth the same']);
  assert.deepEqual((await page.$$eval('.split tbody th', (all) => all.map((th) => th.textContent))).slice(2).sort(), ['what is held', 'what raising costs']);
  await accessible(page, 'why');
  await page.click('button.next >> nth=0');
  await page.waitForSelector('.trail li');
  assert.match(await page.textContent('.trail li'), /^2020W1, bid: \w+$/);
  // Whoever chooses twice in quick succession gets both, however many pictures lie between.
  for (const frames of [0, 1, 2, 3]) {
    const [period, stage] = frames % 2 ? [3, 'bid'] : [2, 'toss'];
    await page.evaluate(async ([wanted, later]) => {
      for (const [i, value] of wanted.entries()) {
        const select = document.querySelectorAll('.choose select')[i];
        select.value = value;
        select.dispatchEvent(new Event('change', { bubbles: true }));
        await null;
        for (let k = 0; k < later; k++) await new Promise(requestAnimationFrame);
      }
    }, [[String(period), stage], frames]);
    await there(period, stage);
  }
  await opened.done();
  console.log('explain: sentences and dates as natively');
});
