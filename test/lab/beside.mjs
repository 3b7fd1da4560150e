// Two settings side by side: a saved one beside the one in force, with the numbers of both as the program has them, what
// differs in words, and the ranking that turns; it leaves as a table, goes by a link, and can be undone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { accessible, cells, inBrowser, move, native, open, ready, TURNS } from './chromium.mjs';

const NAME = 'Larger, “&” more';

const pairs = (page) => page.$$eval('[data-beside]', (all) => all.map((row) => [row.dataset.beside, Number(row.dataset.there), Number(row.dataset.here)]));
const both = (page) => page.waitForSelector('[data-side-by-side=ready]');

await inBrowser(async () => {
  const opened = await open('turns.dtn', TURNS, [], { acceptDownloads: true });
  const { page, path, file } = opened;
  await move(page, 'p', 0.8);
  await ready(page);
  await page.click('.saved summary');
  await page.fill('.saved input', NAME);
  await page.click('.saved button[type=submit]');
  await page.click('text=Reset all');
  await ready(page);
  await page.click('.choose-beside summary');
  await page.selectOption('.choose-beside select', NAME);
  await both(page);
  const policies = ['own', 'other'];
  const [there, here] = [{ p: 0.8 }, {}].map((set) => native(path, policies, set).policies);
  const wanted = policies.map((policy) => [policy, there[policy].outcomes.x, here[policy].outcomes.x]);
  const close = (found) => found.forEach((row, i) => (assert.equal(row[0], wanted[i][0]), [1, 2].forEach((k) => assert.ok(Math.abs(row[k] - wanted[i][k]) < 1e-9, row.join()))));
  close(await pairs(page));
  assert.equal(await page.getAttribute('[data-turned]', 'data-turned'), 'own other', 'worse here, better there');
  assert.match(await page.textContent('.apart'), /chance of the one way: 0\.8 there, 0\.3 here/);
  await accessible(page, 'side by side');
  await page.click('.beside-setting > h3 .leave summary');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('.beside-setting > h3 .leave .menu button:has-text("Numbers")')]);
  const [, ...rows] = cells(readFileSync(await download.path(), 'utf8'));
  close(rows.map(([, policy, , before, now]) => [policy, Number(before), Number(now)]));

  // The link brings all of it, the name too, where nothing was saved.
  const hash = await page.$eval('footer button', (copy) => (copy.click(), location.hash));
  const { page: sent, done } = await open('turns.dtn', '', [], { hash });
  await both(sent);
  close(await pairs(sent));
  assert.ok((await sent.textContent('#beside')).includes(NAME));
  assert.ok(await sent.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  // Another link, put beside in its place; undo brings the first one back.
  await sent.fill('.choose-beside form input', `file://${file}#panel=why&set=q:0.1`);
  await sent.click('.choose-beside button[type=submit]');
  await sent.waitForSelector('.apart li:has-text("chance of the other way: 0.1 there, 0.6 here")');
  await both(sent);
  assert.deepEqual((await pairs(sent)).map(([, before]) => Math.round(before * 10) / 10), [0.3, 0.1]);
  await sent.click('text=Undo');
  await sent.waitForSelector(`#beside:has-text("${NAME}")`);
  await sent.selectOption('.choose-beside select', { label: 'nothing' });
  await sent.waitForSelector('[data-side-by-side]', { state: 'detached' });
  await done();
  await opened.done();
  console.log('side by side: both as the program has them, what turns, by a link and back');
});
