// What leaves the page, opened and read back: of every chart and table the numbers, of one the drawing and
// the picture, each with title, policies, moved numbers, source and the model's hash. And the numbers that
// decide: a ranking that turns where it must by hand.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessible, detente, everyPanel, folder, inBrowser, model, move, native, open, ready, SHOWN } from './chromium.mjs';

// `other` brings it about with probability q, `own` with p: they are equal where p is q.
const TURNS = `model turns "Where a ranking turns"
horizon 1
actor A "Whoever moves"
param p = 0.3 in 0 .. 1 "chance of the one way" judgement
param q = 0.6 in 0 .. 1 "chance of the other way" judgement
state x : bool = no
stage s : A { A.one { with p { x := yes } } A.two { with q { x := yes } } }
outcome x "It comes about, as “here”, or not" maximise headline = ever(x)
policy own "The one way, “own”" { force A.one }
policy other "The other way" { force A.two }
`;
const CLEAR = 0.01; // a difference below this part of the larger number isn't one

/** Rows of a CSV file without its comments; every cell may stand in quotes. */
function cells(text) {
  const lines = text.split('\r\n').filter((line) => line && !line.startsWith('# '));
  return lines.map((line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => m[1]?.replaceAll('""', '"') ?? m[2] ?? ''));
}

async function take(page, scope, what) {
  await scope.locator('.leave summary').click();
  const [download] = await Promise.all([page.waitForEvent('download'), scope.locator('.leave .menu button', { hasText: what }).click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

await inBrowser(async () => {
  detente('study', model('classics/prisoners-dilemma.dtn'), '--worlds', '120', '--seed', '1', '-o', join(folder, 'dilemma.study'), '--quiet');
  const opened = await open('dilemma.study', '', [], { hash: '', acceptDownloads: true });
  const { page } = opened;
  const hash = createHash('sha256').update(readFileSync(model('classics/prisoners-dilemma.dtn'))).digest('hex');
  await move(page, 'lambda', 2);
  await ready(page);
  let count = 0;
  await everyPanel(page, async (panel) => {
    if (SHOWN[panel]) await page.waitForSelector(SHOWN[panel]);
    for (const menu of await page.locator('main :has(> .leave)').all()) {
      if (!(await menu.isVisible())) continue;
      const { name, bytes } = await take(page, menu, 'Numbers');
      const text = bytes.toString();
      assert.match(name, /^prisoners_dilemma-[\w-]+\.csv$/);
      for (const word of ['lambda = 2 (base case 1)', hash, 'detente ', 'Source: ']) assert.ok(text.includes(word), `${panel}, ${name}: no ${word}`);
      const rows = cells(text);
      assert.ok(rows.length > 1 && rows.every((row) => row.length === rows[0].length), `${panel}, ${name}: ${rows.map((r) => r.length)}`);
      count++;
    }
  });
  assert.ok(count >= 8, `${count} charts and tables leave`);
  console.log(`exports: ${count} tables of numbers`);

  await page.click('#tab-compare');
  await page.waitForSelector(SHOWN.compare);
  const card = page.locator('section.card:has(#outcome-both)');
  const wanted = native(model('classics/prisoners-dilemma.dtn'), ['separate', 'joint'], { lambda: 2 }).policies;
  const [head, ...rows] = cells((await take(page, card, 'Numbers')).bytes.toString());
  for (const row of rows) assert.ok(Math.abs(row[head.indexOf('now')] - wanted[row[0]].outcomes.both) < 1e-9, row.join());
  assert.deepEqual(rows.map((row) => row[0]), ['separate', 'joint']);
  const svg = (await take(page, card, 'Drawing')).bytes.toString();
  const read = await page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
    return { wrong: parsed.querySelector('parsererror')?.textContent ?? '', texts: [...parsed.querySelectorAll('text')].map((t) => t.textContent).join(' '), links: parsed.querySelectorAll('image, foreignObject, script, [href]').length };
  }, svg);
  assert.equal(read.wrong, '');
  assert.equal(read.links, 0, 'it needs nothing from anywhere');
  const labels = await card.locator('th').allTextContents();
  for (const word of [await card.locator('h3 > button').textContent(), ...labels, 'lambda = 2', hash, 'dilemma.study', 'box the middle half']) assert.ok(read.texts.includes(word), `no ${word} in ${read.texts}`);
  const png = (await take(page, card, 'Picture (PNG)')).bytes;
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
  assert.equal(png.readUInt32BE(16), 1640, 'two pixels for each of the drawing');
  const grey = await page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    return new Set(new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer)).size;
  }, png.toString('base64'));
  assert.ok(grey > 20, `${grey} colours: something is drawn`);
  await card.locator('.leave summary').click();
  await accessible(page, 'a menu is open');
  await opened.done();
  console.log('exports: a drawing and a picture');

  const turns = await open('turns.dtn', TURNS, []);
  await turns.page.click('text=Find the numbers that decide');
  await turns.page.waitForSelector('[data-sweep=done]');
  const said = Object.fromEntries(await turns.page.$$eval('[data-turn]', (all) => all.map((e) => [e.dataset.turn, e.textContent])));
  const at = (text) => Number(/(?:above|below) ([\d.]+) \(/.exec(text)[1]);
  assert.match(said.p, /Would have to be above .* \(it is 0\.3\) for “The one way, “own”” to have the most of .* in place of “The other way”/);
  assert.ok(Math.abs(at(said.p) - 0.6 / (1 - CLEAR)) < 0.7 / 2 ** 8 + 0.001, said.p);
  assert.ok(Math.abs(at(said.q) - 0.3 * (1 - CLEAR)) < 0.6 / 2 ** 8 + 0.001, said.q);
  await accessible(turns.page, 'what decides');
  await turns.done();
  console.log('what decides: rankings turn where they must');
});
