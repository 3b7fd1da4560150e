// Why as pictures: the stage game of two who move at once as a matrix, whose cells and probabilities are those of a
// closed form, one for each type where one of them knows something; small games as trees, whose numbers are the program's; what follows an action docked beside the situation,
// by mouse, by keyboard and on a phone. Nothing chosen in quick succession is lost, and the focus is never.
import assert from 'node:assert/strict';
import { accessible, detente, inBrowser, native, open, SHOWN } from './chromium.mjs';

const near = (found, wanted, what) => assert.ok(Math.abs(found - wanted) < 1e-9, `${what}: ${found}, not ${wanted}`);
const logistic = (x) => 1 / (1 + Math.exp(-x));

// Giving costs the giver and helps the other, so whatever the other does each gives with probability logistic(−λ cost).
const GIFTS = `model gifts "Two who may give"
horizon 2
actor A discount 0.9 rationality 2 unit "coins"
actor B discount 0.8 rationality 3
param cost = 0.4 in 0 .. 1
param gift = 1.5 in 0 .. 2
state given : 0..4 = 0 "gifts so far"
stage swap "Giving" : A, B {
  A.give "Hand it over" { given += 1 ; pay A -cost "what giving costs" ; pay B gift "what one is given" }
  A.keep
  B.give { given += 1 ; pay B -cost ; pay A gift }
  B.keep
}
outcome given "Gifts in all" = last(given)
policy default
`;

const stateOf = (page) => page.$eval('[data-explained]', (e) => e.dataset.explained);
const focused = (page, selector) => page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector);
const tree = async (page) => {
  await page.waitForSelector('[data-grown]:not([data-grown=""])');
  return page.$$eval('[data-tree]', (all) => all.map((g) => ({ ...JSON.parse(g.dataset.numbers), ...g.dataset, selected: g.getAttribute('aria-selected') })));
};
/** The nodes that the labels lead to from the first. */
const along = (nodes, ...labels) => labels.reduce((at, label) => nodes.findIndex((n) => Number(n.parent) === at && n.label === label), 0);

async function matrix() {
  const opened = await open('gifts.dtn', GIFTS, [], { hash: '#panel=why' });
  const { page, path } = opened;
  await page.waitForSelector(SHOWN.why);
  const p = logistic(-2 * 0.4), q = logistic(-3 * 0.4);
  const later = [0.9 * (q * 1.5 - p * 0.4), 0.8 * (p * 1.5 - q * 0.4)];
  const cells = await page.$$eval('[data-cell]', (all) => all.map((td) => [td.dataset.cell, JSON.parse(td.dataset.values), Number(td.dataset.probability), td.querySelectorAll('.answers').length]));
  assert.equal(cells.length, 4);
  for (const [cell, values, probability, best] of cells) {
    const [a, b] = cell.split(' ').map((name) => name === 'give');
    near(values[0], (a ? -0.4 : 0) + (b ? 1.5 : 0) + later[0], `${cell} to A`);
    near(values[1], (b ? -0.4 : 0) + (a ? 1.5 : 0) + later[1], `${cell} to B`);
    near(probability, (a ? p : 1 - p) * (b ? q : 1 - q), `${cell} together`);
    assert.equal(best, !a + !b, `${cell}: keeping is best against everything`);
  }
  const margins = Object.fromEntries(await page.$$eval('[data-margin]', (all) => all.map((td) => [td.dataset.margin, Number(td.dataset.probability)])));
  near(margins['A.give'], p, 'margin of A');
  near(margins['B.give'], q, 'margin of B');
  const told = JSON.parse(detente('explain', path, '--json', '--quiet'));
  assert.equal(told.cells.length, 4);
  for (const { actions, values } of told.cells) {
    const [, found] = cells.find(([cell]) => cell === actions.map((name) => name.split('.')[1]).join(' '));
    near(found[0], values.A, actions.join());
    near(found[1], values.B, actions.join());
  }
  // The situation and what speaks for and against, in the engine's words.
  assert.match(await page.textContent('.situation'), /^period 1, Giving: A and B choose at once, neither seeing what the other does\. Gifts so far is 0\. Play comes here with a probability of 100 %/);
  assert.match(await page.textContent('.mover .because'), /worth 0\.4 \(coins\) less, because of what giving costs/);
  const nodes = await tree(page);
  const first = nodes.filter((n) => n.kind === 'decision' && n.period === 1);
  assert.deepEqual(first.map((n) => n.mover), ['A', 'B', 'B'], 'B moves without knowing what A does');
  assert.deepEqual(first.map((n) => n.infoset), [0, first[1].infoset, first[1].infoset]);
  assert.equal(new Set(nodes.filter((n) => n.kind === 'decision').map((n) => n.infoset)).size, 2 + 4 * 2, 'everybody sees what was done before');
  for (const n of nodes.filter((n) => n.worth !== null && nodes[n.parent].period === 1))
    near(n.worth, told.movers.find((m) => m.name === nodes[n.parent].mover).actions.find((a) => a.name.endsWith(`.${n.label}`)).value, `worth of ${n.label}`);
  near(nodes[0].values[0], native(path, ['default'], {}).policies.default.values.A, 'the game to A');
  await accessible(page, 'matrix and tree');
  await opened.done();
  console.log('matrix: cells, margins and worth by closed forms');
}

async function crisis() {
  const opened = await open('classics/crisis.dtn', null, ['free'], { hash: '#panel=why' });
  const { page, path } = opened;
  await page.waitForSelector(SHOWN.why);
  const nodes = await tree(page);
  assert.deepEqual(nodes.map((n) => n.kind).sort(), ['decision', 'decision', 'decision', 'end', 'end', 'end', 'end']);
  const end = (...labels) => nodes[along(nodes, ...labels)].paid;
  assert.deepEqual([end('leave'), end('challenge', 'concede'), end('challenge', 'resist', 'firm'), end('challenge', 'resist', 'back')], [[0, 0], [1, -1.0806977], [0.4090574, -0.2], [-0.5, 1]]);
  near(nodes[along(nodes, 'challenge', 'resist', 'firm')].probability, logistic(0.4090574 + 0.5), 'standing firm');
  for (const stage of ['challenge', 'response', 'nerve']) {
    const told = JSON.parse(detente('explain', path, '--policy', 'free', '--stage', stage, '--json', '--quiet'));
    for (const action of told.movers[0].actions) {
      const n = nodes.find((n) => n.parent >= 0 && nodes[n.parent].stage === stage && `${nodes[n.parent].mover}.${n.label}` === action.name);
      near(n.probability, action.probability, `${stage}: ${action.name}`);
      near(n.worth, action.value, `${stage}: worth of ${action.name}`);
    }
  }

  // By the keyboard to where the target answers, and there.
  await page.focus('[data-tree="0"]');
  await page.keyboard.press('ArrowRight');
  while (!(await focused(page, `[data-tree="${along(nodes, 'challenge')}"]`))) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-explained^="1 response "]');
  assert.ok(await focused(page, '.situation'), 'who goes by the tree reads on at the situation');
  assert.equal((await tree(page)).findIndex((n) => n.selected === 'true'), along(nodes, 'challenge'));

  // What follows is docked beside it, with what speaks for and against; the focus comes back to where it was.
  await page.focus('button[data-action="B.resist"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.dock .next');
  const { why } = JSON.parse(detente('explain', path, '--policy', 'free', '--stage', 'response', '--json', '--quiet')).movers[0];
  const parts = await page.$$eval('.reasons [data-difference]', (all) => all.map((tr) => Number(tr.dataset.difference)));
  near(parts.reduce((sum, x) => sum + x, 0), why.difference * (why.action === 'B.resist' ? 1 : -1), 'reasons of both sides');
  const [dock, main] = await page.evaluate(() => ['.dock', '.situation'].map((s) => document.querySelector(s).getBoundingClientRect().toJSON()));
  assert.ok(dock.left >= main.right && dock.top < 900 && dock.top >= 0, 'beside it, and in view');
  await accessible(page, 'docked');
  await page.keyboard.press('Escape');
  assert.ok(await focused(page, 'button[data-action="B.resist"]'));
  assert.equal(await page.locator('.dock').count(), 0);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.dock .next');
  await page.focus('.dock .next');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-explained^="1 nerve "]');
  assert.ok(await focused(page, '.situation'), 'who takes a step reads on at the situation');
  assert.match(await page.textContent('.situation'), /nerve: Challenger chooses\. Challenger chose challenge in challenge; Target chose resist in response/);
  await page.focus('.trail button');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-explained^="1 response "]');
  assert.ok(await focused(page, '.situation'));

  // On a phone it lies below, in view.
  await page.setViewportSize({ width: 390, height: 800 });
  await page.click('button[data-action="B.concede"]');
  await page.waitForSelector('.dock');
  const sheet = await page.$eval('.dock', (e) => e.getBoundingClientRect().toJSON());
  assert.ok(sheet.left === 0 && Math.round(sheet.bottom) === 800 && sheet.top > 300, JSON.stringify(sheet));
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 390), 'nothing is wider than the phone');
  await opened.done();
  console.log('crisis: the tree as explained, walked by keys, docked');
}

async function quiche() {
  const opened = await open('classics/beer-quiche.dtn', null, [], { hash: '#panel=why' });
  const { page, path } = opened;
  await page.waitForSelector(SHOWN.why);
  const nodes = await tree(page);
  assert.equal(nodes.length, 1 + 2 + 4 + 8);
  const ways = ['wimp', 'surly'].flatMap((kind) => ['beer', 'quiche'].flatMap((meal) => ['duel', 'leave'].map((answer) => [kind, meal, answer, nodes[along(nodes, `kind=${kind}`, meal, answer)]])));
  const sum = (fits) => ways.filter(([kind, meal, answer]) => fits(kind, meal, answer)).reduce((sum, [, , , n]) => sum + n.reached, 0);
  const { outcomes, values } = native(path, ['default'], {}).policies.default;
  near(sum(() => true), 1, 'all ways');
  near(sum((kind, meal) => kind === 'wimp' && meal === 'beer'), outcomes.wimp_beer, 'a wimp who drinks beer');
  near(sum((kind, meal) => kind === 'surly' && meal === 'beer'), outcomes.surly_beer, 'a surly one');
  near(sum((_, meal, answer) => meal === 'beer' && answer === 'duel'), outcomes.duel_beer, 'a duel over beer');
  near(sum((_, meal, answer) => meal === 'quiche' && answer === 'duel'), outcomes.duel_quiche, 'a duel over quiche');
  near(nodes[0].values[0], values.S, 'the game to the stranger');
  near(nodes[0].values[1], values.R, 'the game to the bully');
  for (const [kind, meal, answer, n] of ways)
    assert.deepEqual(n.paid, [(meal === (kind === 'wimp' ? 'quiche' : 'beer')) + 2 * (answer === 'leave'), answer === 'duel' ? (kind === 'wimp' ? 1 : -1) : 0], `${kind}, ${meal}, ${answer}`);
  const set = (kind, meal) => nodes[along(nodes, `kind=${kind}`, meal)].infoset;
  assert.ok(set('wimp', 'beer') === set('surly', 'beer') && set('wimp', 'quiche') === set('surly', 'quiche') && set('wimp', 'beer') !== set('wimp', 'quiche'), 'the bully sees the meal alone');
  assert.equal(await page.locator('path[data-infoset]').count(), 2);
  await opened.done();
  console.log('beer and quiche: frequencies of the tree as of the chain');
}

// Pushing costs the weak what it brings the strong, whatever the other does: so each type pushes with probability
// logistic(±λ), and the other, who doesn't know which it meets, against the mean of them.
const BLUFF = `model bluff
horizon 1
beliefs 8
actor A rationality 2
actor B rationality 3 unit "coins"
private A strong : bool = {no: 0.5, yes: 0.5}
stage clash : A, B {
  A.push { pay A strong ? 1 : -1 }
  A.hold
  B.push { pay A -0.4 }
  B.hold
}
payoff B { fight = (clash.A == push and clash.B == push) * (strong ? -1 : 1) }
outcome fights = mean((clash.A == push) * (clash.B == push))
policy default
`;

async function bluff() {
  const opened = await open('bluff.dtn', BLUFF, [], { hash: '#panel=why' });
  const { page, path } = opened;
  await page.waitForSelector(SHOWN.why);
  const pushes = [logistic(-2), logistic(2)], prior = [0.5, 0.5];
  const gain = prior[0] * pushes[0] - prior[1] * pushes[1], q = logistic(3 * gain);
  const tables = await page.$$eval('[data-types]', (all) => all.map((table) => ({
    types: table.dataset.types,
    heading: table.closest('div:not(.scroll)').querySelector('h4').textContent,
    cells: [...table.querySelectorAll('[data-cell]')].map((td) => [td.dataset.cell, JSON.parse(td.dataset.values), Number(td.dataset.probability), td.querySelectorAll('.answers').length]),
    margins: Object.fromEntries([...table.querySelectorAll('[data-margin]')].map((td) => [td.dataset.margin, [Number(td.dataset.probability), Number(td.dataset.worth)]])),
  })));
  assert.deepEqual(tables.map(({ types, heading }) => [types, heading]), [['0,0', 'If strong: no, believed 50 %'], ['1,0', 'If strong: yes, believed 50 %']]);
  const told = JSON.parse(detente('explain', path, '--json', '--quiet'));
  tables.forEach(({ cells, margins }, k) => {
    const sign = k ? 1 : -1;
    assert.equal(cells.length, 4);
    for (const [cell, values, probability, best] of cells) {
      const [a, b] = cell.split(' ').map((name) => name === 'push');
      near(values[0], (a ? sign : 0) - (b ? 0.4 : 0), `${cell} to A, ${k}`);
      near(values[1], a && b ? -sign : 0, `${cell} to B, ${k}`);
      near(probability, (a ? pushes[k] : 1 - pushes[k]) * (b ? q : 1 - q), `${cell} together, ${k}`);
      assert.equal(best, a === (sign > 0) ? 1 : 0, 'B doesn’t know what it is best against');
    }
    near(margins['A.push'][0], pushes[k], 'a type pushes');
    near(margins['A.push'][1], sign - 0.4 * q, 'what that is worth to it');
    near(margins['B.push'][0], q, 'B pushes');
    near(margins['B.push'][1], gain, 'as is worth to it, whoever it meets');
    const mover = told.movers.find((m) => m.name === `A if strong is ${k ? 'yes' : 'no'}`);
    for (const { name, probability, value } of [...mover.actions, ...told.movers.at(-1).actions]) [probability, value].forEach((x, i) => near(margins[name][i], x, `${name} as explained`));
  });
  const nodes = await tree(page);
  assert.equal(nodes.length, 1 + 2 * (1 + 2 + 4));
  assert.deepEqual(['A', 'B'].map((side) => new Set(nodes.filter((n) => n.mover === side).map((n) => n.infoset)).size), [2, 1], 'A knows its strength, B neither that nor what A does');
  ['no', 'yes'].forEach((strong, k) => near(nodes[along(nodes, `strong=${strong}`, 'push', 'push')].reached, prior[k] * pushes[k] * q, `a fight, ${strong}`));
  const fights = nodes.filter((n, at) => n.kind === 'end' && [0, 1].some((k) => along(nodes, `strong=${['no', 'yes'][k]}`, 'push', 'push') === at)).reduce((sum, n) => sum + n.reached, 0);
  near(fights, native(path, ['default'], {}).policies.default.outcomes.fights, 'fights in the tree and in play');
  for (const n of nodes.filter((n) => n.label === 'push' && nodes[n.parent].mover === 'B')) near(n.worth, gain, 'worth at the one information set');
  await accessible(page, 'matrices of types');
  await opened.done();
  console.log('bluff: a matrix for each type and the tree, by closed forms');
}

// Two choices in one breath, before anything of the first can be there.
async function hurry() {
  const opened = await open('dates.dtn', `model hurry
horizon 4
actor A rationality 2
actor B
state x : 0..3 = 0
stage bid : A { A.up { x += 1 } A.stay }
stage toss : B { B.left { pay B x } B.right }
payoff A { held = x }
outcome x = last(x)
policy default
`, [], { hash: '#panel=why' });
  const { page } = opened;
  await page.waitForSelector(SHOWN.why);
  assert.match(await stateOf(page), /^1 bid /);
  const both = (period, stage) => page.$$eval('.choose select', ([first, second], [period, stage]) => {
    for (const [select, value] of [[first, period], [second, stage]]) {
      select.value = value;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    }
  }, [period, stage]);
  for (const [period, stage] of [[2, 'toss'], [0, 'bid'], [3, 'toss'], [2, 'bid'], [1, 'toss']]) {
    await both(String(period + 1), stage);
    await page.waitForSelector(`[data-explained^="${period + 1} ${stage} "]`);
  }
  await opened.done();
  console.log('in a hurry: no choice is lost');
}

await inBrowser(async () => {
  await matrix();
  await crisis();
  await quiche();
  await bluff();
  await hurry();
});
