// Four readers, each from opening the file to what they came for: a staffer who wants a sentence to quote, a
// scholar who doubts an assumption, a journalist who needs one chart, a newcomer on a phone. With DETENTE_READERS
// set, as it makes a study of the Korea model's first edition. Pictures are drawn into the folder that is the last word of the command line.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

if (!process.env.DETENTE_READERS) {
  console.log('skipped: DETENTE_READERS is not set');
  process.exit(0);
}
const { accessible, detente, folder, inBrowser, mode, model, move, native, open, ready, SHOWN } = await import('./chromium.mjs');

const NAME = '../test/referee/korea-first.dtn';
const POLICIES = ['as_is', 'sequenced', 'seoul_leads', 'seoul_guarantees'];
const picture = (page, name) => mode && page.screenshot({ path: join(mode, `${name}.png`) });

await inBrowser(async () => {
  const path = model(NAME);
  const study = join(folder, 'korea-first.study');
  detente('study', path, '--worlds', '16', '--seed', '1', ...POLICIES.flatMap((p) => ['--policy', p]), '-o', study, '--quiet');
  const chosen = POLICIES.slice(0, 3);

  // The staffer: nothing is clicked; the question, a sentence with a band and a share of worlds, and the basis.
  const first = await open('korea-first.study', '', chosen, { hash: '', viewport: { width: 1280, height: 900 }, acceptDownloads: true });
  const { page } = first;
  const answer = page.locator('.answer');
  assert.match(await answer.locator('.question').innerText(), /keeps the peace/);
  const war = await answer.locator('[data-about=war]').innerText();
  assert.match(war, /War within five years: .*\d+(\.\d+)? in 100/s);
  assert.match(war, /guarantees|Seoul/, 'the policy has its text');
  assert.doesNotMatch(war, /seoul_guarantees|as_is/, 'and not its identifier');
  assert.match(await answer.locator('.basis').innerText(), /worlds/);
  assert.ok((await answer.locator('[data-about=war]').boundingBox()).y < 900, 'it is on the first screen');
  const nominal = native(path, ['as_is'], {}).policies.as_is.outcomes.war;
  const interval = page.locator('[data-interval=as_is][data-about=war]');
  assert.match(await interval.innerText(), /in 100\s*★?\s*[\d.]+ % to [\d.]+ %/);
  const [low, high] = /([\d.]+) % to ([\d.]+) %/.exec(await interval.innerText()).slice(1).map((x) => x / 100);
  if (nominal < low || nominal > high) assert.match(await interval.innerText(), /outside/, 'what lies outside its band is told to');
  await accessible(page, 'staffer');
  await picture(page, 'staffer');
  console.log('staffer: a sentence, without a click');

  // The scholar: looks an assumption up, moves it, sees the sentences follow, sends the link.
  await page.click('#tab-compare');
  await page.fill('input[type=search]', 'accident');
  await page.locator('#param-accident').waitFor();
  const set = await page.$eval('#param-accident', (input) => Number(input.max));
  await move(page, 'accident', set);
  await ready(page);
  await page.waitForSelector('.ghost');
  const value = Number(await page.getAttribute('tr[data-policy=as_is][data-outcome=war]', 'data-value'));
  assert.ok(Math.abs(value - native(path, ['as_is'], { accident: set }).policies.as_is.outcomes.war) < 1e-9);
  assert.match(await page.locator('li:has(#param-accident)').innerText(), /judgement|Study|Essay|\w+ \d{4}/, 'with its source');
  await picture(page, 'scholar');
  const link = await page.$eval('footer button', (copy) => (copy.click(), location.hash));
  assert.match(link, new RegExp(`set=accident:${set}`));
  await page.click('#tab-answer');
  assert.match(await answer.locator('.basis').innerText(), /numbers set, of which 1 is moved/);
  console.log('scholar: one assumption moved, and a link');
  await page.click('text=Reset all');
  await ready(page);

  // The journalist: one chart with its source, as a drawing and as numbers.
  await page.click('#tab-time');
  await page.waitForSelector(SHOWN.time);
  const chart = page.locator('main figure').first();
  const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
  for (const what of ['Drawing', 'Numbers']) {
    await chart.locator('.leave summary').click();
    const [download] = await Promise.all([page.waitForEvent('download'), chart.locator('.leave .menu button', { hasText: what }).click()]);
    const text = readFileSync(await download.path(), 'utf8').replaceAll(/<[^>]*>\s*/g, ' ');
    for (const word of ['War within five years', 'Source: The alliance and North Korea', hash]) assert.ok(text.includes(word), `${what}: no ${word}`);
  }
  await chart.locator('.leave summary').click();
  await picture(page, 'journalist');
  await first.done();
  console.log('journalist: one chart, as a drawing and as numbers');

  // The newcomer: a phone; results before sliders, nothing wider than the screen, words explained.
  const phone = await open('korea-first.study', '', chosen, { hash: '', viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
  assert.ok(await phone.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'too wide');
  assert.ok((await phone.page.locator('.question').boundingBox()).y < 420, 'the question is on the first screen');
  await picture(phone.page, 'newcomer');
  await phone.page.click('.reading summary');
  assert.match(await phone.page.innerText('.reading'), /if the game were played a hundred times/);
  await phone.page.locator('.legend .word-tip').first().focus();
  await accessible(phone.page, 'newcomer');
  await phone.page.click('#tab-compare');
  await phone.page.click('#outcome-war button');
  assert.ok((await phone.page.locator('.dock').boundingBox()).y < 844, 'what is asked for is seen');
  await phone.page.keyboard.press('Escape');
  assert.equal(await phone.page.locator('.dock').count(), 0);
  await phone.done();
  console.log('newcomer: a phone');
});
