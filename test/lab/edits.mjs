// What is written into the page's editor isn't lost: not by opening a tab at once, nor by leaving the page,
// nor by going back to the original. Wherever numbers stand, it is said whose they are.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { accessible, agreeText, everyPanel, inBrowser, open, ready, write, written } from './chromium.mjs';

const POLICIES = ['separate', 'joint'];
const NAME = 'classics/prisoners-dilemma.dtn';

const agree = (page, text, where) => agreeText(page, text, POLICIES, where);

// Writes a text and does the next thing at once: `then` a place to click, or the page is loaded anew.
async function writeAnd(page, text, then) {
  await write(page, text);
  if (then === 'reload') await page.reload();
  else await page.$eval(then, (button) => button.click());
}

const refuse = (page) => page.addInitScript(() => {
  for (const name of ['localStorage', 'sessionStorage']) {
    Object.defineProperty(window, name, { get() { throw new DOMException('refused', 'SecurityError'); } });
  }
});

await inBrowser(async () => {
  const opened = await open(NAME, null, POLICIES);
  const { page, path, file } = opened;
  const text = readFileSync(path, 'utf8');
  const [first, second, wrong] = [text.replace('? 10 : 1', '? 12 : 1'), text.replace('? 10 : 1', '? 14 : 1'), text.replace('horizon 1', 'horizon on')];
  assert.ok(first !== text && wrong !== text);
  assert.equal(await page.locator('[data-edited]').count(), 0);

  await page.click('#tab-assumptions');
  await writeAnd(page, first, '#tab-compare');
  await page.waitForSelector('[data-edited=solved]');
  await agree(page, first, 'a tab at once');
  await everyPanel(page, async (panel) => {
    assert.ok(await page.isVisible('[data-edited=solved] >> text=edited'), panel);
    await accessible(page, `edited, ${panel}`);
  });
  assert.equal(await written(page), first);

  await page.reload();
  await page.waitForSelector('[data-edited=solved]');
  await agree(page, first, 'after a reload');
  assert.equal(await written(page), first);
  await writeAnd(page, second, 'reload');
  await page.waitForSelector('[data-edited=solved]');
  await agree(page, second, 'a reload at once');
  console.log('edits: kept across tabs and reloads');

  await page.click('text=What is edited');
  await page.waitForSelector('[data-hunk] ins');
  const at = text.split('\n').findIndex((line) => line.includes('? 10 : 1'));
  assert.deepEqual(await page.$$eval('[data-hunk]', (all) => all.map((e) => [e.dataset.hunk, e.querySelector('del').textContent, e.querySelector('ins').textContent])),
    [[String(at + 1), text.split('\n')[at], second.split('\n')[at]]]);
  await accessible(page, 'what is edited');

  // A link carries it: to a reader who has the page and nothing else; of another edition of the page it is told.
  const link = await page.$eval('footer button', (copy) => (copy.click(), location.href));
  const reader = await page.context().browser().newContext();
  const theirs = await reader.newPage();
  await theirs.goto(link);
  await theirs.waitForSelector('[data-edited=solved]');
  await agree(theirs, second, 'by a link');
  assert.equal(await written(theirs), second);
  await theirs.evaluate(() => (location.hash = location.hash.replace(/edit=../, 'edit=zz')));
  await theirs.waitForSelector('[data-refused] >> text=another edition of this model');
  await theirs.click('[data-refused] button');
  await reader.close();
  console.log('edits: carried by a link');

  // A text that is wrong stays in the editor, and the numbers are those of the last that was right.
  assert.equal(await written(page), second);
  await writeAnd(page, wrong, '#tab-compare');
  await page.waitForSelector('[data-edited=wrong]');
  await agree(page, second, 'wrong');
  await everyPanel(page, async (panel) => assert.match(await page.textContent('[data-edited=wrong]'), /isn't right yet.*the last edited text that was right/, panel));
  await page.reload();
  await page.waitForSelector('[data-edited=wrong]');
  await agree(page, second, 'wrong, after a reload');
  assert.equal(await written(page), wrong);
  await page.waitForSelector('[data-checked=wrong]');
  assert.match(await page.textContent('.diagnostics'), /line \d+, column \d+/);

  // Another tab of the same browser has it too, and a file can be had.
  const other = await page.context().newPage();
  await other.goto(pathToFileURL(file).href);
  await other.waitForSelector('[data-edited=wrong]');
  assert.equal(await written(other), wrong);
  await other.close();
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-edited] >> text=Download')]);
  assert.equal(download.suggestedFilename(), 'prisoners_dilemma-edited.dtn');
  assert.equal(readFileSync(await download.path(), 'utf8'), wrong);

  // Back, and forth.
  await page.click('text=Back to the original');
  await agree(page, text, 'the original');
  assert.equal(await page.locator('[data-edited]').count(), 0);
  assert.equal(await written(page), text);
  await page.click('text=Bring the edit back');
  await page.waitForSelector('[data-edited=wrong]');
  assert.equal(await written(page), wrong);
  await page.click('text=Back to the original');
  await page.reload();
  await ready(page);
  assert.equal(await page.locator('[data-edited]').count(), 0);
  await opened.done();
  console.log('edits: back to the original, and forth');

  // A browser that keeps nothing.
  const refused = await open(NAME, null, POLICIES, { before: refuse });
  const leaving = () => refused.page.evaluate(() => window.dispatchEvent(new Event('beforeunload', { cancelable: true })));
  assert.ok(await leaving(), 'nothing to lose');
  await refused.page.click('#tab-assumptions');
  await writeAnd(refused.page, first, '#tab-compare');
  await refused.page.waitForSelector("text=This browser doesn't keep it");
  await agree(refused.page, first, 'nothing kept');
  assert.ok(!(await leaving()), 'whoever leaves is asked');
  await refused.done();
  console.log('edits: a browser that keeps nothing');
});
