// Five readers, each from opening the file to what they came for: a staffer who wants a sentence to quote, a
// scholar who doubts an assumption, a teacher with a class, a journalist who needs one chart, a newcomer on a phone. With
// DETENTE_READERS set, as it makes a study of the Korea model's first edition; if that names a folder, the
// pictures of docs/page.md and docs/lab.md are drawn into it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const pictures = process.env.DETENTE_READERS;
if (!pictures) {
  console.log('skipped: DETENTE_READERS is not set');
  process.exit(0);
}
const { accessible, begin, detente, everyPanel, folder, inBrowser, model, move, native, open, ready, SHOWN, take } = await import('./chromium.mjs');

const NAME = '../test/referee/korea-first.dtn';
const POLICIES = ['as_is', 'sequenced', 'seoul_leads', 'seoul_guarantees'];
const CLASS = 'classics/crisis-audience.dtn';
const picture = (page, name) => existsSync(pictures) && page.screenshot({ path: join(pictures, `${name}.png`) });

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
  assert.match(await interval.innerText(), /in 100\s*★?\s*[\d.]+ to [\d.]+/);
  const [low, high] = /([\d.]+) to ([\d.]+)/.exec(await interval.innerText()).slice(1).map((x) => x / 100);
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
  await page.waitForSelector('.answer[data-numbers=accident]:not([data-said=""])');
  assert.match(await answer.locator('.basis').innerText(), /^At these numbers only/);
  console.log('scholar: one assumption moved, and a link');
  await page.click('text=Reset all');
  await ready(page);

  // The teacher: a code to hand out, what three pupils made of it, and the sheet to speak about.
  const lesson = await open(CLASS, null, [], { hash: '#panel=play', viewport: { width: 1280, height: 900 }, acceptDownloads: true });
  await begin(lesson.page, ['The side whose resolve is hidden'], 5);
  const code = await lesson.page.textContent('.code');
  const sent = [['1', '2'], ['1', '1', '1', '1', '1', '1'], ['3']].map((answers, i) => {
    const name = join(folder, `pupil-${i + 1}.csv`);
    const played = spawnSync(process.env.DETENTE, ['play', lesson.path, '--code', code, '-o', name], { input: answers.join('\n') });
    assert.equal(played.status, 0, played.stderr.toString());
    return name;
  });
  await lesson.page.check('.turn label:has-text("coach") input');
  await take(lesson.page, 0);
  await picture(lesson.page, 'play');
  await lesson.page.click('text=Another match');
  await lesson.page.click('.gather summary');
  await lesson.page.setInputFiles('.gather input[type=file]', sent);
  await lesson.page.waitForSelector('.gather section:has-text("3 of 3 files")');
  assert.equal(await lesson.page.locator('.gather table >> nth=0 >> tbody tr').count(), 3);
  await accessible(lesson.page, 'teacher');
  await lesson.page.locator('.gather').scrollIntoViewIfNeeded();
  await picture(lesson.page, 'teacher');

  // For docs/lab.md: what one side knows alone, and a history that is watched.
  await lesson.page.click('#tab-why');
  await lesson.page.waitForSelector('[id^=belief-]');
  await lesson.page.locator('[id^=belief-]').first().scrollIntoViewIfNeeded();
  await picture(lesson.page, 'beliefs');
  await lesson.page.click('#tab-watch');
  await lesson.page.fill('.tools input[type=number]', '5');
  await lesson.page.press('.tools input[type=number]', 'Enter');
  await lesson.page.waitForSelector('.reel input[max="3"]');
  await lesson.page.selectOption('.tools select >> nth=1', { label: 'fast' });
  await lesson.page.click('.tools button.main');
  await lesson.page.waitForSelector('text=From the start');
  await lesson.page.waitForSelector('text=2000 histories');
  await picture(lesson.page, 'watch');
  await lesson.done();
  console.log('teacher: a class and its sheet');

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
  await chart.locator('.leave summary').click();

  // For docs/lab.md: every panel.
  await page.fill('aside input[type=search]', '');
  await everyPanel(page, async (panel) => {
    await page.waitForSelector(SHOWN[panel] ?? 'main');
    await ready(page);
    if (!['answer', 'watch', 'play'].includes(panel)) await picture(page, `panel-${panel}`); // these are drawn where readers use them
  });
  await page.click('#tab-compare');
  await page.click('#outcome-war button');
  for (const other of chosen.slice(1)) await page.waitForSelector(`[data-contrast=${other}]`);
  await picture(page, 'differences');
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
