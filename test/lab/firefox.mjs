// The page in Firefox, by one reader who does a bit of everything: the numbers against the program's, a slider and
// undo, a whole match that the program scores, an edit of the text, a link that carries it to somebody else, and a
// table that is saved and read back. Whatever else there is, the other tests look at in Chromium.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { agree, cells, everyPanel, folder, inBrowser, move, native, open, PATIENCE, ready, SHOWN } from './chromium.mjs';

const NAME = 'classics/crisis-audience.dtn';
const POLICIES = ['as_is', 'deaf'];
const MORE = 'policy sure { set p_hawk = 0.6 }';

/** A file that the browser saves, once it has its name and is whole: it ends in a line's end. */
async function saved(name) {
  const path = join(folder, name), until = Date.now() + PATIENCE;
  while (!existsSync(path) || !readFileSync(path, 'utf8').endsWith('\n')) {
    assert.ok(Date.now() < until, `${name} isn't saved`);
    await pause(20);
  }
  return path;
}

await inBrowser(async () => {
  const { page, path, done } = await open(NAME, null, POLICIES);
  await agree(page, path, POLICIES, {}, 'opened');
  await everyPanel(page, async (panel) => void (SHOWN[panel] && (await page.waitForSelector(SHOWN[panel]))));
  await page.click('#tab-compare');
  await move(page, 'lambda', 6);
  await ready(page);
  await agree(page, path, POLICIES, { lambda: 6 }, 'moved');
  await page.locator('section.card:has(#outcome-war) .leave summary').click();
  await page.locator('section.card:has(#outcome-war) .leave button', { hasText: 'Numbers' }).click();
  const table = readFileSync(await saved('crisis_audience-war.csv'), 'utf8');
  const now = cells(table);
  const wanted = native(path, POLICIES, { lambda: 6 }).policies;
  for (const row of now.slice(1)) assert.ok(Math.abs(row[now[0].indexOf('now')] - wanted[row[0]].outcomes.war) < 1e-9, row.join());
  assert.equal(now.length, 1 + POLICIES.length);
  await page.click('text=Undo');
  await ready(page);
  await agree(page, path, POLICIES, {}, 'undone');
  console.log('firefox: every panel, numbers, a slider, undo, a table');

  await page.click('#tab-play');
  await page.check('.setup fieldset label:has-text("The side whose resolve is hidden") input');
  await page.fill('.setup input[type=number]', '5');
  await page.click('.setup button[type=submit] >> nth=0');
  await page.waitForSelector('.card.turn');
  while (await page.$('.card.turn')) {
    await page.waitForSelector('.match[data-waiting=false]');
    await page.click('.choices button >> nth=0');
    await page.waitForSelector('.match[data-waiting=false]');
  }
  await page.waitForSelector('.card.end >> text=2000 histories');
  const code = await page.textContent('.code');
  await page.click('text=Download the transcript');
  const transcript = await saved(`${code}.csv`);
  const scored = spawnSync(process.env.DETENTE, ['score', path, '--rows', '--history', transcript]);
  assert.equal(scored.status, 0, scored.stderr.toString());
  console.log('firefox: a whole match');

  await page.click('#tab-assumptions');
  await page.focus('.editor textarea, .editor [contenteditable=true]');
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Enter');
  await page.keyboard.type(MORE);
  await page.waitForSelector('[data-edited=solved]');
  const edited = join(folder, 'edited.dtn');
  writeFileSync(edited, `${readFileSync(path, 'utf8')}\n${MORE}\n`);
  await page.click('#tab-compare');
  await page.click('.policies summary');
  await page.locator('.policies input').last().check();
  await ready(page);
  await agree(page, edited, [...POLICIES, 'sure'], {}, 'edited');
  const link = await page.$eval('footer button', (copy) => (copy.click(), location.href));
  await done();
  const theirs = await open(NAME, null, POLICIES, { hash: new URL(link).hash });
  await agree(theirs.page, edited, [...POLICIES, 'sure'], {}, 'by a link');
  await theirs.done();
  console.log('firefox: an edit, and a link that carries it');
});
