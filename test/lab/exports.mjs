// What leaves the page, opened and read back: of every chart and table the numbers and the drawing, of one the
// picture, each with title, policies, moved numbers, source and the model's hash; nothing is drawn that has no way
// out, and each stands alone in a frame with the same numbers. And the numbers that decide: a ranking that turns
// where it must by hand.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { accessible, begin, cells, detente, everyPanel, folder, inBrowser, model, move, native, open, ready, SHOWN, take as act, TURNS, unfold } from './chromium.mjs';

const CLEAR = 0.01; // a difference below this part of the larger number isn't one

/** What a menu of a part of the page saves. */
async function take(page, scope, what) {
  const held = (await scope.elementHandle?.()) ?? scope; // what comes later doesn't take its place
  await (await held.$('.leave summary')).click();
  const button = await held.$(`.leave .menu button:has-text("${what}")`);
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** Charts and tables that no menu stands by: in the same figure, section or fold. */
const shutIn = (page) => page.$$eval('main :is(table, figure, [role=img])', (all) => all.filter((e) => {
  if (!e.checkVisibility() || e.closest('.leave')) return false;
  for (let at = e; at && at.localName !== 'main'; at = at.parentElement) if (at.matches('figure, section, details') && at.querySelector('.leave')) return false;
  return true;
}).map((e) => e.outerHTML.slice(0, 120)));

/** A drawing as a reader's program finds it. */
const readDrawing = (page, svg) => page.evaluate((text) => {
  const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
  const texts = [...parsed.querySelectorAll('text')].map((t) => t.textContent).join(' ');
  const wrong = parsed.querySelector('parsererror')?.textContent ?? '';
  return { wrong, texts, height: Number(parsed.documentElement.getAttribute('height')), lacks: /NaN|undefined/.test(text), links: parsed.querySelectorAll('image, foreignObject, script, [href]').length };
}, svg);

/** Every chart of a page, alone in a frame, has the numbers that it has in the page. */
async function alone(file, hash, charts, words = []) {
  const opened = await open(file, '', [], { words, hash: `${hash}&panel=${charts[0].panel}&embed=${charts[0].name}`, acceptDownloads: true, waits: false, state: '.alone' });
  const { page } = opened;
  for (const [i, { panel, name, csv }] of charts.entries()) {
    if (i) await page.evaluate((to) => (location.hash = to), `${hash}&panel=${panel}&embed=${name}`);
    await page.waitForSelector(`[data-alone="${name}"][data-current=true]`);
    if (panel === 'watch') await page.waitForSelector('.alone .hint:has-text("2000 histories")');
    const shown = page.locator('.alone > figure');
    assert.equal((await take(page, shown, 'Numbers')).bytes.toString(), csv, `${panel}, ${name}`);
    assert.ok(await shown.locator('svg, table').first().isVisible(), `${panel}, ${name}: nothing is drawn`);
    assert.ok((await shown.textContent()).includes('Source: '), name);
    const back = await page.getAttribute('.alone > p > a', 'href');
    assert.ok(/^#panel=\w+&policies=[\w,]+(&set=lambda:2)?$/.test(back) && back.includes(hash.slice(1)), back);
    if (i % 8 === 0) await accessible(page, `alone: ${name}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}: too wide`);
  }
  await opened.done();
}

/** Everything that a panel draws: each has a menu, and each menu's file and drawing say what they are of (`words`). */
async function all(page, panel, model, words) {
  const charts = [];
  await unfold(page);
  assert.deepEqual(await shutIn(page), [], panel);
  await accessible(page, panel);
  for (const menu of await page.$$('main :has(> .leave)')) {
    if (!(await menu.isVisible())) continue;
    const { name, bytes } = await take(page, menu, 'Numbers');
    const text = bytes.toString();
    assert.match(name, new RegExp(`^${model}-[\\w-]+\\.csv$`));
    for (const word of [...words, 'detente ', 'Source: ']) assert.ok(text.includes(word), `${panel}, ${name}: no ${word}`);
    const rows = cells(text);
    assert.ok(rows.length > 1 && rows.every((row) => row.length === rows[0].length), `${panel}, ${name}: ${rows.map((r) => r.length)}`);
    const drawn = await readDrawing(page, (await take(page, menu, 'Drawing')).bytes.toString());
    assert.ok(!drawn.wrong && !drawn.lacks && !drawn.links && drawn.height > 100 && words.every((word) => drawn.texts.includes(word)), `${panel}, ${name}: ${JSON.stringify(drawn)}`);
    const framed = (await menu.$('.leave .menu button:has-text("frame")')) !== null;
    charts.push({ panel, name: name.slice(`${model}-`.length, -'.csv'.length), csv: text, framed });
  }
  return charts;
}

/** A match to its end, with what came of it; then its transcript among those of a class. */
async function played(page, model, words) {
  await page.check('.setup fieldset input >> nth=0');
  await begin(page, [], 5);
  while (await page.$('.card.turn')) await act(page, 1);
  await page.waitForSelector('.card.end >> text=2000 histories');
  const found = await all(page, 'play', model, words);
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=Download the transcript')]);
  await page.click('text=Another match');
  await page.click('.gather summary');
  await page.setInputFiles('.gather input', await file.path());
  await page.waitForSelector('.gather table');
  return [...found, ...(await all(page, 'play', model, words))];
}

/** What only a fit and a referee's findings bring to a page. */
async function fitted() {
  const path = model('classics/deterrence.dtn'), said = join(folder, 'said.json');
  detente('fit', path, '--history', model('classics/deterrence.csv'), '--free', 'lambda_c,prize', '--particles', '64', '-o', join(folder, 'deterrence.fit'), '--quiet');
  const finding = { kind: 'noise', gravity: 'grave', number: null, text: 'half of it, "as it were", is chance', command: 'detente run MODEL' };
  writeFileSync(said, JSON.stringify({ model: 'deterrence', version: '0', grave: true, solutions: 3, kept: 0, findings: [finding, { ...finding, gravity: 'mild' }] }));
  const words = ['--referee', said, '--history', model('classics/deterrence.csv')];
  const opened = await open('deterrence.fit', '', [], { hash: '', acceptDownloads: true, words });
  const { page } = opened;
  const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
  const charts = [];
  for (const panel of ['record', 'referee']) {
    await page.click(`#tab-${panel}`);
    charts.push(...(await all(page, panel, 'deterrence', [hash])));
  }
  const findings = cells(charts.at(-1).csv);
  assert.deepEqual(findings.slice(1), [['grave', finding.kind, finding.text, finding.command], ['mild', finding.kind, finding.text, finding.command]]);
  for (const name of ['lambda_c-learned', 'prize-learned', 'move-C-one', 'move-C-free-running', 'findings']) assert.ok(charts.some((chart) => chart.name === name), `${name} is not among ${charts.map((c) => c.name)}`);
  await opened.done();
  console.log(`exports: ${charts.length} of a fit and a referee`);
  await alone('deterrence.fit', '#', [charts[0], charts.at(-1)], words);
}

await inBrowser(async () => {
  detente('study', model('classics/prisoners-dilemma.dtn'), '--worlds', '120', '--seed', '1', '-o', join(folder, 'dilemma.study'), '--quiet');
  const opened = await open('dilemma.study', '', [], { hash: '', acceptDownloads: true });
  const { page } = opened;
  const hash = createHash('sha256').update(readFileSync(model('classics/prisoners-dilemma.dtn'))).digest('hex');
  await move(page, 'lambda', 2);
  await ready(page);
  const charts = [];
  await everyPanel(page, async (panel) => {
    if (SHOWN[panel]) await page.waitForSelector(SHOWN[panel]);
    await unfold(page);
    if (panel === 'compare') await page.click('#outcome-both button');
    if (panel === 'compare') await page.waitForSelector('[data-part]');
    if (panel === 'watch') await page.waitForSelector('text=2000 histories');
    if (panel === 'why') await page.waitForSelector('.waterfall');
    const words = ['lambda = 2 (base case 1)', hash];
    charts.push(...(await all(page, panel, 'prisoners_dilemma', words)));
    if (panel === 'play') charts.push(...(await played(page, 'prisoners_dilemma', words)));
  });
  assert.deepEqual([...new Set(charts.map(({ panel }) => panel))], ['answer', 'compare', 'time', 'why', 'stages', 'watch', 'play', 'robustness', 'assumptions', 'certificates']);
  console.log(`exports: ${charts.length} charts and tables, as numbers and as drawings`);
  await alone('dilemma.study', '#set=lambda:2', charts.filter(({ framed }) => framed));
  console.log('exports: each alone in a frame');
  await fitted();

  await page.click('#tab-compare');
  await page.waitForSelector(SHOWN.compare);
  const card = page.locator('section.card:has(#outcome-both)');
  const wanted = native(model('classics/prisoners-dilemma.dtn'), ['separate', 'joint'], { lambda: 2 }).policies;
  const [head, ...rows] = cells((await take(page, card, 'Numbers')).bytes.toString());
  for (const row of rows) assert.ok(Math.abs(row[head.indexOf('now')] - wanted[row[0]].outcomes.both) < 1e-9, row.join());
  assert.deepEqual(rows.map((row) => row[0]), ['separate', 'joint']);
  const svg = (await take(page, card, 'Drawing')).bytes.toString();
  const read = await readDrawing(page, svg);
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
  await opened.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await card.locator('.leave .menu button', { hasText: 'frame' }).click();
  await card.locator('.leave [role=status]:has-text("copied")').waitFor({ state: 'attached' });
  const line = await page.evaluate(() => navigator.clipboard.readText());
  const host = join(folder, 'host.html');
  writeFileSync(host, `<!doctype html><title>An article</title>${line}`);
  await page.goto(pathToFileURL(host).href);
  const framed = page.frameLocator('iframe[title="Both cooperate"]');
  await framed.locator('[data-alone=both][data-current=true] svg').waitFor();
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
