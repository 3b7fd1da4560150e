// The editor of the page, as whoever writes has it: it is read when it is opened; words are coloured as the engine says, each of
// them; a wrong name is marked where it stands, with its cure; what may stand somewhere is offered; one searches; what
// was written is undone here, what was done in the page after it; by keys alone, on a phone, and for axe.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Engine } from '../../web/engine/engine.mjs';
import { accessible, agreeText, inBrowser, move, open, root, SHOWN, write, written } from './chromium.mjs';
import { partOf } from './parts.mjs';

const POLICIES = ['separate', 'joint'];
const NAME = 'classics/prisoners-dilemma.dtn';

/** The engine that stands in a page. */
const engineOf = (file) => new Engine(new WebAssembly.Module(partOf(file, 'engine')));

/** Of every character the kind of its word: as the engine says, and as it is shown; '' for signs and blanks. */
function told(engine, text) {
  const { kinds, spans } = engine.marks(text).marks;
  const of = Array(text.length).fill('');
  for (let i = 0; i < spans.length; i += 3) of.fill(kinds[spans[i + 2]], spans[i], spans[i] + spans[i + 1]);
  return of.map((kind, i) => [text[i], kind]).filter(([c]) => c !== '\n');
}

const shown = (page) => page.$$eval('.cm-line', (lines) => lines.flatMap((line) => {
  const found = [];
  const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const kind = /\bis-(\w+)/.exec(walk.currentNode.parentElement.closest('[class*=is-], .cm-line').className)?.[1] ?? '';
    for (const unit of walk.currentNode.data.split('')) found.push([unit, kind]);
  }
  return found;
}));

/** What the editor finds is selected; then it is written over. */
async function replace(page, what, by) {
  await page.locator(SHOWN.assumptions).focus();
  await page.keyboard.press('Control+F');
  await page.fill('.cm-search [name=search]', '');
  await page.type('.cm-search [name=search]', what);
  await page.press('.cm-search [name=search]', 'Enter');
  await page.keyboard.press('Escape');
  await page.keyboard.insertText(by); // at once: no text in between is checked
}

async function agree(page, text, where) {
  await agreeText(page, text, POLICIES, where);
  await page.click('#tab-assumptions');
  await page.waitForSelector(SHOWN.assumptions);
}

const right = (page) => page.waitForSelector('[data-checked=right]');

await inBrowser(async () => {
  const opened = await open(NAME, null, POLICIES);
  const { page, path, file } = opened;
  const text = readFileSync(path, 'utf8');
  assert.equal(await page.evaluate(() => typeof globalThis.detenteEditor), 'undefined', 'it is read when it is opened');
  assert.equal(await written(page), text);
  await right(page);
  await accessible(page, 'the editor');

  // Every kind of word, in texts that between them have every word of the language (test/unit/test_marks.c), right or wrong.
  const engine = engineOf(file);
  for (const name of ['test/format/constructs.dtn', 'test/format/tour.dtn', 'test/format/presentation.dtn']) {
    const whole = `# Ĝ \u{1F600}\n${readFileSync(join(root, name), 'utf8')}`;
    const lines = whole.replace(/\r\n?/g, '\n').split('\n').slice(0, 60);
    await write(page, lines.join('\n'));
    await page.waitForSelector('[data-marked=yes]');
    assert.deepEqual(await shown(page), told(engine, lines.join('\n')), name);
  }
  await write(page, text);
  await right(page);
  console.log('editor: every word has the colour that the engine says');

  // A name is misspelt: it is told where it stands, with the cure, which is written by a click.
  await replace(page, 'mean(play.A == cooperate)', 'mean(pley.A == cooperate)');
  await page.waitForSelector('[data-checked=wrong]');
  assert.equal(await page.textContent('.cm-lintRange-error'), 'pley');
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('F8');
  await page.waitForSelector('.cm-tooltip-lint');
  assert.match(await page.textContent('.cm-tooltip-lint'), /did you mean 'play'\?/);
  await accessible(page, 'what is wrong');
  await page.click('.cm-diagnosticAction >> text=Write play');
  await right(page);
  assert.equal(await written(page), text);
  assert.equal(await page.locator('.cm-lintRange-error').count(), 0);
  console.log('editor: what is wrong is marked, with its cure');

  // What may stand at a place is offered, what belongs there first; one is taken, the numbers follow, and go back with it.
  await replace(page, '== cooperate and', '== ');
  await page.keyboard.press('Control+Space');
  await page.waitForSelector('.cm-tooltip-autocomplete li[aria-selected]');
  const offers = await page.$$eval('.cm-tooltip-autocomplete .cm-completionLabel', (all) => all.map((e) => e.textContent));
  assert.deepEqual(offers.slice(0, 2), ['cooperate', 'defect']);
  assert.ok(offers.includes('lambda') && !offers.includes('outcome'), offers.join(' '));
  assert.equal(await page.getAttribute(SHOWN.assumptions, 'aria-activedescendant'), await page.getAttribute('.cm-tooltip-autocomplete li[aria-selected]', 'id'));
  await accessible(page, 'what may stand there');
  await page.keyboard.type('de');
  await page.waitForSelector('.cm-tooltip-autocomplete li .cm-completionMatchedText:text-is("de")');
  await page.click('.cm-tooltip-autocomplete li >> text=defect');
  await page.keyboard.type(' and');
  const other = text.replace('== cooperate and', '== defect and');
  assert.equal(await written(page), other);
  await right(page);
  await agree(page, other, 'completed');
  await page.locator(SHOWN.assumptions).focus();
  for (let k = 0; k < 9 && (await written(page)) !== text; k++) {
    await page.locator(SHOWN.assumptions).focus(); // what was written is undone after another panel, too
    await page.keyboard.press('Control+Z');
  }
  await right(page);
  await agree(page, text, 'undone');
  assert.equal(await page.locator('[data-edited]').count(), 0);
  console.log('editor: what may stand somewhere is offered and taken; undone, the numbers are as before');

  // The page's Undo changes the text in the editor, whose own keys take that back.
  await move(page, 'lambda', 6);
  await page.click('.undo >> text=Undo'); // so that what is written next is a step of its own, however soon it comes
  await write(page, other);
  await page.waitForSelector('[data-edited=solved]');
  await page.click('.undo >> text=Undo');
  await page.locator('.cm-line', { hasText: '== defect and' }).waitFor({ state: 'detached' });
  assert.equal(await written(page), text);
  await page.locator(SHOWN.assumptions).focus();
  await page.keyboard.press('Control+Z');
  assert.equal(await written(page), other);
  await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => !document.activeElement.closest('.cm-editor')), 'Tab leaves the text');
  await opened.done();

  // Where nothing was written, the keys of the editor undo what was done in the page.
  const fresh = await open(NAME, null, POLICIES);
  const lambda = () => fresh.page.inputValue('#param-lambda');
  const before = await lambda();
  await written(fresh.page);
  await move(fresh.page, 'lambda', '3');
  await fresh.page.locator(SHOWN.assumptions).focus();
  await fresh.page.keyboard.press('Control+Z');
  assert.equal(await lambda(), before);
  await fresh.page.keyboard.press('Control+Shift+Z');
  assert.equal(await lambda(), '3');
  await fresh.done();
  console.log('editor: undo goes on in the page, and back');

  const phone = await open(NAME, null, POLICIES, { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true });
  assert.equal(await written(phone.page), text);
  await phone.page.waitForSelector('[data-marked=yes]');
  assert.ok(await phone.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && document.querySelector('.cm-scroller').scrollWidth <= innerWidth), 'lines are wrapped');
  await accessible(phone.page, 'a phone');
  await phone.done();

  const plain = await open(NAME, null, POLICIES, { forcedColors: 'active' });
  await replace((await written(plain.page), plain.page), 'horizon 1', 'horizon on');
  await plain.page.waitForSelector('.cm-lintRange-error');
  assert.match(await plain.page.$eval('.cm-lintRange-error', (e) => getComputedStyle(e).borderBottomStyle), /dotted/, 'told by more than colour');
  await plain.done();
  console.log('editor: a phone, and colours of the reader');
});
