// Playing and watching on the page: a whole match by clicks, which is the one that the terminal plays with the same
// code; the coach; the end sheet; the transcript, which `score` reads and the page gathers again with others
// of a class; a side with a secret; a history that is watched; and a tour. PICTURES: a folder that gets pictures.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessible, begin, detente, folder, inBrowser, model, open, ready, settings, take } from './chromium.mjs';

const AUDIENCE = 'classics/crisis-audience.dtn';
const pictures = process.env.PICTURES;

const snap = async (page, name) => {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
};

/** The file of a match that is played in the terminal by these answers. */
function terminal(path, words, answers) {
  const file = join(folder, 'terminal.csv');
  writeFileSync(file, '');
  const made = spawnSync('rm', [file]);
  assert.equal(made.status, 0);
  const done = spawnSync(process.env.DETENTE, ['play', path, ...words, '-o', file], { input: answers.join('\n') });
  assert.equal(done.status, 0, done.stderr.toString());
  return { file: readFileSync(file, 'utf8'), said: done.stdout.toString() };
}

async function download(page, click) {
  const [file] = await Promise.all([page.waitForEvent('download'), click()]);
  return readFileSync(await file.path(), 'utf8');
}

async function wholeMatch() {
  const { page, path, done } = await open(AUDIENCE, null, []);
  await page.click('#tab-play');
  await accessible(page, 'play, before');
  await begin(page, ['The side whose resolve is hidden'], 5);
  const code = await page.textContent('.code');
  await page.check('.turn label:has-text("coach") input');
  assert.match(await page.textContent('.choices'), /in 100/);
  await accessible(page, 'play, a turn');
  await snap(page, 'play-turn');
  let moves = 0;
  for (; await page.$('.card.turn'); moves++) await take(page, moves === 0 ? 0 : 1);
  assert.equal(moves, 2);
  await page.waitForSelector('.card.end');
  const { file, said } = terminal(path, ['--code', code], ['1', '2']);
  assert.equal(await download(page, () => page.click('text=Download the transcript')), file);
  const lost = /gave away ([\d.]+)/.exec(said)[1];
  assert.ok((await page.textContent('.card.end')).includes(`given away ${lost}`), lost);
  await page.waitForSelector('.card.end >> text=2000 histories');
  await accessible(page, 'play, the end');
  await snap(page, 'play-end');
  assert.equal(spawnSync(process.env.DETENTE, ['score', path, '--rows', '--history', join(folder, 'terminal.csv')]).status, 0);
  // a code made in the terminal, taken on the page
  await page.click('text=Another match');
  await page.fill('.setup form >> nth=1 >> input', 'nonsense');
  await page.click('text=Take this code');
  await page.waitForSelector('.setup .bad:has-text("no code")');
  await page.fill('.setup form >> nth=1 >> input', code);
  await page.click('text=Take this code');
  await page.waitForSelector('.turn');
  assert.equal(await page.textContent('.code'), code);
  await done();
  // and by a link
  const { page: invited, done: left } = await open(AUDIENCE, null, [], { hash: `#panel=play&match=${code}` });
  await invited.waitForSelector('.card.turn');
  assert.equal(await invited.textContent('.code'), code);
  await left();
}

/** A class: three who played one code, one file of something else. */
async function teacher() {
  const { page, path, done } = await open(AUDIENCE, null, []);
  const words = ['--as', 'A', '--seed', '5'];
  const files = [['1', '2'], ['1', '1', '1', '1', '1', '1'], ['3']].map((answers, i) => {
    const name = join(folder, `pupil-${i + 1}.csv`);
    writeFileSync(name, terminal(path, words, answers).file);
    return name;
  });
  const stray = join(folder, 'stray.csv');
  writeFileSync(stray, detente('sample', path));
  await page.click('#tab-play');
  await page.click('.gather summary');
  await page.setInputFiles('.gather input[type=file]', [...files, stray]);
  await page.waitForSelector('.gather section:has-text("3 of 4 files")');
  const rows = await page.$$eval('.gather table >> nth=0 >> tbody tr', (all) => all.map((row) => row.innerText));
  assert.equal(rows.length, 4);
  assert.match(rows[3], /no transcript/);
  const forks = await page.textContent('.gather table >> nth=1');
  assert.match(forks, /Go on: 2; Attack: 1/);
  await accessible(page, 'a class');
  await snap(page, 'play-class');
  const sheet = await download(page, () => page.click('text=Download the sheet'));
  assert.equal(sheet.trim().split('\n').length, 1 + rows.slice(0, 3).reduce((n, row) => n + Number(row.split('\t')[2]), 0));
  await done();
}

async function watch() {
  const { page, path, done } = await open(AUDIENCE, null, []);
  await page.click('#tab-watch');
  await page.fill('.tools input[type=number]', '5');
  await page.press('.tools input[type=number]', 'Enter');
  await page.waitForSelector('.reel input[max="3"]');
  const periods = Number(await page.getAttribute('.reel input', 'max'));
  const sampled = detente('sample', path, '--seed', '5', '--private').toString().trim().split('\n');
  assert.equal(periods, sampled.length - 2);
  await page.selectOption('.tools select >> nth=1', { label: 'fast' });
  await page.click('.tools button.main');
  await page.waitForSelector('text=From the start');
  assert.equal((await page.$$('.story h3')).length, periods);
  await page.waitForSelector('text=2000 histories');
  await accessible(page, 'watch');
  await snap(page, 'watch');
  await page.click('text=Another history');
  await page.waitForSelector('.story');
  await done();
}

const TOURED = (text) => `${text}
tour "In two steps" {
  step "Without a promise." show compare war neither promised
  step "A number is moved." set war_d = 1.5
}
`;

async function tour() {
  const text = readFileSync(model('classics/deterrence.dtn'), 'utf8');
  const { page, done } = await open('toured.dtn', TOURED(text), []);
  await page.click('text=Start the tour');
  await page.waitForSelector('.tour >> text=Without a promise.');
  await ready(page);
  for (const [width, height] of [[1280, 500], [390, 600]]) {
    await page.setViewportSize({ width, height });
    await page.locator('#outcome-war').evaluate((card) => card.scrollIntoView({ block: 'center' }));
    const [words, card] = await Promise.all(['.tour .words', '#outcome-war'].map((at) => page.locator(at).first().boundingBox()));
    assert.ok(words.y >= 0 && words.y + words.height <= card.y && card.y < height, `${width} px: the sentence stays in view, above what it shows`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.check('.tour label:has-text("Guess") input');
  assert.equal(await page.isVisible('main h3 >> nth=0'), false);
  await page.click('.tour [role=group] button >> nth=0');
  await page.waitForSelector('.tour [role=status]');
  await page.check('.tour label:has-text("Large") input');
  await accessible(page, 'the tour');
  await snap(page, 'tour');
  await page.focus('.tour .words');
  await page.keyboard.press('ArrowRight');
  await page.waitForSelector('.tour >> text=A number is moved.');
  await ready(page);
  assert.deepEqual(await settings(page), { war_d: '1.5' });
  await page.keyboard.press('ArrowRight');
  await page.waitForSelector('.tour >> text=Your turn');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.waitForSelector('.tour >> text=Without a promise.');
  await ready(page);
  assert.deepEqual(await settings(page), {});
  await page.keyboard.press('Escape');
  await page.waitForSelector('text=Start the tour');
  await done();
}

await inBrowser(async () => {
  await wholeMatch();
  await teacher();
  await watch();
  await tour();
});
