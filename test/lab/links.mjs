// Links that ask for what the page doesn't have: it is told, the rest is taken. By the keyboard everything is reached, panel by
// panel, there and back, and is in view and marked when it is. And the ways back: undo, redo, the browser's own.
import assert from 'node:assert/strict';
import { accessible, everyPanel, inBrowser, move, native, open, ready, rows, settings, SHOWN } from './chromium.mjs';

const NAME = 'classics/prisoners-dilemma.dtn';

/** Where the focus is: whether that is seen, whole enough to be clicked, and marked. */
const focusNow = (page) => page.evaluate(async () => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const editor = at.closest('.cm-editor');
  while (editor && !editor.matches('.cm-focused')) await new Promise(requestAnimationFrame); // it tells of it a little later
  const name = `${at.localName}.${at.getAttribute('class') ?? ''} ${(at.getAttribute('aria-label') ?? at.textContent).slice(0, 30)}`;
  if (at.id === 'panel') return { name, wrong: '' };
  const { left, top, width, height } = at.getBoundingClientRect();
  const marked = (e) => getComputedStyle(e).outlineStyle !== 'none' || getComputedStyle(e).stroke !== 'none';
  const over = document.elementFromPoint(left + Math.min(width / 2, 40), Math.min(innerHeight - 1, Math.max(0, top) + Math.min(height / 2, 8)));
  const wrong = [];
  if (![at, editor, at.querySelector('rect')].some((e) => e && marked(e))) wrong.push('not marked');
  if (top + height < 0 || top > innerHeight) wrong.push('out of view');
  if (!over || (!at.contains(over) && !over.contains(at) && !at.labels?.length)) wrong.push(`under ${over?.localName}.${over?.className}`);
  return { name, wrong: wrong.join(', ') };
});

/** By Tab through a panel to the end of the page, and back: every stop is seen, and there are as many. */
async function walk(page, panel) {
  const stops = [];
  await page.keyboard.press('Tab');
  for (let at = await focusNow(page); at; at = await focusNow(page)) {
    if (at.wrong) assert.fail(`${panel}, forward: ${at.name} is ${at.wrong}`);
    stops.push(at.name);
    assert.ok(stops.length < 200, `${panel}: no way out, ${stops.slice(-3)}`);
    await page.keyboard.press('Tab');
  }
  await page.focus('footer button');
  let back = stops.length + 1;
  while (!(await page.evaluate((id) => document.activeElement.id === id, `tab-${panel}`))) {
    await page.keyboard.press('Shift+Tab');
    const at = await focusNow(page);
    if (!at || at.wrong) assert.fail(`${panel}, back: ${at?.name} is ${at?.wrong}`);
    assert.ok(back-- > 0, `${panel}: no way back`);
  }
  return stops;
}

/** A reader without a mouse. */
async function keyboard() {
  const { page, done } = await open(NAME, null, ['separate', 'joint'], {});
  await everyPanel(page, async (panel) => {
    if (SHOWN[panel]) await page.waitForSelector(SHOWN[panel]);
    await page.focus(`#tab-${panel}`);
    const stops = await walk(page, panel);
    assert.ok(stops.length > 5 && /^a.skip/.test(stops[0]), `${panel}: ${stops}`);
  });
  // Past the numbers; and a menu opens, closes by Escape and gives the focus back, without closing what it stands in.
  await page.click('#tab-compare');
  await page.waitForSelector(SHOWN.compare);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'panel');
  await page.focus('section.card h3 > button');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.dock .leave');
  await page.focus('.dock .leave summary');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => document.activeElement.closest('.menu') !== null), 'a menu is open');
  await page.keyboard.press('Escape');
  assert.ok(await page.evaluate(() => document.activeElement.matches('.dock .leave:not([open]) > summary')), 'its summary has the focus');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.dock', { state: 'detached' });
  assert.ok(await page.evaluate(() => document.activeElement.matches('section.card h3 > button')), 'and then what opened the dock');
  await done();
}

await inBrowser(async () => {
  await keyboard();
  const wrong = '#panel=robustness&policies=joint,nobody,joint,separate&set=lambda:2,nothing:1,__proto__:4,lambda:x&mood=good';
  const opened = await open(NAME, null, [], { hash: wrong });
  const { page, path } = opened;
  const told = await page.textContent('[data-refused]');
  for (const words of ["no panel 'robustness'", "no policy 'nobody'", "policy 'joint' is asked for twice", "no number 'nothing'", "no number '__proto__'", "'lambda:x' is not a name with a number", "'mood=good' says nothing here"])
    assert.ok(told.includes(words), `${words} in ${told}`);
  assert.equal(await page.getAttribute('[data-refused]', 'data-refused'), '7');
  await accessible(page, 'a wrong link');
  // One tab is selected, and the keyboard reaches it and the others.
  assert.deepEqual(await page.$$eval('[role=tab][tabindex="0"]', (tabs) => tabs.map((t) => t.id)), ['tab-answer']);
  assert.equal(await page.getAttribute('#panel', 'aria-labelledby'), 'tab-answer');
  await page.focus('.saved summary');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'tab-answer');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'tab-compare');
  const wanted = native(path, ['joint', 'separate'], { lambda: 2 }).policies;
  const found = await rows(page);
  assert.deepEqual([...new Set(found.map((r) => r.policy))], ['joint', 'separate'], 'each once, as asked for');
  for (const { policy, outcome, value } of found) assert.ok(Math.abs(value - wanted[policy].outcomes[outcome]) < 1e-9);
  await page.click('#tab-time');

  await page.focus('[data-refused] button');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-refused]', { state: 'detached' });
  await page.waitForSelector('#tab-time:focus'); // the keyboard isn't lost with it
  assert.deepEqual(await settings(page), { lambda: '2' });

  // A number out of its range is solved, named wherever its slider is, and can be put back.
  await page.evaluate(() => (location.hash = '#panel=stages&set=lambda:1000'));
  await page.waitForSelector('[data-outside=lambda] >> text=/is 1.000, outside its range/');
  await accessible(page, 'out of range');
  await page.focus('[data-outside] button');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-outside]', { state: 'detached' });
  await ready(page);
  assert.deepEqual(await settings(page), {});
  for (const hash of ['#panel=foo', '#panel=', '#', '#%', '#set=', '#policies=', '#panel=compare&panel=nowhere', '#set=lambda:Infinity']) {
    await page.evaluate((to) => (location.hash = to), hash);
    await ready(page);
    assert.equal(await page.locator('[role=tab][aria-selected=true][tabindex="0"]').count(), 1, hash);
  }
  await opened.done();

  // Every change can be undone and done again, by buttons and by keys; Back and Forward go where one was.
  const steps = await open(NAME, null, ['separate'], {});
  const lambda = async () => (await settings(steps.page)).lambda ?? '1';
  await move(steps.page, 'lambda', 2);
  await move(steps.page, 'lambda', 3); // in one gesture
  await steps.page.click('.policies summary');
  await steps.page.check('.policies input >> nth=1');
  await steps.page.click('#tab-stages');
  assert.equal(await lambda(), '3');
  await steps.page.keyboard.press('Control+z');
  assert.equal(await steps.page.locator('.policies .chip').count(), 1);
  assert.equal(await lambda(), '3');
  await steps.page.click('text=Undo');
  assert.equal(await lambda(), '1');
  assert.equal(await steps.page.getAttribute('text=Undo', 'aria-disabled'), 'true');
  assert.equal(await steps.page.getAttribute('.tabs [aria-selected=true]', 'id'), 'tab-stages', 'which panel is open is no step');
  await steps.page.keyboard.press('Control+Shift+z');
  await steps.page.keyboard.press('Control+y');
  assert.equal(await lambda(), '3');
  assert.equal(await steps.page.locator('.policies .chip').count(), 2);
  await steps.page.click('#tab-compare');
  await ready(steps.page);
  const there = native(steps.path, ['separate', 'joint'], { lambda: 3 }).policies;
  for (const { policy, outcome, value } of await rows(steps.page)) assert.ok(Math.abs(value - there[policy].outcomes[outcome]) < 1e-9);
  await steps.page.goBack(); // to the panel before
  await steps.page.waitForSelector('#tab-stages[aria-selected=true]');
  for (let i = 0; i < 7; i++) await steps.page.goBack();
  await steps.page.waitForSelector('#tab-compare[aria-selected=true]');
  assert.equal(await lambda(), '1');
  await steps.page.goForward();
  await ready(steps.page);
  assert.equal(await lambda(), '3');
  await steps.page.click('text=Undo');
  assert.equal(await lambda(), '1', 'where Forward leads can be undone');

  // Settings by name: there again after the page was left, and gone back to by one step that can be undone.
  await move(steps.page, 'lambda', 5);
  await steps.page.click('.saved summary');
  await steps.page.fill('.saved input', 'careful');
  await steps.page.keyboard.press('Enter');
  await steps.page.waitForSelector('.saved li >> text=careful');
  await accessible(steps.page, 'saved settings');
  await steps.page.click('text=Reset all');
  assert.equal(await lambda(), '1');
  await steps.page.reload();
  await ready(steps.page);
  await steps.page.click('.saved summary');
  await steps.page.click('.saved li >> text=careful');
  await steps.page.waitForSelector('.slider.moved');
  assert.equal(await lambda(), '5');
  await steps.page.click('text=Undo');
  assert.equal(await lambda(), '1');
  await steps.page.click('.saved >> text=Remove');
  await steps.page.waitForSelector('.saved li', { state: 'detached' });
  await steps.done();

  // Another policy than the page was made with, at other numbers, in a panel that asks the engine.
  const other = await open(NAME, null, ['separate'], { hash: '#panel=time&policies=separate,joint&set=lambda:2' });
  await other.page.waitForSelector(SHOWN.time);
  assert.equal(await other.page.locator('.legend .key').count(), 3);
  await other.page.waitForSelector('.legend [data-base="2"]');
  await other.done();
  console.log('links: what this page does not have is told, the rest taken; undo, redo, back, forward, names');
});
