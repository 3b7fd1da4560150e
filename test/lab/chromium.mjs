// A page in Debian's Chromium, or in its Firefox where FIREFOX says where that is, for the tests of this folder:
// NAME.mjs PLAYWRIGHT AXE ROOT. Pages are made by the program, opened from disk, offline; anything in
// the console or asked of a network is a failure. Firefox is the distribution's own, spoken to by WebDriver
// BiDi, which Playwright has under an internal name; it saves downloads by itself, in `folder`. A program that
// was built without the page says so, and there is nothing to look at.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { dataOf } from './parts.mjs';

const [playwright, axe, root] = process.argv.slice(2);
export { root };

const probe = spawnSync(process.env.DETENTE, ['report', join(root, 'models/classics/crisis.dtn')]);
if (probe.stderr.includes('without the page')) {
  console.log('skipped: the program was built without the page');
  process.exit(0);
}
const { chromium, _bidiFirefox } = (await import(pathToFileURL(playwright).href)).default;
const AXE = readFileSync(axe, 'utf8');
export const PATIENCE = 300000; // milliseconds for one step; the machine may be busy
export const folder = mkdtempSync(join(tmpdir(), 'detente-page-'));
export const model = (name) => join(root, 'models', name);

export const detente = (...words) => execFileSync(process.env.DETENTE, words, { maxBuffer: 1 << 28 });
export const native = (path, policies, set) => JSON.parse(detente('run', path, '--json', '--quiet',
  ...policies.flatMap((p) => ['--policy', p]), ...Object.entries(set).flatMap(([n, v]) => ['--set', `${n}=${v}`])));

const SAVES = { 'browser.download.folderList': 2, 'browser.download.dir': folder, 'browser.download.alwaysOpenPanel': false };
const browser = process.env.FIREFOX
  ? await _bidiFirefox.launch({ executablePath: process.env.FIREFOX, firefoxUserPrefs: SAVES })
  : await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });

/** What a test does; the browser is closed whatever comes of it. */
export async function inBrowser(test) {
  try {
    await test();
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

/**
 * The page of a model, opened at Compare unless the address says otherwise: of the tree (`text` null), with a text of its own, or as it lies in the folder
 * (''). `refused`: the program's status is 1, as something isn't solved, and the page is made all the same;
 * `waits`: until all is solved; `hash`: of the address; `words`: more of the command line; `before`: what to do before the page is there, `state`: by what that is known; the
 * rest is the context's.
 */
export async function open(name, text, policies, { refused = false, waits = !refused, hash = '#panel=compare', words = [], before, state = '[data-state]', ...more } = {}) {
  const path = text === null ? model(name) : join(folder, name);
  if (text) writeFileSync(path, text);
  const file = join(folder, `${name.replaceAll('/', '-')}.html`);
  const made = spawnSync(process.env.DETENTE, ['report', path, '-o', file, ...policies.flatMap((p) => ['--policy', p]), ...words]);
  assert.equal(made.status, refused ? 1 : 0, made.stderr.toString());
  const context = await browser.newContext({ viewport: { width: 1300, height: 900 }, ...more });
  await context.setOffline(true);
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (m) => wrong.push(`console: ${m.text()}`));
  page.on('pageerror', (e) => wrong.push(`error: ${e.message}`));
  page.on('dialog', (d) => wrong.push(`dialog: ${d.message()}`));
  page.on('request', (r) => /^(file|blob):/.test(r.url()) || wrong.push(`asked for ${r.url()}`));
  page.setDefaultTimeout(PATIENCE);
  await before?.(page);
  await page.goto(pathToFileURL(file).href + hash);
  await page.waitForSelector(state);
  if (waits) await ready(page);
  // Firefox may quit with its last page, even while the next is on its way: there they are closed with the browser.
  return { page, path, file, done: async () => (assert.deepEqual(wrong, [], name), process.env.FIREFOX || context.close()) };
}

/** A sentence of the terminal in the page's signs. */
export const typeset = (sentence) => sentence.replace(/(\d)%/g, '$1 %').replace(/(?<=[( ])-(?=\d)/g, '−');

export const ready = (page) => page.waitForSelector('[data-state=ready]');

// No violation of any weight, of WCAG 2.2 AA, targets of 24 pixels included, nor of what axe calls good practice; what stands
// behind a menu that is closed isn't looked at.
export async function accessible(page, where) {
  const found = await page.evaluate(async (source) => {
    if (!window.axe) new Function(source)();
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } });
    return violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 160)} ${n.any[0]?.message ?? ''}`).join(' | ')}`);
  }, AXE);
  assert.deepEqual(found, [], where);
}

/** What is there once a panel is. */
export const SHOWN = {
  answer: '.answer .sentences',
  compare: '.card .number',
  time: '.cards:not(.stale) figure svg',
  why: '[data-explained]:not([data-explained=""]) .split',
  stages: '.stages .moves',
  watch: '.story',
  play: '.setup',
  assumptions: '.editor[data-opened] .cm-content',
  certificates: '.certificates tbody td',
  robustness: '.tornado .number',
};

/** Opens everything that is folded in a panel, and what is folded in that. */
export async function unfold(page) {
  const fold = 'main details:not([open]):not(.leave):not(.diff)';
  for (let open = 0; open < 3; open++) await page.$$eval(fold, (all) => all.forEach((details) => (details.open = true)));
}

/** The numbers in the page's address, which is written now and then, and at once for whoever copies it. */
export async function settings(page) {
  const hash = await page.$eval('footer button', (copy) => (copy.click(), location.hash));
  return Object.fromEntries((/set=([^&]*)/.exec(hash)?.[1] ?? '').split(',').filter(Boolean).map((pair) => pair.split(':')));
}

/** Every panel of a page is opened in turn. */
export async function everyPanel(page, look) {
  for (const tab of await page.$$eval('[role=tab]', (tabs) => tabs.map((t) => t.id))) {
    await page.click(`#${tab}`);
    await look(tab.slice('tab-'.length));
  }
}

/** Moves a number by its slider. */
export async function move(page, name, value) {
  await page.$eval(`#param-${name}`, (input, to) => {
    input.value = to;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }, value);
}

/** The text in the editor, all of it; the panel is opened if it isn't. */
export async function written(page) {
  await page.click('#tab-assumptions');
  await page.waitForSelector(SHOWN.assumptions);
  return page.evaluate(() => globalThis.detenteEditor.textIn(document.querySelector('.cm-content')));
}

/** Writes a text in the place of the one in the editor, as one that pastes it does. */
export async function write(page, text) {
  await page.click('#tab-assumptions');
  await page.locator(SHOWN.assumptions).focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(text);
}

/** What Compare shows: a row for each outcome and policy; the value is '' where there is none. */
export const rows = (page) => page.$$eval('tr[data-outcome]', (all) => all.map((r) => ({ ...r.dataset })));

/** Compare shows just these policies, and of each the program's numbers for these settings, to 1e-9. */
export async function agree(page, path, policies, set, where) {
  const wanted = native(path, policies, set).policies;
  const found = await rows(page);
  assert.deepEqual([...new Set(found.map(({ policy }) => policy))].sort(), [...policies].sort(), where);
  for (const { policy, outcome, value } of found) {
    const number = wanted[policy].outcomes[outcome];
    assert.ok(value !== '' && Math.abs(Number(value) - number) <= 1e-9 * Math.max(1, Math.abs(number)), `${where}: ${outcome} under ${policy} is ${value}, not ${number}`);
  }
}

/** Goes to Answer, where a number is moved or the text edited: sentences and what they rest on are those that the
 * program writes of these policies for these settings, and name as best who is so by the numbers of `run`. */
export async function agreeSaid(page, path, policies, set, where) {
  const file = join(folder, 'said.html');
  const made = spawnSync(process.env.DETENTE, ['report', path, '-o', file, ...policies.flatMap((p) => ['--policy', p]), ...Object.entries(set).flatMap(([n, v]) => ['--set', `${n}=${v}`])]);
  assert.ok(made.status <= 1, made.stderr.toString());
  const { answered, model: about } = dataOf(file);
  await page.click('#tab-answer');
  const shown = (policies.length ? policies : about.policies.map((p) => p.name)).join(' ');
  const moved = about.params.flatMap(({ name }) => (name in set ? [name] : [])).join(' ');
  await page.waitForSelector(`[data-said="${shown}"][data-numbers="${moved}"]`);
  const said = Object.fromEntries(await page.$$eval('.sentences li', (all) => all.map((li) => [li.dataset.about, [...li.children].slice(0, 2).map((e) => e.textContent).join(': ')])));
  assert.deepEqual(said, Object.fromEntries(answered.outcomes.map(({ outcome, text }) => [about.outcomes[outcome].name, text])), where);
  const [, whose, basis] = /^At (.*) numbers (only.*)$/.exec(await page.textContent('.basis'));
  assert.deepEqual([whose, basis], ['these', answered.basis.replace(/^At .* numbers /, '')], where);
  const numbers = made.status === 0 ? native(path, policies, set).policies : {};
  const best = (name, direction) => Object.keys(numbers).reduce((first, p) => (direction * numbers[p].outcomes[name] > direction * numbers[first].outcomes[name] ? p : first));
  for (const { outcome, lead } of answered.outcomes) {
    const { name, direction } = about.outcomes[outcome];
    if (lead !== 'untried' || made.status) continue;
    const { text, name: called } = about.policies.find((p) => p.name === best(name, direction));
    assert.ok(said[name].includes(`est under “${text || called}”`), `${where}: ${said[name]}`);
  }
}

/** Goes to Compare, which has the numbers of a text. */
export async function agreeText(page, text, policies, where) {
  const path = join(folder, 'edited.dtn');
  writeFileSync(path, text);
  await page.click('#tab-compare');
  await ready(page);
  await agree(page, path, policies, {}, where);
}

/** Rows of a CSV file without its comments; every cell may stand in quotes. */
export function cells(text) {
  const lines = text.split('\r\n').filter((line) => line && !line.startsWith('# '));
  return lines.map((line) => [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => m[1]?.replaceAll('""', '"') ?? m[2] ?? ''));
}

/** A model of which the ranking turns: `own` brings x about with p, `other` with q, and they are equal where p is q. */
export const TURNS = `model turns "Where a ranking turns"
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

/** Begins a match of these sides, told by their texts, in Play. */
export async function begin(page, sides, seed) {
  for (const side of sides) await page.check(`.setup fieldset label:has-text("${side}") input`);
  await page.fill('.setup input[type=number]', String(seed));
  await page.click('.setup button[type=submit] >> nth=0');
  await page.waitForSelector('.card.turn, .card.end');
}

/** Takes an action, and waits for what comes of it; the time that took in the page, in milliseconds. */
export async function take(page, index) {
  await page.waitForSelector('.match[data-waiting=false]');
  return page.evaluate(async (k) => {
    const moves = () => document.querySelector('.match').innerText;
    const before = moves(), start = performance.now();
    document.querySelectorAll('.choices button')[k].click();
    while (moves() === before || document.querySelector('.match').dataset.waiting !== 'false') await new Promise((r) => requestAnimationFrame(r));
    return performance.now() - start;
  }, index);
}
