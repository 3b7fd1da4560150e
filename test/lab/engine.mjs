// The engine as WebAssembly against the program: engine.mjs ENGINE.wasm MODEL... [--policies N]
// For every model (at most N policies of each) the numbers of `detente run --json` must come out to
// 1e-9, the series over time must add up to the outcomes, an explanation's terms to its values, and
// steps of the walk must lead to situations that exist, with probabilities that sum to one; what it picks
// must be the nearest and likeliest of all. A small game's tree must be worth what the game is. With private variables explanations must be those of `detente
// explain --json`, and what is learned over time what outcomes say that read the truth beside the belief.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '../../web/engine/engine.mjs';

const TOLERANCE = 1e-9;
const SMALL = 20000; // nodes, of models whose levers are solved as well
const module = new WebAssembly.Module(readFileSync(process.argv[2]));
const paths = process.argv.slice(3).filter((word) => !word.startsWith('--'));
const most = Number(process.argv.find((word) => word.startsWith('--policies='))?.slice(11) ?? 1e9);

const close = (found, wanted, what) => {
  if (wanted === null || found === null) return assert.equal(found, wanted, what);
  const room = TOLERANCE * Math.max(1, Math.abs(wanted));
  assert.ok(Math.abs(found - wanted) <= room, `${what}: ${found}, not ${wanted}`);
};

const nominal = (model) => Float64Array.from(model.params, (p) => p.value);

const native = (path, policies, words = []) => JSON.parse(execFileSync(process.env.DETENTE,
  ['run', path, '--json', '--quiet', ...words, ...policies.flatMap((name) => ['--policy', name])],
  { maxBuffer: 1 << 28 }));

/** On how many points of belief each policy stands: of the table for readers, which leaves out what everybody knows. */
function nativePoints(path, policies) {
  const words = ['run', path, '--full', '--quiet', ...policies.flatMap((name) => ['--policy', name])];
  const table = execFileSync(process.env.DETENTE, words, { maxBuffer: 1 << 28, env: { ...process.env, COLUMNS: '1000' } }).toString();
  const [, told] = /^ {2}points of belief (.*)$/m.exec(table) ?? [];
  return policies.map((_, p) => (told ? Number(told.trim().split(/ +/)[p]) : 1));
}

function checkOutcomes(model, solution, gaps, wanted, where) {
  model.outcomes.forEach((o, i) => close(solution.outcomes[i], wanted.outcomes[o.name], `${where} ${o.name}`));
  model.actors.forEach((a, i) => {
    close(solution.values[i], wanted.values[a.name], `${where} value of ${a.name}`);
    close(gaps[i], wanted.gaps[a.name], `${where} gap of ${a.name}`);
  });
  close(solution.residual, wanted.residual, `${where} residual`);
  assert.equal(solution.counts.states, wanted.states);
  assert.equal(solution.counts.nodes, wanted.nodes);
  const owned = privatesOf(model);
  assert.equal(solution.private !== null, owned.length > 0, where);
  if (!owned.length) return;
  close(solution.private.calibration, wanted.calibration, `${where} calibration`);
  assert.ok(solution.private.calibration < 1e-12, `${where} calibration`);
  assert.equal(solution.private.beliefs, wanted.points, `${where} points of belief about what isn't known`);
  owned.forEach(({ variable, values }, x) => {
    const owner = model.actors[variable.owner].name;
    values.forEach((value, k) => close(solution.private.values[x][k], wanted.values_by_type[owner][value] ?? null, `${where} value to ${owner} if ${value}`));
  });
}

/** The private variables of a model, with their places among all and the names of their values. */
function privatesOf(model) {
  return model.variables.map((variable, place) => ({ variable, place })).filter(({ variable }) => variable.owner >= 0).map(({ variable, place }) => {
    const ranks = [...Array(variable.high - variable.low + 1).keys()];
    const name = { bool: (k) => ['no', 'yes'][k], enum: (k) => variable.values[k], range: (k) => String(variable.low + k) }[variable.type];
    return { variable, place, values: ranks.map(name) };
  });
}

// The levers between two policies are those of `detente levers`, chance alone is what `run --precision 0` says, and
// what is called best in words has the least, or most, of its outcome.
function checkLevers(engine, path, model) {
  if (model.policies.length < 2) return;
  const world = nominal(model);
  const [from, to] = model.policies.map((p) => p.name);
  let wanted;
  try {
    wanted = JSON.parse(execFileSync(process.env.DETENTE, ['levers', path, '--from', from, '--to', to, '--json', '--quiet'], { stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return assert.notEqual(engine.levers(0, 1, world).status, 0, `${path} levers`);
  }
  const { levers } = engine.levers(0, 1, world);
  assert.deepEqual(levers.ingredients.map((i) => i.name), wanted.ingredients, path);
  model.outcomes.forEach((o, i) => {
    const found = levers.outcomes[i], is = wanted.outcomes[o.name];
    for (const key of ['from', 'to', 'mechanical', 'adaptive']) close(found[key], is[key], `${path} ${o.name} ${key}`);
    wanted.ingredients.forEach((name, k) => close(found.shapley[k], is.shapley[name], `${path} ${o.name} ${name}`));
  });
}

function checkAnswered(engine, path, model, policies, solutions) {
  const chance = policies.map((policy) => {
    engine.explore(policy, nominal(model));
    return engine.chance(nominal(model)).outcomes;
  });
  const tossed = native(path, policies.map((p) => model.policies[p].name), ['--precision', '0']);
  policies.forEach((p, k) => model.outcomes.forEach((o, i) => close(chance[k][i], tossed.policies[model.policies[p].name].outcomes[o.name], `${path} ${o.name} by chance`)));
  const asked = policies.map((policy, k) => ({ policy, outcomes: solutions[k].outcomes, chance: chance[k] }));
  const { answered } = engine.answered(asked, 0, false, nominal(model));
  for (const { outcome, lead, best } of answered.outcomes) {
    const { direction } = model.outcomes[outcome];
    const all = asked.map((a) => a.outcomes[outcome]).filter((x) => x !== null);
    assert.equal(lead === 'none', direction === 0 || all.length < 2, `${path} ${lead}`);
    if (lead !== 'untried') continue;
    const most = Math.max(...all.map((x) => direction * x));
    close(direction * asked.find((a) => a.policy === best).outcomes[outcome], most, `${path} best`);
  }
}

// Each form's series says in its own way what the outcome is.
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const fromSeries = {
  ever: (by) => by.at(-1),
  first: (by) => by.length + 1 - sum(by),
  last: (by) => by.at(-1),
  mean: (by) => sum(by) / by.length,
  total: (by) => by.at(-1),
  count: (by) => by.at(-1),
};

function checkSeries(model, solution, series, where) {
  model.outcomes.forEach((o, i) => {
    if (solution.outcomes[i] !== null)
      close(fromSeries[o.form](series.outcomes[i]), solution.outcomes[i], `${where} ${o.name} over time`);
  });
  model.variables.forEach((v, i) => {
    for (let t = 0; t < model.horizon && series.shares[i].length; t++) {
      const shares = series.shares[i].map((by) => by[t]);
      close(sum(shares), 1, `${where} shares of ${v.name}`);
      close(sum(shares.map((p, k) => p * (v.low + k))), series.means[i][t], `${where} mean of ${v.name}`);
    }
  });
}

// What the others learn of a private variable, by its true value. As beliefs are right, P(j) E[b_k | j] is
// E[b_j b_k], the same for k and j exchanged, and sums over j to P(k); and outcomes that read the truth
// beside the belief, by the program, say the same.
function checkLearned(model, series, where) {
  privatesOf(model).forEach(({ variable, place, values }) => {
    const learned = series.learned[place], shares = series.shares[place];
    assert.equal(learned.length, values.length);
    for (let t = 1; t <= model.horizon; t++) {
      const both = (j, k) => (shares[j][t - 1] ? shares[j][t - 1] * learned[j][k][t] : 0);
      values.forEach((_, j) => {
        assert.equal(learned[j][0][t] === null, shares[j][t - 1] === 0, where);
        close(sum(values.map((_, k) => both(k, j))), shares[j][t - 1], `${where} expected belief about ${variable.name}`);
        values.forEach((_, k) => close(both(j, k), both(k, j), `${where} belief about ${variable.name} by the truth`));
      });
    }
  });
}

function checkLearnedBy(path, text, model, policy, series, where) {
  const owned = privatesOf(model);
  const pairs = owned.flatMap(({ variable, place, values }) => values.flatMap((v, j) => values.map((w, k) => ({ name: variable.name, place, v, w, j, k }))));
  const some = pairs.slice(0, 9);
  const lines = some.flatMap(({ name, v, w }, i) => ['last', 'mean'].map((form) => `outcome ${form}_learned_${i} = ${form}((${name} == ${v}) * belief(${name} == ${w}))`));
  const folder = mkdtempSync(join(tmpdir(), 'detente-learned-'));
  try {
    const file = join(folder, 'model.dtn');
    writeFileSync(file, `${text}\n${lines.join('\n')}\n`);
    const { outcomes } = native(file, [policy]).policies[policy];
    some.forEach(({ name, place, v, w, j, k }, i) => {
      const shares = series.shares[place][j];
      const both = shares.map((p, t) => (p ? p * series.learned[place][j][k][t + 1] : 0));
      close(both.at(-1), outcomes[`last_learned_${i}`], `${where} ${name}=${v} and belief in ${w}, at the end`);
      close(sum(both) / both.length, outcomes[`mean_learned_${i}`], `${where} ${name}=${v} and belief in ${w}, on average`);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
  return some.length;
}

/** What the program says that each action does to a belief, as the page has it: the variable and the actions by their descriptions. */
function inTexts(learned, { name, text }, mover) {
  const called = ({ brief, text }) => (text ? `“${text}”` : brief);
  return learned.split('; ').map((part) => {
    const action = mover?.actions.find(({ brief }) => part.startsWith(`${brief} `));
    const rest = action ? part.slice(action.brief.length) : part;
    return `${action ? called(action) : ''}${rest.replace(/(belief that|nothing about) \w+/, `$1 ${text || name}`)}`;
  }).join('; ');
}

// As the program explains a situation where what is `asked` is believed (null: what is likeliest).
function checkExplained(path, model, policy, at, explanation, asked, where) {
  const owned = privatesOf(model);
  const words = at.slots.filter((_, i) => !(model.variables[i]?.owner >= 0)).map((slot) => `${slot.name}=${slot.value}`);
  let first = 0;
  const believing = owned.flatMap(({ variable, values }, x) => {
    const said = values.map((value) => `${variable.name}=${value}:${asked?.[first++]}`);
    return explanation.beliefs[x].known ? [] : said;
  });
  const told = JSON.parse(execFileSync(process.env.DETENTE, ['explain', path, '--json', '--quiet', '--policy', policy, '--stage', at.stage, '--period', String(at.period),
    ...(words.length ? ['--at', words.join(', ')] : []), ...(asked && believing.length ? ['--believing', believing.join(', ')] : [])]));
  owned.forEach(({ variable, place, values }, x) => {
    const belief = explanation.beliefs[x];
    assert.equal(belief.variable, place, where);
    values.forEach((value, k) => close(belief.share[k], told.beliefs[x].belief[value], `${where} belief in ${value}`));
    assert.equal(belief.text, inTexts(told.beliefs[x].learned, variable, explanation.movers.find((m) => m.variable === place)), where);
  });
  close(explanation.believed, told.believed, `${where} believed`);
  assert.deepEqual(explanation.movers.map((m) => m.name), told.movers.map((m) => m.name), where);
  explanation.movers.forEach((mover, m) => mover.actions.forEach((action) => {
    const of = told.movers[m].actions.find((a) => a.name === action.name);
    const what = `${where} ${mover.name} ${action.name}`;
    close(action.probability, of.probability, what);
    close(action.value, of.value, `${what} value`);
    mover.terms.forEach((term, t) => close(action.terms[t], of.terms[term], `${what} ${term}`));
    model.outcomes.forEach((o, i) => close(action.outcomes[i], of.outcomes[o.name], `${what} ${o.name}`));
    const variable = owned.find(({ place }) => place === mover.variable);
    assert.equal(action.posterior.length, variable ? variable.values.length : 0, what);
    variable?.values.forEach((value, k) => close(action.posterior[k], of.posterior[value], `${what} reveals`));
  }));
}

const beliefOf = (explanation) => (explanation.beliefs.length ? Float64Array.from(explanation.beliefs.flatMap((b) => b.share)) : null);

function checkWalk(engine, path, model, policy, where) {
  let at = engine.situation(0, -1, null, -1).situation;
  let steps = 0;
  let belief = null;
  while (at && steps < 10) {
    const { explanation, diagnostics } = engine.explain(at.period - 1, at.node, belief);
    assert.ok(explanation, `${where} ${JSON.stringify(diagnostics)}`);
    if (belief || privatesOf(model).length) checkExplained(path, model, policy, at, explanation, belief, where);
    explanation.movers.forEach((mover) => {
      close(sum(mover.actions.map((a) => a.probability)), 1, `${where} strategy of ${mover.name}`);
      mover.actions.forEach((a) => close(sum(a.terms), a.value, `${where} terms of ${a.name}`));
    });
    const mover = explanation.movers[steps % explanation.movers.length];
    const { step } = engine.next(at.period - 1, at.node, mover.agent, 0, mover.rank, beliefOf(explanation));
    close(step.ended + step.over + step.rest + sum(step.next.map((n) => n.probability)), 1, `${where} step`);
    steps++;
    if (!step.next.length) break;
    const [to] = step.next;
    const stage = model.stages.findIndex((s) => s.name === to.stage);
    const here = new Int32Array(at.slots.map((s) => s.number));
    to.changes.forEach((change) => {
      const slot = at.slots.findIndex((s) => s.name === change.name);
      assert.equal(at.slots[slot].value, change.from);
    });
    const next = engine.situation(to.period - 1, stage, here, -1).situation;
    assert.ok(next.reached > 0 && next.stage === to.stage, where);
    at = next;
    belief = explanation.beliefs.length ? Float64Array.from(to.belief) : null;
    close(sum(to.belief), explanation.beliefs.length, `${where} beliefs after a step`);
  }
  return steps;
}

// Every situation of a stage in a period, found by asking for each combination of values; null if there
// are too many.
function situationsOf(engine, period, stage, some) {
  const MOST = 1500;
  const values = some.slots.map((slot) => slot.values.map((v) => v.number));
  if (values.reduce((product, { length }) => product * length, 1) > MOST) return null;
  let all = [[]];
  values.forEach((list) => (all = all.flatMap((begun) => list.map((number) => [...begun, number]))));
  return all.flatMap((numbers) => {
    const found = engine.situation(period, stage, Int32Array.from(numbers), -1).situation;
    return found.slots.every((slot, i) => slot.number === numbers[i]) ? [{ numbers, reached: found.reached }] : [];
  });
}

// What the walk picks is what it says: of the situations nearest to the one wanted the likeliest, and
// with none wanted the likeliest of all.
function checkPicks(engine, model, where) {
  let picked = 0;
  for (let period = 0; period < Math.min(model.horizon, 3); period++) {
    model.stages.forEach((stage, s) => {
      const likeliest = stage.movers.length ? engine.situation(period, s, null, -1).situation : null;
      const all = likeliest && situationsOf(engine, period, s, likeliest);
      if (!all) return;
      assert.equal(all.length, likeliest.situations, `${where} situations of ${stage.name}`);
      const most = Math.max(...all.map(({ reached }) => reached));
      assert.equal(likeliest.reached, most, `${where} the likeliest situation of ${stage.name} in period ${period + 1}`);
      for (const { numbers } of all.slice(0, 40)) {
        likeliest.slots.forEach((slot, fixed) => {
          const wanted = Int32Array.from(numbers);
          wanted[fixed] = slot.values[(slot.values.findIndex((v) => v.number === numbers[fixed]) + 1) % slot.values.length].number;
          const found = engine.situation(period, s, wanted, fixed).situation;
          const far = (at) => at.filter((number, i) => number !== wanted[i]).length;
          const among = all.filter((at) => at.numbers[fixed] === wanted[fixed]);
          const least = Math.min(...among.map((at) => far(at.numbers)));
          const best = Math.max(...among.filter((at) => far(at.numbers) === least).map((at) => at.reached));
          assert.equal(far(found.slots.map((o) => o.number)), least, `${where} ${stage.name}: another is nearer`);
          assert.equal(found.reached, best, `${where} ${stage.name}: another as near is likelier`);
          picked++;
        });
      }
    });
  }
  return picked;
}

// What two policies differ by, taken apart: the parts sum to the difference of the outcomes, the
// other way round to its opposite, and against itself a policy differs in nothing. With private variables a stage's part is what it is
// by each value that is true; where one is known to all under one of the two alone it is refused.
function checkContrast(engine, model, wanted, names, points, where) {
  const world = nominal(model);
  names.forEach((_, p) => assert.equal(engine.side(p, p, world).status, 0));
  if (new Set(points).size > 1) {
    const { status, contrast, diagnostics } = engine.contrast(0, names.length - 1, 0);
    assert.deepEqual([status, contrast, diagnostics.length], [3, null, 1], where);
    return 0;
  }
  let different = 0;
  const outcomes = model.outcomes.map((o, i) => [o, i]).filter(([o]) => names.every((name) => wanted.policies[name].outcomes[o.name] !== null));
  outcomes.forEach(([o, i]) => {
    names.forEach((here, h) => names.forEach((there, t) => {
      const { contrast } = engine.contrast(h, t, i);
      close(contrast.here, wanted.policies[here].outcomes[o.name], `${where} ${o.name} here`);
      close(contrast.there, wanted.policies[there].outcomes[o.name], `${where} ${o.name} there`);
      close(sum(contrast.stages.map((s) => s.part)) + contrast.counted + contrast.drawn, contrast.here - contrast.there, `${where} ${o.name} ${here} less ${there}`);
      contrast.stages.forEach((stage, s) => {
        assert.equal(stage.taken.length, model.stages[s].actions.length);
        stage.by_truth.forEach(({ parts }) => close(sum(parts), stage.part, `${where} ${o.name} in ${model.stages[s].name} by what is true`));
        stage.taken.forEach(([a, b]) => assert.ok([a, b].every((x) => x >= 0 && x <= model.horizon * (1 + 1e-9)), where));
        if (h === t) close(stage.part, 0, `${where} ${o.name} in ${model.stages[s].name}`);
        if (stage.situation) assert.ok(stage.situation.part * stage.part >= 0);
        different += Math.abs(stage.part) > TOLERANCE;
      });
    }));
  });
  return different;
}

// A tree, where the game is small: its ways are all there are, and what is paid along them is what the game is worth.
function checkTree(engine, model, solution, where) {
  const { tree } = engine.tree();
  if (!tree) return 0;
  const ends = tree.nodes.filter((n) => n.kind === 'end');
  assert.ok(tree.nodes.length <= 60 && model.lookahead >= 0, where);
  close(sum(ends.map((n) => n.reached)), 1, `${where} ends of the tree`);
  model.actors.forEach((a, i) => close(sum(ends.map((n) => n.reached * n.paid[i])), solution.values[i], `${where} the tree to ${a.name}`));
  tree.nodes.forEach((n, at) => {
    const children = tree.nodes.filter((c) => c.parent === at);
    assert.equal(children.length === 0, n.kind === 'end', where);
    if (children.length) close(sum(children.map((c) => c.probability)), 1, `${where} ways from a node`);
    if (n.infoset < 0) return;
    const like = tree.nodes[n.infoset];
    assert.deepEqual([like.mover, like.stage, like.infoset], [n.mover, n.stage, n.infoset], where);
    const chances = (k) => tree.nodes.flatMap((c) => (c.parent === k ? [c.label, c.worth] : []));
    assert.deepEqual(chances(at), chances(n.infoset), `${where} who can't tell nodes apart does the same at all`);
  });
  return 1;
}

// On half the grid of beliefs outcomes are as far from those on the whole as `detente run` says.
function checkHalf(engine, model, policy, solution, wanted, where) {
  engine.explore(policy, nominal(model));
  const { status, half } = engine.half(nominal(model));
  assert.equal(status, 0, where);
  const known = (solution.private?.beliefs ?? 1) === 1;
  if (known) return assert.equal(half, null, where), 0;
  model.outcomes.forEach((o, i) => close(Math.abs(solution.outcomes[i] - half[i]), wanted.half_grid[o.name], `${where} ${o.name} on half the grid`));
  return 1;
}

// A stage's part where something is private, on a game that is small enough to know more of: what nobody reads changes no
// part and no frequency; who acts by what it knows takes its actions as often as outcomes count them; and what is
// drawn otherwise as play begins is all that differs where nobody's choice hangs on anything.
const TWO = (secret) => `model two
horizon 3
beliefs 8
actor A rationality 2
actor B rationality 3
param odds = 0.3 in 0 .. 1
param cost = 0.1 in 0 .. 1
state rung : 0..4 = 0
${secret}
stage climb : A {
  A.up if rung < 4 { pay A -cost ; rung := rung + 1 ; with 0.2 { rung := 0 } }
  A.stay
}
stage answer : B { B.yield ; B.hold }
payoff A { high = rung * 0.3 ; won = answer.B == yield }
payoff B { low = -rung * 0.4 ; stood = (answer.B == hold) * 0.2 }
outcome top = last(rung)
outcome ups = count(climb.A == up)
outcome yields = count(answer.B == yield)
policy free
policy dear { set cost = 0.9 }
`;

function checkPrivateParts() {
  const split = (text, worlds) => {
    const engine = new Engine(module);
    const { model, diagnostics } = engine.parse(text);
    assert.deepEqual(diagnostics.filter((d) => d.severity === 'error'), []);
    worlds(model).forEach(([policy, world], side) => assert.equal(engine.side(side, policy, world).status, 0));
    return { model, all: model.outcomes.map((_, o) => engine.contrast(0, 1, o).contrast) };
  };
  const policies = (model) => [0, 1].map((policy) => [policy, nominal(model)]);
  const plain = split(TWO(''), policies), idle = split(TWO('private A mood : {calm, cross} = {calm: 0.6, cross: 0.4}'), policies);
  plain.all.forEach((contrast, o) => contrast.stages.forEach((stage, s) => {
    close(idle.all[o].stages[s].part, stage.part, `part ${o} of stage ${s} with an idle secret`);
    idle.all[o].stages[s].taken.flat().forEach((x, k) => close(x, stage.taken.flat()[k], 'frequencies with an idle secret'));
    const [{ parts }] = idle.all[o].stages[s].by_truth;
    close(parts[0], 0.6 * stage.part, 'each type has its share of the part');
  }));
  const typed = TWO('private A mood : {calm, cross} = {calm: 1 - odds, cross: odds}').replace('high = rung * 0.3', 'high = rung * (mood == cross ? 0.8 : -0.3)');
  const acting = split(typed, policies);
  acting.model.outcomes.forEach(({ name }, o) => {
    const [stage, action] = { ups: [0, 0], yields: [1, 0] }[name] ?? [];
    if (stage === undefined) return;
    acting.all[o].stages[stage].taken[action].forEach((times, side) => close(times, [acting.all[o].here, acting.all[o].there][side], `${name} as counted`));
    if (name === 'ups') assert.ok(acting.all[o].stages[0].by_truth[0].parts.every((x) => Math.abs(x) > 1e-6), 'both types act otherwise');
  });
  const deaf = typed.replaceAll(/rationality \d/g, 'rationality 0').replace('with 0.2', 'with (mood == cross ? 0.5 : 0.2)');
  const drawn = split(deaf, (model) => [nominal(model), nominal(model).map(() => 0.7)].map((world) => [0, world]));
  drawn.all.forEach((contrast) => {
    close(contrast.drawn, contrast.here - contrast.there, 'nothing but the draw differs');
    contrast.stages.forEach((stage) => close(stage.part, 0, 'no stage'));
  });
  assert.ok(Math.abs(drawn.all[0].drawn) > 0.01);
}

checkPrivateParts();

let halves = 0;
let trees = 0, worlds = 0, steps = 0, picked = 0, parts = 0, learned = 0, answered = 0;
for (const path of paths) {
  const engine = new Engine(module);
  const text = readFileSync(path, 'utf8');
  const parsed = engine.parse(text);
  assert.equal(parsed.status, 0, `${path}: ${JSON.stringify(parsed.diagnostics)}`);
  const { model } = parsed;
  const policies = model.policies.slice(0, most).map((p) => p.name);
  const wanted = native(path, policies);
  if (privatesOf(model).length) nativePoints(path, policies).forEach((points, p) => (wanted.policies[policies[p]].points = points));
  const solutions = [];
  policies.forEach((name, p) => {
    const where = `${path} under ${name}:`;
    assert.equal(engine.explore(p, nominal(model)).status, 0, where);
    const { status, solution } = engine.solve(nominal(model));
    assert.equal(status, 0, where);
    const late = engine.gaps();
    assert.equal(late.status, 0, where);
    assert.equal(late.gaps.length, model.actors.length, where);
    if (solution.gaps !== null) assert.deepEqual(solution.gaps, late.gaps, where);
    else assert.ok(model.lookahead >= 0, `${where} only a finite horizon leaves gaps for later`);
    checkOutcomes(model, solution, late.gaps, wanted.policies[name], where);
    const { series } = engine.overTime();
    checkSeries(model, solution, series, where);
    trees += checkTree(engine, model, solution, where);
    checkLearned(model, series, where);
    if (privatesOf(model).length) halves += checkHalf(engine, model, p, solution, wanted.policies[name], where);
    if (p === 0 && privatesOf(model).length) learned += checkLearnedBy(path, text, model, name, series, where);
    if (p === 0) {
      steps += checkWalk(engine, path, model, name, where);
      picked += checkPicks(engine, model, where);
    }
    solutions.push(solution);
    worlds++;
  });
  if (solutions.every(({ counts }) => counts.nodes < SMALL)) {
    checkLevers(engine, path, model);
    checkAnswered(engine, path, model, [...policies.keys()], solutions);
    answered++;
  }
  const compared = solutions.slice(0, 2);
  parts += checkContrast(engine, model, wanted, policies.slice(0, 2), compared.map((s) => s.private?.beliefs ?? 1), path);
}

// A wrong text is answered with diagnostics, and the engine goes on.
const engine = new Engine(module);
const wrong = engine.parse('model m\nhorizon 1\nactor A rationality lamda\nparam lambda = 1\n');
assert.equal(wrong.status, 2);
assert.equal(wrong.model, null);
assert.deepEqual(wrong.diagnostics.map((d) => [d.code, d.line, d.hint])[0],
  ['unknown-name', 3, "did you mean 'lambda'?"]);
assert.equal(engine.parse(readFileSync(paths[0], 'utf8')).status, 0);

assert.ok(worlds > 0 && steps > 0);
console.log(`${worlds} worlds as natively to ${TOLERANCE}, ${steps} situations walked, ${picked} picked, ${parts} parts of differences, ${trees} trees, ${learned} beliefs by the truth, ${halves} halved grids, ${answered} models answered in words`);
