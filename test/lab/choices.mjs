// A parameter over a list of values is a choice of these, and of the number that was set by hand; policies
// are shown with the settings of their levers. The numbers are the program's.
import assert from 'node:assert/strict';
import { accessible, inBrowser, native, open, ready, rows, settings } from './chromium.mjs';

const TEXT = `model choices
horizon 3
actor A rationality 2
actor B
param cost = 0.5 in {1, 0.25, 0.5} "what a step costs" judgement
param p = 0.3 in 0 .. 1 "a chance" judgement
state heat : 0..2 = 1
role envoy = A
stage talk : envoy { envoy.step { heat -= 1; pay envoy -cost }; envoy.push { with p { heat += 1 } } }
payoff A { heat = -heat }
payoff B { heat = -2 * heat }
outcome heat minimise = mean(heat)
lever lead { first; second { role envoy = B } }
lever offers { any; dear { set cost = 0.75 } }
policy as_is
policy led { use lead second; forbid envoy.push when heat == 2 }
policy dear { use lead second; use offers dear }
`;

await inBrowser(async () => {
  const opened = await open('choices.dtn', TEXT, []);
  const { page, path } = opened;
  const policies = ['as_is', 'led', 'dear'];
  const agree = async (where) => {
    const wanted = native(path, policies, await settings(page)).policies;
    const found = await rows(page);
    assert.equal(found.length, 3, where);
    for (const { policy, outcome, value } of found) assert.ok(value !== '' && Math.abs(value - wanted[policy].outcomes[outcome]) < 1e-9, `${where}: ${outcome} under ${policy} is ${value}`);
  };
  const options = () => page.$$eval('#param-cost option', (all) => all.map((o) => (o.selected ? `[${o.textContent}]` : o.textContent)));
  assert.deepEqual(await options(), ['0.25', '[0.5]', '1']);
  await page.click('.policies summary');
  assert.deepEqual(await page.$$eval('.policies li .hint', (all) => all.map((e) => e.textContent)), ['lead=first, offers=any', 'lead=second, offers=any', 'lead=second, offers=dear']);
  await page.click('.policies summary');
  await agree('base case');
  await page.selectOption('#param-cost', '1');
  await ready(page);
  assert.equal((await settings(page)).cost, '1');
  await agree('chosen');
  await page.fill('input[aria-label="cost, exact number"]', '0.6');
  await page.press('input[aria-label="cost, exact number"]', 'Tab');
  await ready(page);
  assert.deepEqual(await options(), ['0.25', '0.5', '[0.6, not listed]', '1']);
  await agree('by hand');
  await page.reload();
  await ready(page);
  assert.deepEqual(await options(), ['0.25', '0.5', '[0.6, not listed]', '1']);
  await agree('by the link');
  assert.match(await page.textContent('.slider .set'), /Set to 0.75 by “dear”\./);
  await page.click('#outcome-heat button');
  await page.waitForSelector('.rules');
  assert.deepEqual(await page.$$eval('.rules', (all) => [...new Set(all.map((e) => e.textContent))]), ['lead=first, offers=any', 'lead=second, offers=any; forbid envoy.push when heat == 2', 'lead=second, offers=dear']);
  await accessible(page, 'choices');
  await opened.done();
});
console.log('a list is a choice, numbers as natively');
