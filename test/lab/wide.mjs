// Nothing is wider than the screen, on a phone or a tablet, and no text runs over another, whatever a model calls things: long
// titles and names without a blank, texts from right to left, numbers of any size. What must be wide scrolls by itself.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessible, detente, everyPanel, folder, inBrowser, open, SHOWN } from './chromium.mjs';

const long = (text, times) => text.repeat(times);
const NAME = 'a_name_that_nobody_would_write_by_hand_but_a_program_might_make_of_many_parts';
const LONG = `model ${NAME} "${long('Atitlewithoutanyblank', 6)}"
question "${long('Whatisaskedhere', 8)}?"
horizon 3
source src "${long('Asourcewithoutanyblank', 5)}"
actor ${NAME}_actor "${long('Somebody', 12)}" rationality 2
param ${NAME}_param = 0.4 in 0 .. 1 "${long('Anumber', 14)}" cite src
state ${NAME}_state : {${NAME}_one, ${NAME}_two} = ${NAME}_one
stage ${NAME}_stage : ${NAME}_actor {
  ${NAME}_actor.${NAME}_go { with ${NAME}_param { ${NAME}_state := ${NAME}_two } }
  ${NAME}_actor.${NAME}_stay
}
payoff ${NAME}_actor { ${NAME}_term = ${NAME}_state == ${NAME}_two }
outcome ${NAME}_outcome maximise = ever(${NAME}_state == ${NAME}_two)
policy ${NAME}_policy
policy ${NAME}_other { forbid ${NAME}_actor.${NAME}_go }
`;
const FROM_THE_RIGHT = `model rtl "نموذج السلام في الشرق"
question "أي سياسة تحفظ السلام؟"
horizon 3
actor A "الدولة الأولى" rationality 2
actor B "東方之國" rationality 2
param p = 0.4 in 0 .. 1 "احتمال النجاح" judgement
state x : bool = no
stage s : A, B { A.go "يتقدم" { with p { x := yes } } A.stay "ينتظر" ; B.go "前進" ; B.stay "等待" }
payoff A { u = x }
payoff B { u = x }
outcome x "和平持续五年" maximise headline = ever(x)
policy free "سياسة حرة"
policy bound "제한 정책" { force A.go }
`;
const HUGE = `model huge "Huge, tiny and negative numbers"
horizon 5
actor A rationality 1
param big = 2e14 in 0 .. 1e15 "a large number" judgement
param tiny = 2e-10 in 0 .. 1e-9 "a small number" judgement
state x : 0..3 = 0
stage s : A { A.up { x += 1 } A.stay }
payoff A { u = x * 0.1 }
outcome neg "A loss, always negative" maximise headline = last(-x - 1)
outcome large "Large" maximise headline = total(x * big)
outcome small "Small" minimise headline = total(x * tiny)
outcome loss "Large losses" maximise = total(-x * 1234567.8)
policy a "One" { force A.up }
policy b "Other" { force A.stay }
`;

/** Names that stand as a column of letters, as the rest of their table leaves them no room. */
const pillars = (page) => page.$$eval('.called', (all) => all.filter((e) => e.textContent.length < 80 && e.offsetHeight > 150).map((e) => e.textContent));

const wider = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/** What axes say of themselves, where that runs into their ticks. */
const crossed = (page) => page.$$eval('main svg', (all) => all.flatMap((svg) => ['x', 'y'].flatMap((axis) => {
  const boxes = (what) => [...svg.querySelectorAll(`[aria-label="${axis}-axis ${what}"] text`)].map((t) => t.getBoundingClientRect());
  const [said] = boxes('label');
  const runs = ({ top, bottom, left, right }) => left < said.right && right > said.left && top < said.bottom && bottom > said.top;
  return said && boxes('tick label').some(runs) ? [svg.textContent] : [];
})));

/** The ticks of every chart's axis of numbers. */
const ticks = (page) => page.$$eval('figure svg [aria-label="y-axis tick label"]', (all) => all.map((axis) => [...axis.querySelectorAll('text')].map((t) => t.textContent)));

await inBrowser(async () => {
  writeFileSync(join(folder, 'rtl.dtn'), FROM_THE_RIGHT);
  detente('study', join(folder, 'rtl.dtn'), '-o', join(folder, 'rtl.study'), '--worlds', '16', '--quiet');
  for (const [name, text] of Object.entries({ LONG, FROM_THE_RIGHT, HUGE })) {
    for (const width of [390, 768]) {
      // One of them as the page of a study.
      const file = name === 'FROM_THE_RIGHT' ? 'rtl.study' : `${name}.dtn`;
      const opened = await open(file, file.endsWith('.dtn') ? text : '', [], { viewport: { width, height: 844 }, hash: '' });
      const { page } = opened;
      await everyPanel(page, async (panel) => {
        await page.waitForSelector(SHOWN[panel]);
        assert.equal(await wider(page), 0, `${name}, ${panel}, ${width} pixels`);
        assert.deepEqual(await pillars(page), [], `${name}, ${panel}, ${width} pixels`);
        assert.deepEqual(await crossed(page), [], `${name}, ${panel}, ${width} pixels`);
        if (name === 'FROM_THE_RIGHT' && width === 390) await accessible(page, `${name}, ${panel}`);
        if (name !== 'HUGE' || panel !== 'time') return;
        const axes = await ticks(page);
        assert.ok(axes.length >= 4 && axes.every((told) => told.length > 1 && new Set(told).size === told.length), JSON.stringify(axes));
        assert.ok(axes[0].some((tick) => tick.startsWith('−')), 'numbers below 0 have their axis');
      });
      if (name === 'FROM_THE_RIGHT') assert.equal(await page.$eval('h1', (h) => getComputedStyle(h).direction), 'rtl');
      await opened.done();
    }
    console.log(`${name}: nothing is wider than the screen`);
  }
});
