// Names that every object of the page's language has, for everything that a model names: a page of such a
// model opens, shows the program's numbers on every panel, its sliders move them, and they are put in order.
import assert from 'node:assert/strict';
import { everyPanel, inBrowser, move, native, open, ready, rows, settings, SHOWN } from './chromium.mjs';

const NAMES = ['constructor', 'hasOwnProperty', '__proto__', 'toString'];

/** Four names of one kind are these; outcomes, actions, values and sources, which may share them, always are. */
function modelOf(kind) {
  const of = (what) => (what === kind ? NAMES : [0, 1, 2, 3].map((i) => `${what}_${i}`));
  const actors = of('actor'), roles = of('role'), params = of('param'), states = of('state'), stages = of('stage'), policies = of('policy');
  return `model ${kind === 'model' ? NAMES[2] : 'names'}
horizon 2
${kind === 'actor' ? '' : NAMES.map((n) => `source ${n}x "a source"`).join('\n')}
${actors.map((a) => `actor ${a} "an actor"`).join('\n')}
${roles.map((r, i) => `role ${r} = ${actors[i]}`).join('\n')}
${params.map((p, i) => `param ${p} = 0.${i + 2} in 0 .. 1 "a number" judgement`).join('\n')}
${states.map((s) => `state ${s} : {${NAMES.join(', ')}} = constructor`).join('\n')}
${stages.map((s, i) => `stage ${s} : ${i % 2 ? roles[i] : actors[i]} {\n${NAMES.map((n, k) => `  ${i % 2 ? roles[i] : actors[i]}.${n} { with ${params[i]} { ${states[i]} := ${NAMES[k]} } }`).join('\n')}\n}`).join('\n')}
${actors.map((a, i) => `payoff ${a} { ${NAMES[i]} = ${states[i]} * ${params[(i + 1) % 4]} }`).join('\n')}
${NAMES.map((n, i) => `outcome ${n} maximise = mean(${states[i]})`).join('\n')}
${policies.map((p, i) => `policy ${p} "a policy" { set ${params[i]} = 0.9 }`).join('\n')}
`;
}

await inBrowser(async () => {
  for (const kind of ['actor', 'role', 'param', 'state', 'stage', 'policy']) {
    const opened = await open(`${kind}.dtn`, modelOf(kind), []);
    const { page, path } = opened;
    const policies = kind === 'policy' ? NAMES : [0, 1, 2, 3].map((i) => `policy_${i}`);
    const params = kind === 'param' ? NAMES : [0, 1, 2, 3].map((i) => `param_${i}`);
    await page.click('.policies summary');
    await page.check('.policies input >> nth=3');
    await ready(page);
    const agree = async (where) => {
      const wanted = native(path, policies, await settings(page)).policies;
      const found = await rows(page);
      assert.equal(found.length, 16, where);
      for (const { policy, outcome, value } of found) assert.ok(value !== '' && Math.abs(value - wanted[policy].outcomes[outcome]) < 1e-9, `${where}: ${outcome} under ${policy} is ${value}`);
    };
    await agree(`${kind}, base case`);
    assert.equal(await page.locator('.slider.moved').count(), 0);
    assert.deepEqual(await page.$$eval('.slider .set', (all) => all.map((e) => e.textContent.trim())), policies.map((p) => 'Set to 0.9 by “a policy”.'));
    for (const [i, param] of params.entries()) await move(page, param, 0.5 + ((i + 2) % 4) / 10);
    await ready(page);
    await agree(`${kind}, moved`);
    await page.reload();
    await ready(page);
    assert.equal(await page.locator('.slider.moved').count(), 4);
    await agree(`${kind}, by the link`);
    await everyPanel(page, (panel) => page.waitForSelector(SHOWN[panel]));
    await page.click('#tab-assumptions');
    const column = page.locator('.numbers th[scope=col]', { hasText: 'number' });
    const turned = [...params.slice(2), ...params.slice(0, 2)];
    for (const [sorted, wanted] of [['ascending', turned], ['descending', turned.toReversed()], [null, params]]) {
      await column.locator('button').click();
      assert.equal(await column.getAttribute('aria-sort'), sorted);
      assert.deepEqual(await page.$$eval('.numbers [data-param]', (all) => all.map((row) => row.dataset.param)), wanted, `${kind}: ${sorted ?? 'as it was'}`);
    }
    await page.click('#tab-why');
    await page.waitForSelector(SHOWN.why);
    await page.click('button[data-action] >> nth=2');
    await page.click('button.next >> nth=0');
    await page.waitForSelector('.trail li');
    await page.waitForSelector(SHOWN.why);
    await opened.done();
    console.log(`${kind}: such names, numbers as natively`);
  }
});
