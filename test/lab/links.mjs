// Links that ask for what the page doesn't have: it is told, the rest is taken, and everything can be
// reached by the keyboard.
import assert from 'node:assert/strict';
import { accessible, inBrowser, native, open, ready, rows, settings, SHOWN } from './chromium.mjs';

const NAME = 'classics/prisoners-dilemma.dtn';

await inBrowser(async () => {
  const wrong = '#panel=robustness&policies=joint,nobody,joint,separate&set=lambda:2,nothing:1,__proto__:4,lambda:x&mood=good';
  const opened = await open(NAME, null, [], { hash: wrong });
  const { page, path } = opened;
  const told = await page.textContent('[data-refused]');
  for (const words of ["no panel 'robustness'", "no policy 'nobody'", "policy 'joint' is asked for twice", "no number 'nothing'", "no number '__proto__'", "'lambda:x' is not a name with a number", "'mood=good' says nothing here"])
    assert.ok(told.includes(words), `${words} in ${told}`);
  assert.equal(await page.getAttribute('[data-refused]', 'data-refused'), '7');
  await accessible(page, 'a wrong link');
  const wanted = native(path, ['joint', 'separate'], { lambda: 2 }).policies;
  const found = await rows(page);
  assert.deepEqual([...new Set(found.map((r) => r.policy))], ['joint', 'separate'], 'each once, as asked for');
  for (const { policy, outcome, value } of found) assert.ok(Math.abs(value - wanted[policy].outcomes[outcome]) < 1e-9);

  // One tab is selected, and the keyboard reaches it and the others.
  assert.deepEqual(await page.$$eval('[role=tab][tabindex="0"]', (tabs) => tabs.map((t) => t.id)), ['tab-compare']);
  assert.equal(await page.getAttribute('main', 'aria-labelledby'), 'tab-compare');
  await page.focus('.policies summary');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'tab-compare');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'tab-time');
  await page.focus('[data-refused] button');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-refused]', { state: 'detached' });
  await page.waitForSelector('#tab-time:focus'); // the keyboard isn't lost with it
  assert.deepEqual(await settings(page), { lambda: '2' });

  // A number out of its range is solved, named wherever its slider is, and can be put back.
  await page.evaluate(() => (location.hash = '#panel=stages&set=lambda:1000'));
  await page.waitForSelector('[data-outside=lambda] >> text=/lambda is 1000, outside its range/');
  await accessible(page, 'out of range');
  await page.focus('[data-outside] button');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-outside]', { state: 'detached' });
  await ready(page);
  assert.deepEqual(await settings(page), {});
  for (const hash of ['#panel=foo', '#panel=', '#', '#%', '#set=', '#policies=', '#panel=compare&panel=nowhere', '#set=lambda:Infinity']) {
    await page.evaluate((to) => (location.hash = to), hash);
    await ready(page);
    assert.equal(await page.locator('[role=tab][aria-selected=true][tabindex="0"]').count(), 1, hash);
  }
  await opened.done();

  // Another policy than the page was made with, at other numbers, in a panel that asks the engine.
  const other = await open(NAME, null, ['separate'], { hash: '#panel=time&policies=separate,joint&set=lambda:2' });
  await other.page.waitForSelector(SHOWN.time);
  assert.equal(await other.page.locator('.legend .key').count(), 3);
  await other.page.waitForSelector('.legend [data-base="2"]');
  await other.done();
  console.log('links: what this page does not have is told, the rest taken');
});
