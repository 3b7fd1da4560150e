// The sentences of Answer where the page's engine makes them: which policies they name is which have a place on the cards; what
// does the work is said as the program says it of the same numbers; and by which number a ranking turns is so by the
// program's numbers on either side of it.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { accessible, detente, folder, inBrowser, move, native, open, ready } from './chromium.mjs';
import { dataOf } from './parts.mjs';

// Of five policies the first three are shown; the best by both outcomes is another.
const TEXT = `model levers "Whose price is it?"
question "What brings them to agree?"
period year
horizon 3
actor A "Seller" rationality 3
actor B "Buyer" rationality 4
param price = 0.5 in 0 .. 1 "the price asked" judgement
param need = 0.7 in 0 .. 1 "how much the buyer needs it" judgement
param luck = 0.1 in 0 .. 1 "chance that a deal falls through" judgement
state deal : bool = no
lever terms "Terms" {
  fair "Fair"
  mild "Mild" { set price = 0.3 }
  hard "Hard" { set price = 0.9 }
}
lever haste "Haste" {
  calm "No hurry"
  rush "In a hurry" { set luck = 0.4 }
}
stage ask : A when not deal { A.offer ; A.wait }
stage reply : B when ask.A == offer { B.take { deal := yes ; with luck { deal := no } ; pay A price ; pay B need - price } B.leave }
payoff A { kept = deal * 0.1 }
payoff B { has = deal * 0.2 }
outcome deal "A deal is struck" headline maximise = ever(deal)
outcome when "When a deal is struck" headline minimise = first(deal)
policy as_is "As it is"
policy rushed "In a hurry" { use haste rush }
policy hard "Hard and in a hurry" { use terms hard ; use haste rush }
policy mild "Mild" { use terms mild }
policy both "Mild and in a hurry" { use terms mild ; use haste rush }
`;

const close = (found, wanted, room, what) => assert.ok(Math.abs(found - wanted) <= room, `${what}: ${found}, not ${wanted}`);

/** What the program says of policies at these numbers. */
function programs(path, policies, set) {
  const file = join(folder, 'said.html');
  detente('report', path, '-o', file, ...policies.flatMap((p) => ['--policy', p]), ...Object.entries(set).flatMap(([n, v]) => ['--set', `${n}=${v}`]));
  return dataOf(file);
}

const onCards = (page, outcome) => page.$$eval(`[data-interval][data-about=${outcome}]`, (all) => all.map((row) => row.dataset.interval));

/** All that stands under a sentence, once it is there. */
async function look(page, outcome, wanted) {
  const li = page.locator(`.sentences [data-about=${outcome}]`);
  await li.locator('summary').click();
  await li.locator(wanted).waitFor();
  return li;
}

await inBrowser(async () => {
  const { page, path, file, done } = await open('levers.dtn', TEXT, [], { hash: '#panel=answer' });
  const first = dataOf(file);
  const texts = first.model.policies.map((p) => p.text);
  for (const { outcome, text, named, best } of first.answered.outcomes) {
    assert.ok(named.includes(best));
    const about = first.model.outcomes[outcome].name, rows = await onCards(page, about);
    texts.forEach((called, p) => {
      if (!text.includes(`“${called}”`)) return;
      assert.ok(named.includes(p), text);
      assert.ok(rows.includes(first.model.policies[p].name), `${called} is named and has no place among ${rows}`);
    });
  }
  assert.ok(first.answered.outcomes.some(({ best }) => best > 2), 'the best is none of those shown first');

  // A number is moved: sentences are about the policies shown, and so are the cards; what does the work is the program's.
  await move(page, 'need', 0.4);
  await ready(page);
  await page.waitForSelector('[data-said="as_is rushed hard"][data-numbers=need]');
  assert.deepEqual(await onCards(page, 'deal'), ['as_is', 'rushed', 'hard']);
  await page.evaluate(() => (location.hash = location.hash.replace(/policies=[^&]*/, 'policies=as_is,rushed,mild')));
  await page.waitForSelector('[data-said="as_is rushed mild"][data-numbers=need]');
  const shown = ['as_is', 'rushed', 'mild'];
  const { answered, model } = programs(path, shown, { need: 0.4 });
  let worked = 0;
  for (const { outcome, work } of answered.outcomes) {
    if (!work) continue;
    const { name } = model.outcomes[outcome];
    const li = await look(page, name, '[data-work]');
    assert.equal(await li.locator('[data-work]').textContent(), work, name);
    worked++;
  }
  assert.ok(worked > 0, 'something does the work');

  // By which number it turns: found when asked for, in the sentence and beside the sliders.
  await page.locator('.sentences [data-about=deal] summary').click();
  const li = await look(page, 'deal', '[data-sweep], [data-turns]');
  await li.locator('button').first().click();
  await page.waitForSelector('.sentences [data-turns=deal]');
  const told = await li.locator('[data-turns]').textContent();
  const [, called, side, at, best] = /^Among the policies shown: By itself the number that turns it soonest is “(.*)”: (above|below) ([\d.]+) \(it is [\d.]+\) “(.*)” is best\.$/.exec(told) ?? assert.fail(told);
  const { name } = model.params.find((p) => p.text === called);
  const bestAt = (x) => {
    const { policies } = native(path, shown, { need: 0.4, [name]: x });
    return shown.reduce((top, p) => (policies[p].outcomes.deal > policies[top].outcomes.deal ? p : top));
  };
  const over = 0.05 * (side === 'above' ? 1 : -1); // a hair of the larger is no difference to speak of, so it turns later than at equality
  const past = model.policies.find((p) => p.text === best).name;
  assert.equal(bestAt(Number(at) + Math.sign(over) * 0.002), past, told);
  assert.notEqual(bestAt(Number(at) - over), past, told);
  close(Number(await page.$eval(`#param-${name}`, (input) => input.value)), name === 'need' ? 0.4 : model.params.find((p) => p.name === name).value, 1e-9, 'nothing was moved');
  await accessible(page, 'reasons');

  // Another number: what was found is of the one before, and is offered to be found again.
  await move(page, 'luck', 0.2);
  await ready(page);
  await page.waitForSelector('[data-said="as_is rushed mild"][data-numbers="need luck"]');
  await page.waitForSelector('.sentences [data-turns]', { state: 'detached' });
  await done();
});
console.log('sentences: who is named, what does the work, by which number it turns');
