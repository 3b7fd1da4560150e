// What isn't a result is never shown as one, whatever panel is open: policies that aren't solved at the
// numbers of the page or at those set, engines that stop, with a word or without, worlds of a study
// that failed. Nothing waits for ever, and what ended can be tried again.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessible, agree, agreeSaid, detente, everyPanel, folder, inBrowser, move, native, open, ready, rows, SHOWN } from './chromium.mjs';

// Under `one` A's choice is beyond any precision; the others leave it none.
const UNSOLVED = `model unsolved "One of three isn't solved"
horizon 3
actor A rationality 1e308
actor B
param p = 0.3 in 0 .. 1
state x : 0..3 = 0
stage s : A, B { A.up { x += 1 } A.stay ; B.down { x -= 1 ; with p { pay B 1 } } B.stay }
payoff A { u = x }
payoff B { u = -x }
outcome high maximise = last(x)
outcome most = ever(x == 3)
policy one
policy two { force A.up }
policy three { force A.stay }
`;

// From p = 0.5 on a probability is above 1 where A goes: `stay` never comes there.
const FAILS = `model fails "A number that makes it unsolvable"
horizon 2
actor A rationality lam
param p = 0.3 in 0 .. 1
param lam = 1 in 0 .. 4
state x : bool = no
stage s : A { A.go { with 2 * p { x := yes } } A.stay }
payoff A { u = x }
outcome x maximise = ever(x)
policy free
policy stay { forbid A.go }
policy high { set p = 0.9 }
`;

const problems = (page) => page.$$eval('[data-problem]', (all) => all.map((e) => [e.dataset.problem, e.textContent]));

// Of every panel: the policy is marked, with the reason, and nothing of it is drawn or said.
async function marked(page, policy, reason, panel, where) {
  const told = await problems(page);
  assert.ok(told.length > 0 && told.every(([name]) => name === policy), `${where}: ${JSON.stringify(told)}`);
  assert.match(told[0][1], reason, where);
  assert.match(await page.textContent('.policies summary'), new RegExp(`${policy} not solved`), where);
  const text = await page.innerText('main');
  assert.doesNotMatch(text, /Solving…|Working out/, where);
  if (panel === 'compare') {
    const mine = page.locator(`tr[data-policy=${policy}]`);
    for (const row of await mine.all()) {
      assert.equal(await row.getAttribute('data-value'), '', where);
      assert.equal(await row.locator('rect:not(.ghost):not(.band rect), .star').count(), 0, where);
      assert.match(await row.innerText(), /^\w+\s+not solved\s*$/, where);
    }
  }
  if (panel === 'time') assert.deepEqual(await page.$$eval('.legend .key:not([data-base])', (keys) => keys.filter((k) => k.innerText.trim() === 'one')), [], where);
}

async function unsolved() {
  const opened = await open('unsolved.dtn', UNSOLVED, [], { refused: true });
  const { page, path } = opened;
  await page.waitForSelector('[data-state=failed]');
  assert.equal(await page.textContent('[data-state]'), 'not solved: one');
  const told = (await rows(page)).filter((row) => row.policy !== 'one');
  assert.ok(told.length === 4 && told.every((row) => row.value !== ''), 'the others are shown');
  assert.deepEqual(await page.$$eval('tr.best', (all) => all.map((r) => r.dataset.policy)), ['two'], 'the star is among those solved');
  await everyPanel(page, async (panel) => {
    if (panel === 'time') await page.waitForSelector(SHOWN.time);
    if (panel === 'why') await page.waitForSelector('text=There is nothing to explain');
    await marked(page, 'one', /isn't solved at these numbers: .+\. What to do: .+\./, panel, `unsolved, ${panel}`);
    await accessible(page, `unsolved, ${panel}`);
    if (panel === 'why') {
      await page.check('input[name=why-policy] >> nth=1');
      await page.waitForSelector(SHOWN.why);
    }
    if (panel === 'certificates') {
      await page.waitForSelector('.certificates:not(:has(.waiting))');
      const found = Object.fromEntries(await page.$$eval('.certificates tbody tr', (all) => all.map((r) => [...r.cells].map((c) => c.innerText)).map(([title, ...cells]) => [title, cells])));
      assert.deepEqual(found.solved, ['no', 'yes', 'yes']);
      for (const title of ['residual', 'gap of A', 'value to A', 'gap of B', 'value to B']) assert.deepEqual(found[title].map((cell) => cell === '–'), [true, false, false], title);
    }
  });
  // Numbers moved don't change that; neither does paper, where the panel is all there is.
  await page.click('#tab-compare');
  await move(page, 'p', 0.6);
  await page.waitForSelector('[data-state=failed]');
  await page.emulateMedia({ media: 'print' });
  assert.ok(await page.isVisible('[data-problem=one]'));
  await page.emulateMedia({ media: 'screen' });
  await agreeSaid(page, path, [], { p: 0.6 }, 'unsolved, in words');
  assert.match(await page.textContent('.basis'), /“one” isn't solved and has no part/);
  await page.click('[data-heat=three] input');
  await agreeSaid(page, path, ['one', 'two'], { p: 0.6 }, 'one of two is solved, in words');
  assert.match(await page.textContent('.sentences'), /high: [\d.]+ under “two”\./);
  await opened.done();
}

async function unsolvable() {
  const opened = await open('fails.dtn', FAILS, ['free', 'stay']);
  const { page, path } = opened;
  for (const start of ['why', 'time', 'certificates', 'compare']) {
    await page.click(`#tab-${start}`);
    await move(page, 'p', 0.8);
    await page.waitForSelector('[data-state=failed]');
    if (start === 'why') await page.waitForSelector('text=There is nothing to explain');
    await marked(page, 'free', /isn't solved at these numbers: .*1\.6/, start, `unsolvable, ${start}`);
    if (start === 'compare') await accessible(page, 'unsolvable');
    await move(page, 'p', 0.25);
    await ready(page);
    await page.waitForSelector(SHOWN[start]);
    assert.deepEqual(await problems(page), [], start);
  }
  // A world that comes while one fails is solved.
  await page.evaluate(() => {
    for (const to of [0.9, 0.4]) {
      const input = document.querySelector('#param-p');
      input.value = to;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }
  });
  await ready(page);
  const wanted = native(path, ['free', 'stay'], { p: 0.4 }).policies;
  for (const { policy, value } of await rows(page)) assert.ok(Math.abs(value - wanted[policy].outcomes.x) < 1e-9, `${policy} ${value}`);
  await opened.done();

  // A policy that is wrong in the base case doesn't keep the page from the numbers set.
  const base = await open('fails.dtn', FAILS, ['free'], { hash: '#panel=compare&policies=free,high&set=lam:2', waits: false });
  await base.page.waitForSelector('[data-state=failed]');
  assert.equal(await base.page.textContent('[data-state]'), 'not solved: high');
  assert.ok((await rows(base.page)).find((row) => row.policy === 'free').value !== '');
  await base.done();
}

// A sum that passes all numbers is no result either.
async function infinite() {
  const opened = await open('infinite.dtn', `model infinite
horizon 5
actor A
param big = 1 in 1 .. 1e308
stage s : A { A.x ; A.y { pay A 1 } }
outcome sum minimise = total(big)
outcome often = mean(s.A == y)
`, []);
  const { page, path } = opened;
  await move(page, 'big', 1e307);
  await agreeSaid(page, path, [], { big: 1e307 }, 'one policy, in words');
  assert.match(await page.textContent('.sentences'), /sum: .* under the one policy\./);
  await page.click('#tab-compare');
  await move(page, 'big', 1e308);
  await page.waitForSelector('[data-state=failed]');
  assert.match((await problems(page))[0][1], /default isn't solved at these numbers: .*finite/);
  assert.deepEqual((await rows(page)).map((row) => row.value), ['', '']);
  await move(page, 'big', 1);
  await ready(page);
  await opened.done();
}

// Workers that end as `window.deadly` says, while it says so.
const deadly = (page) => page.addInitScript(() => {
  const Real = window.Worker;
  window.Worker = class extends Real {
    postMessage(message) {
      const dies = window.deadly ?? '';
      if (dies === 'silently') {
        document.documentElement.dataset.died = 'yes';
        return super.terminate();
      }
      if (!dies) return super.postMessage(message);
      const event = {
        error: () => new ErrorEvent('error', { message: 'out of memory', cancelable: true }),
        broken: () => new MessageEvent('message', { data: { broken: 'unreachable' } }),
        unreadable: () => new MessageEvent('messageerror'),
      }[dies]();
      queueMicrotask(() => this.dispatchEvent(event));
    }
  };
});

async function endings() {
  const policies = ['separate', 'joint'];
  const opened = await open('classics/prisoners-dilemma.dtn', null, policies, { before: async (page) => (await page.clock.install(), deadly(page)) });
  const { page, path } = opened;
  await ready(page);
  const dies = (how) => page.evaluate((to) => {
    window.deadly = to;
    delete document.documentElement.dataset.died;
  }, how);
  let to = 1;
  for (const [how, words] of [['error', 'the engine stopped: out of memory'], ['broken', 'the engine stopped: unreachable'], ['unreadable', 'its answer could not be read']]) {
    // While solving: told on every panel.
    await page.click('#tab-compare');
    await dies(how);
    await move(page, 'lambda', ++to);
    await page.waitForSelector('[data-state=failed]');
    await everyPanel(page, async (panel) => {
      const told = await problems(page);
      assert.ok(told.length === 2 && told.every(([, text]) => text.includes(words)), `${how}, ${panel}: ${JSON.stringify(told)}`);
    });
    await dies('');
    for (const policy of policies) await page.click(`[data-problem=${policy}] >> text=Try again`);
    await ready(page);
    await page.click('#tab-compare');
    await agree(page, path, policies, { lambda: to }, 'tried again');

    // While looking into what is solved.
    for (const panel of ['time', 'why', 'certificates']) {
      await dies(how);
      await page.click(`#tab-${panel}`);
      await page.waitForSelector('#panel [data-problem]');
      assert.ok((await problems(page)).every(([, text]) => text.includes(words)), panel);
      await dies('');
      await page.$$eval('[data-problem] button', (all) => all.forEach((again) => again.click()));
      await ready(page);
      await page.waitForSelector(SHOWN[panel]);
    }
    await page.click('#tab-compare');
    await ready(page);
    await dies(how);
    await page.click('#outcome-both button');
    await page.waitForSelector(`.dock >> text=${words}`);
    await dies('');
    await page.click('.dock >> text=Try again');
    await page.waitForSelector('.parts li');
    await page.click('.dock .close');
  }
  // Without a sign: after a while one may start again.
  await dies('silently');
  await move(page, 'lambda', ++to);
  await page.waitForSelector('[data-state=busy]');
  assert.equal(await page.isVisible('text=Start again'), false);
  await page.clock.fastForward(11000);
  await page.waitForSelector('text=Start again');
  await dies('');
  await page.click('text=Start again');
  await ready(page);
  await agree(page, path, policies, { lambda: to }, 'in the end');
  for (const panel of ['time', 'why', 'certificates']) {
    await dies('silently');
    await page.click(`#tab-${panel}`);
    await page.waitForSelector('html[data-died]');
    await page.clock.fastForward(11000);
    await page.waitForSelector('text=Start again');
    await dies('');
    await page.click('text=Start again');
    await ready(page);
    await page.waitForSelector(SHOWN[panel]);
  }
  await page.click('#tab-compare');
  await dies('silently');
  await page.click('#outcome-both button');
  await page.waitForSelector('html[data-died]');
  await page.clock.fastForward(11000);
  await page.waitForSelector('.dock >> text=Start again');
  await dies('');
  await page.click('.dock >> text=Start again');
  await page.waitForSelector('.parts li');
  await opened.done();
}

async function failedWorlds() {
  writeFileSync(join(folder, 'half.dtn'), FAILS);
  const study = join(folder, 'half.study');
  const done = spawnSync(process.env.DETENTE, ['study', join(folder, 'half.dtn'), '--policy', 'free', '--policy', 'stay', '--worlds', '40', '--seed', '1', '-o', study, '--quiet']);
  assert.equal(done.status, 1, 'worlds fail');
  const { failed } = JSON.parse(detente('compare', study, '--json', '--quiet')).basis;
  assert.ok(failed > 5 && failed < 35, String(failed));
  const opened = await open('half.study', '', []);
  const { page } = opened;
  const words = `${failed} of 40 worlds failed and are left out for every policy (free ${failed})`;
  await page.waitForSelector(`.legend >> text=${words}`);
  await page.click('#tab-robustness');
  await page.waitForSelector(`[data-left="${failed}"] >> text=${words}`);
  await accessible(page, 'failed worlds');
  await opened.done();
}

await inBrowser(async () => {
  await unsolved();
  console.log('unsolved: marked on every panel, no number of it shown');
  await unsolvable();
  console.log('numbers that make it unsolvable: told, and left again');
  await infinite();
  console.log('numbers that are infinite: told');
  await endings();
  console.log('engines that stop: told, and tried again');
  await failedWorlds();
  console.log('failed worlds: told with the study');
});
