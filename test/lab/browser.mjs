// The page in a real browser: browser.mjs PLAYWRIGHT AXE ROOT
// Opens pages of the Korea model and of three classics from disk, offline, in Debian's Chromium: every
// panel, axe-core in each, numbers after moving sliders against `run --json --set`, an error in the text
// and its mend, a walk of ten situations. Anything in the console or asked of a network is a failure.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessible, agree, agreeSaid, detente, folder, inBrowser, model, native, open, ready, rows, settings, SHOWN, write, written } from './chromium.mjs';

const TOLERANCE = 1e-9;
const PANELS = ['answer', 'compare', 'time', 'why', 'stages', 'assumptions', 'certificates'];

// The same numbers in every run.
let seed = 20170601;
const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;

async function panels(opened, name) {
  const { page } = opened;
  for (const panel of PANELS) {
    await page.click(`#tab-${panel}`);
    await page.waitForSelector(SHOWN[panel]);
    await accessible(page, `${name}, ${panel}`);
    assert.equal(await page.isVisible('.paper'), false, 'what is for paper stays there');
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}, ${panel}: too wide`);
  }
  await page.click('#tab-compare');
}

/** What the page shows against the program, at the numbers that its address says; how many of them are moved. */
async function agreeThere(page, path, policies, where) {
  const set = await settings(page);
  await agree(page, path, policies, set, where);
  return Object.keys(set).length;
}

async function slide(page, count) {
  await page.$$eval('details.group', (all) => all.forEach((d) => (d.open = true)));
  const names = await page.$$eval('.track input', (all) => all.map((input) => input.id));
  const chosen = names.map((name) => [random(), name]).sort((a, b) => a[0] - b[0]).slice(0, count);
  for (const [, id] of chosen) {
    await page.$eval(`#${id}`, (input, share) => {
      input.value = Number(input.min) + share * (Number(input.max) - Number(input.min));
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }, random());
  }
}

// The gaps that Certificates shows at the numbers set, which are worked out when it is opened.
async function certified(page, path, policies, where) {
  const wanted = native(path, policies, await settings(page));
  await page.click('#tab-certificates');
  await page.waitForSelector('.certificates:not(:has(.waiting)):not(:has(.stale))');
  const rows = await page.$$eval('.certificates tbody tr', (all) => all.map((row) => ({ title: row.cells[0].textContent, exact: [...row.cells].slice(1).map((cell) => cell.title) })));
  const gaps = rows.filter(({ title }) => title.startsWith('gap of ')); // in the order of the actors, which have their texts
  policies.forEach((policy, p) => {
    for (const [i, [actor, gap]] of Object.entries(wanted.policies[policy].gaps).entries()) {
      const found = gaps[i].exact[p];
      assert.ok(found !== '' && Math.abs(Number(found) - gap) <= TOLERANCE * Math.max(1, Math.abs(gap)), `${where}: gap of ${actor} under ${policy} is ${found}, not ${gap}`);
    }
  });
  await page.click('#tab-compare');
}

async function sliders(opened, policies, count, name) {
  const { page, path } = opened;
  for (let i = 0; i < count; i++) {
    await page.click('text=Reset all', { force: true });
    await slide(page, 5);
    await ready(page);
    const moved = await agreeThere(page, path, policies, `${name}, setting ${i}`);
    assert.ok(moved > 0, 'no slider moved');
    if (i === 0) await agreeSaid(page, path, policies, await settings(page), `${name}, setting ${i}, in words`);
    await page.click('#tab-compare');
    if (i === 0) await certified(page, path, policies, `${name}, setting ${i}`);
  }
  // The address brings the settings back.
  const before = await rows(page);
  await page.reload();
  await ready(page);
  assert.deepEqual((await rows(page)).map((r) => Number(r.value).toPrecision(9)), before.map((r) => Number(r.value).toPrecision(9)));
  await page.click('text=Reset all');
  await ready(page);
  assert.equal(await agreeThere(page, path, policies, `${name}, reset`), 0);
}

// On paper: everything light, whatever the reader's scheme; what the numbers are, and of what; nothing
// wider than A4 between its margins, on the screen's layout of that width and in the document made.
async function print(opened, name, panels, policies, moved) {
  const { page, path } = opened;
  const between = Math.floor((186 / 25.4) * 96); // A4 less twice 12 mm, in CSS pixels
  const hash = createHash('sha256').update(path.endsWith('.dtn') ? readFileSync(path) : await page.evaluate(() => JSON.parse(document.getElementById('data').textContent).text)).digest('hex');
  const before = page.viewportSize();
  for (const panel of panels) {
    await page.click(`#tab-${panel}`);
    await page.waitForSelector(SHOWN[panel]);
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: between, height: 900 });
    const where = `${name}, ${panel}, on paper`;
    const paper = await page.innerText('.paper');
    for (const word of [...policies, ...Object.keys(moved), ...Object.values(moved), hash]) assert.ok(paper.includes(String(word)), `${where}: no ${word} in ${paper}`);
    assert.match(paper, /detente \d+\.\d+\.\d+/, where);
    const wrong = await page.evaluate((width) => {
      const seen = [...document.querySelectorAll('body, body *')].filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest('.unseen'));
      const drop = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
      const dark = (e) => {
        drop.fillStyle = 'white';
        drop.fillRect(0, 0, 1, 1);
        drop.fillStyle = getComputedStyle(e).backgroundColor; // over the paper
        drop.fillRect(0, 0, 1, 1);
        const [r, g, b] = drop.getImageData(0, 0, 1, 1).data;
        return r + g + b < 3 * 128 && e.textContent.trim() !== '';
      };
      const off = (e) => Math.max(e.getBoundingClientRect().right, 0) > width + 1 || e.getBoundingClientRect().left < -1;
      return [
        ...seen.filter(dark).map((e) => `dark: ${e.outerHTML.slice(0, 120)}`),
        ...seen.filter((e) => !e.closest('svg') && off(e)).map((e) => `cut off at ${e.getBoundingClientRect().right}: ${e.outerHTML.slice(0, 120)}`),
        ...['aside', '.tabs', '.editor', '.dock', '.leave', '.tour'].filter((s) => document.querySelector(s)?.checkVisibility()).map((s) => `not for paper: ${s}`),
        // What is left of controls is what they say: without a frame, a background or a mark to click.
        ...seen.filter((e) => e.matches('input, textarea, progress, button, select') && (!e.matches('button, select') || e.offsetHeight === 0 || getComputedStyle(e).borderStyle !== 'none' || getComputedStyle(e).appearance !== 'none' && e.localName === 'select')).map((e) => `a control: ${e.outerHTML.slice(0, 120)}`),
        ...seen.filter((e) => e.matches('main details:not([open])')).map((e) => `folded: ${e.outerHTML.slice(0, 120)}`),
      ].slice(0, 5);
    }, between);
    assert.deepEqual(wrong, [], where);
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-', where);
    const [, width, height] = /MediaBox ?\[ ?0 0 ([\d.]+) ([\d.]+)/.exec(pdf.toString('latin1'));
    assert.ok(Math.abs(width - 595) < 2 && Math.abs(height - 842) < 2, `${where}: ${width} by ${height}`);
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize(before);
  }
}

// The study's bands in Compare stay where they are when a slider moves, and go when the text is edited.
async function bands(opened) {
  const { page } = opened;
  await page.click('#tab-compare');
  await ready(page);
  const told = () => page.$$eval('.cards td.number .unseen', (all) => all.map((e) => e.textContent).filter((text) => text.includes('study')));
  const drawn = await page.locator('.cards .band').count(), said = await told();
  assert.ok(drawn > 0 && drawn === said.length, `${drawn} bands, ${said.length} said`);
  assert.match(said[0], /5 % (< )?[\d.−]+( %)?, median (< )?[\d.−]+( %)?, 95 % (< )?[\d.−]+( %)?/);
  assert.match(await page.textContent('.legend'), /the study: .*worlds; sliders don't move it/);
  return told;
}

// Why policies differ: the stages' parts and the way from the largest to its situation.
async function why(opened, name) {
  const { page } = opened;
  await page.click('#tab-compare');
  await ready(page);
  await page.click(`#outcome-${name} button`);
  await page.waitForSelector('.parts li');
  await page.waitForSelector('[data-contrast]');
  await page.waitForSelector('[data-contrast=waiting]', { state: 'detached' });
  const parts = await page.$$eval('.parts', (lists) => lists.map((list) => [...list.querySelectorAll('[data-part]')].map((li) => Math.abs(Number(li.dataset.part)))));
  assert.ok(parts.length > 0 && parts.every((p) => p.length > 0 && p.every((x, i) => x > 0 && (i === 0 || x <= p[i - 1]))), JSON.stringify(parts));
  await accessible(page, 'why policies differ');
  const stage = page.locator('.parts button:enabled').first();
  const wanted = await stage.textContent();
  await stage.focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector(SHOWN.why);
  assert.match(await page.$eval('[data-explained]', (e) => e.dataset.explained), new RegExp(` ${wanted} `));
  await page.click('#tab-compare');
}

async function walk(opened, steps) {
  const { page } = opened;
  await page.click('#tab-why');
  let here = '';
  for (let i = 0; i < steps; i++) {
    await page.waitForSelector(`[data-explained]:not([data-explained=""]):not([data-explained="${here}"])`);
    here = await page.$eval('[data-explained]', (e) => e.dataset.explained);
    const chances = await page.$$eval('.mover', (all) => all.map((m) => [...m.querySelectorAll('td.chance')].map((td) => td.textContent)));
    assert.ok(chances.length > 0 && chances.every((c) => c.length > 0), here);
    const actions = page.locator('button[data-action]');
    await actions.nth(i % (await actions.count())).click();
    const next = page.locator('button.next');
    await next.first().waitFor();
    await next.nth(i % Math.min(2, await next.count())).click();
  }
  assert.equal(await page.locator('.trail li').count(), steps);
  // One may also choose: another value of the first variable that has one.
  await page.waitForSelector('[data-explained]:not([data-explained=""])');
  const select = page.locator('select[data-slot]').first();
  const other = await select.evaluate((s) => [...s.options].find((o) => !o.selected).value);
  here = await page.$eval('[data-explained]', (e) => e.dataset.explained);
  await select.selectOption(other);
  await page.waitForSelector(`[data-explained]:not([data-explained=""]):not([data-explained="${here}"])`);
  assert.equal(await select.inputValue(), other);
}

async function edit(opened, policies) {
  const { page, path } = opened;
  const text = readFileSync(path, 'utf8');
  await write(page, text.replace('horizon 1', 'horizon on'));
  await page.waitForSelector('[data-checked=wrong]');
  assert.match(await page.textContent('.diagnostics'), /line \d+, column \d+: .*horizon|whole|number/);
  assert.equal(await page.textContent('.editor .cm-lintRange-error'), 'on');
  await page.click('#tab-compare');
  await agreeThere(page, path, policies, 'while the text is wrong the numbers are the old ones');
  const mended = text.replace('? 10 : 1', '? 12 : 1');
  assert.notEqual(mended, text);
  await write(page, mended);
  await page.waitForSelector('[data-checked=right]');
  const other = join(folder, 'mended.dtn');
  writeFileSync(other, mended);
  await page.click('#tab-compare');
  await ready(page);
  await agreeThere(page, other, policies, 'mended');
  await agreeSaid(page, other, policies, {}, 'mended, in words');
}

await inBrowser(async () => {
  const classics = [['prisoners-dilemma', ['separate', 'joint']], ['crisis', []], ['bargain', []]];
  for (const [name, policies] of classics) {
    const opened = await open(`classics/${name}.dtn`, null, policies, name === 'crisis' ? { colorScheme: 'dark' } : {});
    await panels(opened, name);
    if (policies.length) await edit(opened, policies);
    await opened.done();
    console.log(`${name}: every panel`);
  }
  const hostile = await open('hostile.dtn', 'model m "</script><script>alert(1)</script>"\nhorizon 1\nactor A "<img src=x onerror=alert(2)>"\nstage s : A { A.x "<b>bold</b>"; A.y }\noutcome o "<i>slanted</i>" = ever(s.A == x)\n', []);
  assert.equal(await hostile.page.textContent('h1'), '</script><script>alert(1)</script>');
  await hostile.page.click('#tab-why');
  await hostile.page.waitForSelector(SHOWN.why);
  assert.equal(await hostile.page.locator('main img, main b').count(), 0);
  await hostile.done();
  console.log('hostile text: shown as text');

  // Over time the base case is drawn behind what was moved, and only then.
  const ghosts = await open('classics/prisoners-dilemma.dtn', null, ['separate', 'joint']);
  await ghosts.page.click('#tab-time');
  await ghosts.page.waitForSelector(SHOWN.time);
  assert.equal(await ghosts.page.locator('[stroke-dasharray] path').count(), 0);
  await slide(ghosts.page, 1);
  await ghosts.page.waitForSelector('.legend [data-base="2"]');
  await ghosts.page.waitForSelector('.cards:not(.stale) figure [stroke-dasharray] path', { state: 'attached' });
  assert.match(await ghosts.page.getAttribute('figure [role=img]', 'aria-label'), /in the base case/);
  // And why the numbers differ from the base case's: one stage, so that all of it is that stage's.
  await ghosts.page.click('#tab-compare');
  await ready(ghosts.page);
  await ghosts.page.click('#outcome-both button');
  await ghosts.page.click('text=against the base case');
  await ghosts.page.waitForSelector('.why button[aria-pressed=true]:has-text("base case")');
  await ghosts.page.waitForSelector('[data-contrast=waiting]', { state: 'detached' });
  const parts = await ghosts.page.$$eval('[data-contrast]', (all) => all.map((e) => [e.dataset.contrast, Number(e.querySelector('[data-part]')?.dataset.part)]));
  const set = await settings(ghosts.page);
  const [now, then] = [set, {}].map((numbers) => native(ghosts.path, ['separate', 'joint'], numbers).policies);
  assert.equal(parts.length, 2);
  for (const [policy, part] of parts) assert.ok(Math.abs(part - (now[policy].outcomes.both - then[policy].outcomes.both)) < TOLERANCE, `${policy}: ${part}`);
  await ghosts.done();
  console.log('over time: the base case behind it; why it differs');

  detente('study', model('classics/prisoners-dilemma.dtn'), '--worlds', '200', '--seed', '1', '-o', join(folder, 'dilemma.study'), '--quiet');
  const study = await open('dilemma.study', '', []);
  await study.page.click('#tab-robustness');
  await study.page.waitForSelector('.tornado .number');
  await study.page.waitForSelector('[role=img] svg');
  const best = await study.page.$$eval('.bands tbody tr', (rows) => rows.map((r) => r.cells[5].textContent));
  assert.deepEqual(best, ['0 %', '100 %'], 'a team is best in every world of the dilemma');
  await accessible(study.page, 'a study');
  const told = await bands(study);
  const before = await told();
  await slide(study.page, 1);
  await ready(study.page);
  assert.deepEqual(await told(), before, 'bands stay when a slider moves');
  await write(study.page, (await written(study.page)).replace('? 10 : 1', '? 12 : 1'));
  await study.page.waitForSelector('[data-checked=right]');
  await study.page.click('#tab-compare');
  await ready(study.page);
  assert.deepEqual(await told(), [], 'another text has no bands');
  await study.done();
  console.log('a study: robustness');

  const policies = ['sequenced', 'seoul_leads'];
  detente('study', model('../test/referee/korea-first.dtn'), '--worlds', '12', '--seed', '1', ...policies.flatMap((p) => ['--policy', p]), '-o', join(folder, 'korea.study'), '--quiet');
  for (const [width, colorScheme] of [[1300, 'light'], [390, 'dark']]) {
    const small = await open('korea.study', '', [], { viewport: { width, height: 850 }, colorScheme });
    const where = `a study of korea, ${width} pixels, ${colorScheme}`;
    await bands(small);
    await accessible(small.page, `${where}, compare`);
    await small.page.click('#tab-robustness');
    const outcomes = await small.page.$$eval('main .choose select option', (all) => all.length);
    assert.ok(outcomes > 6, `${outcomes} outcomes`);
    for (const outcome of [0, outcomes - 1]) {
      await small.page.selectOption('main .choose select', String(outcome));
      await small.page.waitForSelector('.tornado .number');
      await small.page.waitForSelector('[role=img] svg');
      assert.equal(await small.page.locator('.bands tbody tr').count(), policies.length);
      await accessible(small.page, `${where}, outcome ${outcome}`);
      assert.ok(await small.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${where}: too wide`);
    }
    if (width > 1000) await print(small, where, ['compare', 'robustness'], policies, {});
    await small.done();
  }
  console.log('a study of korea: robustness, bands, wide and narrow');

  const korea = await open('../test/referee/korea-first.dtn', null, policies);
  await agreeThere(korea.page, korea.path, policies, 'base case');
  await panels(korea, 'korea');
  await why(korea, 'war');
  await sliders(korea, policies, 10, 'korea');
  await walk(korea, 10);
  await settings(korea.page);
  await korea.page.evaluate(() => (location.hash += '&set=accident:0.1'));
  await ready(korea.page);
  await korea.page.emulateMedia({ colorScheme: 'dark' });
  await print(korea, 'korea', PANELS, policies, { accident: 0.1 });
  await korea.done();
  const phone = await open('../test/referee/korea-first.dtn', null, policies, { viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
  await panels(phone, 'korea on a phone');
  await phone.done();
  console.log('korea: every panel, ten settings as natively, ten situations walked');
});
