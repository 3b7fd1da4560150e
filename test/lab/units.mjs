// The page's TypeScript by itself, in Node: units.mjs WORK, the folder where the page was built. Settings and the
// steps through them, addresses, what two texts differ in, what the editor makes of them, and the pool of workers against what it promises: workers
// here are objects that a test answers for, or lets die. How parts of the page are coded and compressed, against xz.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const work = process.argv[2];
const { build } = await import(pathToFileURL(join(work, 'node_modules/esbuild/lib/main.js')).href);

/** What these files of the page export, in one bundle, so that they share what they import. */
async function load(names) {
  const contents = names.map((name) => `export * from './${name}';`).join('\n');
  const { outputFiles } = await build({ stdin: { contents, resolveDir: join(work, 'page') }, bundle: true, format: 'esm', write: false, logLevel: 'error' });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
}

const page = await load(['call', 'editor/change', 'editor/told', 'fragment', 'layers', 'matches', 'past', 'patch', 'pool', 'settings', 'texts', 'tree', 'words']);
const { Ended, Dropped, Past, Pool, replaced, readFragment, readSettings, sameLook, sameWork, Texts, URGENCY, writeFragment } = page;
const { ofHundred, numberOf, readSeed, seedOf, when } = page;
const { placed, stepTo } = page;
const { changeBetween, rangeOf, toldBy } = page;
const { decode, differences, encode, patched, reaching, rowsOf } = page;

const settings = (more = {}) => ({ text: 'model m', policies: ['a', 'b'], set: new Map(), panel: 'compare', look: null, embed: '', beside: null, ...more });
const LOOK = { policy: 'a', period: 2, stage: 'talks', wanted: [0, 2, -1], belief: [0.25, 0.75] };
const at = (x) => settings({ set: new Map([['x', x]]) });

test('settings: what is alike stays the same object', () => {
  const before = at(1);
  assert.equal(replaced(before, at(1)), before);
  const other = replaced(before, { ...at(1), panel: 'why' });
  assert.ok(other !== before && other.set === before.set && other.policies === before.policies);
  assert.ok(sameWork(before, other) && !sameWork(before, at(2)) && !sameWork(before, settings()));
  assert.ok(!sameWork(before, { ...at(1), policies: ['b', 'a'] }));
  assert.ok(!sameWork(before, { ...at(1), text: 'model n' }));
});

test('settings: what lies in the history of a browser is read with care', () => {
  assert.deepEqual(readSettings(structuredClone(at(1))), at(1));
  assert.deepEqual(readSettings(structuredClone({ ...at(1), look: LOOK })).look, LOOK);
  for (const wrong of [null, undefined, 3, 'x', {}, { ...at(1), set: {} }, { ...at(1), set: new Map([['x', NaN]]) }, { ...at(1), set: new Map([['x', '1']]) }, { ...at(1), policies: [1] }, { ...at(1), policies: 'a' }, { ...at(1), panel: 0 }, { ...at(1), text: null }, { ...at(1), embed: 3 }, { ...at(1), beside: undefined }, { ...at(1), beside: { name: 'a', text: 1, set: new Map() } }, { ...at(1), beside: { name: 'a', text: 't', set: {} } }, { ...at(1), look: undefined }, { ...at(1), look: { ...LOOK, period: 0.5 } }, { ...at(1), look: { ...LOOK, wanted: ['1'] } }])
    assert.equal(readSettings(wrong), null);
});

test('past: every step can be undone and done again, in order', () => {
  const past = new Past(() => 0);
  let now = settings();
  const go = (to, gesture = '') => ((past.note(now, to, gesture), (now = to)));
  for (const x of [1, 2, 3]) go(at(x));
  const x = () => now.set.get('x') ?? 0;
  const undo = () => (now = past.undo(now) ?? now);
  const redo = () => (now = past.redo(now) ?? now);
  assert.deepEqual([undo(), undo(), undo(), undo()].map(() => 0), [0, 0, 0, 0]);
  assert.equal(x(), 0);
  assert.ok(!past.canUndo && past.canRedo);
  redo();
  assert.equal(x(), 1);
  redo();
  redo();
  redo();
  assert.equal(x(), 3);
  assert.ok(past.canUndo && !past.canRedo);
  undo();
  go(at(9)); // another way: the old one is gone
  assert.ok(!past.canRedo);
  undo();
  assert.equal(x(), 2);
});

test('past: a gesture is one step, until there is a pause', () => {
  let time = 0;
  const past = new Past(() => time);
  let now = settings();
  const drag = (x) => {
    const first = past.note(now, at(x), 'set x');
    now = at(x);
    return first;
  };
  assert.deepEqual([1, 2, 3].map(drag), [true, false, false]);
  time = 5000;
  assert.deepEqual([4, 5].map(drag), [true, false]);
  assert.equal(past.note(now, { ...now, panel: 'why' }, ''), false, 'another panel is no step');
  now = past.undo(now);
  assert.equal(now.set.get('x'), 3);
  assert.equal(drag(7), true, 'after undoing it is another gesture');
  now = past.undo(now);
  now = past.undo(now);
  assert.equal(now.set.size, 0);
});

test('fragment: what is written is read', () => {
  const nothing = { policies: ['a'], set: new Map(), panel: 'why', edit: '', look: null, embed: '', beside: null };
  for (const more of [{}, { set: new Map([['x', -1.5e-7], ['y', 0]]) }, { edit: 'a1b2.Zz-_9' }, { edit: '.Zz' }, { embed: 'war' }, { embed: 'war-as_is-why' }, { beside: { name: '', set: new Map(), edit: '' } }, { beside: { name: 'Größer, “&=#”', set: new Map([['x', 2]]), edit: 'a1b2.Zz' } }, { look: LOOK }, { look: { ...LOOK, belief: null } }, { look: { ...LOOK, wanted: null } }, { look: { ...LOOK, stage: '', wanted: null, belief: null } }]) {
    const wanted = { ...nothing, ...more };
    assert.deepEqual(readFragment(writeFragment(wanted)), { ...wanted, match: '', wrong: [] });
    assert.deepEqual(readFragment(`#${encodeURIComponent(writeFragment(wanted).slice(1))}`), { ...wanted, match: '', wrong: [] }, 'escaped by a mail program');
  }
  assert.ok(sameLook(LOOK, structuredClone(LOOK)) && !sameLook(LOOK, { ...LOOK, belief: [0.5, 0.5] }) && !sameLook(LOOK, null) && sameLook(null, null));
});

test('fragment: what says nothing is told, one by one', () => {
  for (const part of ['set=x', 'set=x:', 'set=x:Infinity', 'set=x y:1', 'at=', 'at=a', 'at=a:0:s', 'at=a:1.5:s', 'at=a:1:s:0.5', 'at=a:1:s:1,,2', 'at=a:1:s:1:x', 'at=a:1:s:1:0.5:more', 'at=a b:1:s', 'edit=', 'edit=nodot', 'edit=x.', 'edit=x.a+b', 'embed=', 'embed=a b', 'beside_name=a b', 'beside_name=_w', 'beside_edit=nodot', 'beside=x:', 'toString=1', '__proto__=1', 'mood=good']) {
    const found = readFragment(`#panel=why&${part}`);
    assert.equal(found.wrong.length, 1, part);
    assert.deepEqual([found.panel, found.set.size, found.edit, found.look, found.embed], ['why', 0, '', null, ''], part);
  }
  for (const empty of ['', '#', '#&', '#%', '#%E0%A4%A', '#set=', '#policies=']) assert.ok(readFragment(empty).wrong.length <= 1, empty);
});

// Texts of a few different lines, so that lines are alike in many ways.
let seed = 20170601;
const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
const someText = () => Array.from({ length: random(9) }, () => ['a', 'b', '', 'state x : bool', 'Ĝ \u{1F600} "'][random(5)]).join('\n');

/** The length of the longest common subsequence, by its definition: all subsequences of one are looked for in the other. */
function longest(a, b) {
  let most = 0;
  for (let mask = 0; mask < 2 ** a.length; mask++) {
    const chosen = a.filter((_, i) => (mask >> i) & 1);
    let i = 0;
    for (const line of b) if (i < chosen.length && chosen[i] === line) i++;
    if (i === chosen.length) most = Math.max(most, chosen.length);
  }
  return most;
}

test('editor: a text becomes another by one change, and no character is cut', () => {
  assert.equal(changeBetween('same', 'same'), null);
  assert.deepEqual(changeBetween('abc', 'abbc'), { from: 2, to: 2, insert: 'b' });
  assert.deepEqual(changeBetween('x\u{1F600}y', 'x\u{1F601}y'), { from: 1, to: 3, insert: '\u{1F601}' });
  const surrogate = /^[\udc00-\udfff]|[\ud800-\udbff]$/;
  for (let k = 0; k < 300; k++) {
    const [before, after] = [someText(), someText()].map((text) => text.replaceAll('b', '\u{1F601}'));
    const change = changeBetween(before, after);
    if (before === after) continue;
    assert.equal(before.slice(0, change.from) + change.insert + before.slice(change.to), after);
    for (const part of [before.slice(0, change.from), change.insert, before.slice(change.to)]) assert.doesNotMatch(part, surrogate);
  }
});

/** A text as the editor holds it. */
const docOf = (text) => {
  const lines = text.split('\n');
  return { lines: lines.length, line: (n) => ({ from: lines.slice(0, n - 1).reduce((sum, line) => sum + line.length + 1, 0), text: lines[n - 1] }) };
};

test('editor: what is told points at characters, and a cure is a name to write', () => {
  const text = 'one\n\u{1F600}\u{1F601} wrng "é"';
  const doc = docOf(text);
  const at = (line, column, length) => {
    const { from, to } = rangeOf(doc, { line, column, length });
    return text.slice(from, to);
  };
  assert.equal(at(2, 4, 4), 'wrng');
  assert.equal(at(2, 1, 1), '\u{1F600}');
  assert.equal(at(2, 2, 2), '\u{1F601} ');
  assert.equal(at(1, 4, 1), '', 'past the end of a line');
  assert.equal(at(9, 99, 9), '', 'past the end of another text');
  const wrong = { severity: 'error', code: 'unknown-name', message: 'no such name', line: 2, column: 4, length: 4, hint: "did you mean 'wrong'?", state: '' };
  const [told, more] = toldBy(doc, [wrong, { ...wrong, line: 0 }]);
  assert.equal(more, undefined);
  assert.deepEqual([told.severity, told.message, told.actions.map((a) => a.name)], ['error', "no such name\ndid you mean 'wrong'?", ['Write wrong']]);
  let done;
  told.actions[0].apply({ dispatch: (step) => (done = step.changes) }, told.from, told.to);
  assert.equal(text.slice(0, done.from) + done.insert + text.slice(done.to), text.replace('wrng', 'wrong'));
  assert.deepEqual(toldBy(doc, [{ ...wrong, hint: 'names are set apart by commas' }])[0].actions, []);
});

test('patch: it makes one text of the other, takes as little as can be, and goes into a link', async () => {
  for (let k = 0; k < 300; k++) {
    const [from, to] = [someText(), someText()];
    const hunks = differences(from, to);
    assert.equal(patched(from, hunks), to);
    const [a, b] = [from.split('\n'), to.split('\n')];
    assert.equal(hunks.reduce((sum, { gone }) => sum + gone, 0), a.length - longest(a, b), JSON.stringify([from, to]));
    assert.ok(hunks.every((h, i) => i === 0 || h.at > hunks[i - 1].at + hunks[i - 1].gone), 'hunks are apart');
    if (k % 10) continue;
    const code = await encode(hunks);
    assert.match(code, /^[\w-]+$/);
    assert.deepEqual(await decode(code), hunks);
  }
  assert.deepEqual(differences('same', 'same'), []);
});

test('patch: what is no code, or of another text, gives nothing', async () => {
  for (const wrong of ['', '!', 'AAAA', 'x'.repeat(1000)]) assert.equal(await decode(wrong), null, wrong);
  const code = await encode([{ at: 0, gone: 1, come: ['x'] }]);
  assert.equal(await decode(code.slice(0, -2)), null);
  for (const rows of ['{}', '[1]', '[[0,-1]]', '[[0.5,1]]', '[[0,1,7]]', '[["0",1]]', 'null', '[']) {
    const stream = new Blob([rows]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    assert.equal(await decode(Buffer.from(await new Response(stream).arrayBuffer()).toString('base64url')), null, rows);
  }
  const bomb = new Blob([new Uint8Array(5e6)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  assert.equal(await decode(Buffer.from(await new Response(bomb).arrayBuffer()).toString('base64url')), null, 'too much');
  assert.equal(patched('a', [{ at: 1, gone: 1, come: [] }]), null);
  assert.equal(patched('a\nb', [{ at: 1, gone: 1, come: [] }, { at: 0, gone: 1, come: [] }]), null);
});

/** As many bytes as asked for, each below a limit, the same every time. */
function bytes(count, limit, seed) {
  let state = seed;
  return Uint8Array.from({ length: count }, () => (state = (state * 1103515245 + 12345) & 0x7fffffff) >> 8).map((x) => x % limit);
}

test('coded: bytes come back, whatever they are, and take 8/7 of their length', async () => {
  const { decode, encode } = await load(['coded.mjs']);
  const all = [...Array(70).keys()].flatMap((length) => [0, 0x86, 0xff].map((value) => new Uint8Array(length).fill(value)));
  for (let seed = 1; seed < 200; seed++) all.push(bytes(seed, 256, seed), bytes(seed, 61, seed));
  for (const taken of all) {
    const text = encode(taken);
    assert.deepEqual(decode(text), taken);
    const length = Buffer.byteLength(text);
    assert.ok(length >= taken.length * 8 / 7 && length <= Math.ceil(taken.length * 8 / 7) + 1, `${length} of ${taken.length}`);
    assert.doesNotMatch(text, /[\0\r\x1a\x1b<\x80-\xff\ud800-\uffff]/);
  }
});

test('lzma: what xz compressed comes back, and what is broken is refused', async () => {
  const { unpacked } = await load(['lzma']);
  const pack = (taken) => {
    const packed = execFileSync('xz', ['--format=lzma', '--lzma1=preset=9e,lc=3,lp=0,pb=0', '--stdout'], { input: taken, maxBuffer: 1 << 26 });
    packed.writeBigUInt64LE(BigInt(taken.length), 5);
    return packed;
  };
  const noise = bytes(70_000, 256, 1);
  const words = bytes(200_000, 4, 2).map((x, i) => 97 + ((x * 7 + (i % 5)) % 26));
  const far = Buffer.concat([noise, words, noise, words.subarray(0, 300), noise.subarray(5)]); // matches of any distance and length
  for (const taken of [new Uint8Array(0), Uint8Array.of(7), new Uint8Array(100_000), noise, words, far, readFileSync(join(work, 'bundle/page.js'))])
    assert.equal(Buffer.compare(unpacked(pack(taken)), taken), 0, `${taken.length} bytes`);
  const whole = pack(far);
  assert.throws(() => unpacked(whole.subarray(0, whole.length / 2)), /ends too early|goes back/);
  assert.throws(() => unpacked(Buffer.concat([Uint8Array.of(93), whole.subarray(1)])), /compressed otherwise/);
  const flipped = Buffer.from(whole);
  flipped[20] ^= 1;
  try {
    assert.notEqual(Buffer.compare(unpacked(flipped), far), 0);
  } catch (error) {
    assert.match(error.message, /ends too early|goes back/);
  }
});

/** Workers that answer when they are told to. */
function workers() {
  const all = [];
  const make = () => {
    const listeners = {};
    const worker = {
      posted: [],
      gone: false,
      addEventListener: (kind, listener) => (listeners[kind] = listener),
      postMessage: (message) => worker.posted.push(message),
      terminate: () => (worker.gone = true),
      answer: (answer) => listeners.message({ data: { answer } }),
      die: (message) => listeners.error({ message, preventDefault() {} }),
    };
    all.push(worker);
    return worker;
  };
  return { all, make };
}

const rest = () => new Promise((done) => setTimeout(done));
const done = (more = {}) => ({ status: 0, diagnostics: [], ...more });
const world = Float64Array.of(1);
const question = (policy, query = null) => ({ policy, world, query });
const always = () => true;

function poolOf(size) {
  const { all, make } = workers();
  const pool = new Pool(async () => ({}), 'model m', size, make);
  /** The question that a worker has been given and not answered. */
  const at = (k) => all[k].posted.at(-1);
  return { pool, all, at };
}

test('pool: the most urgent goes first, and what nobody wants is not worked out', async () => {
  const { pool, all, at } = poolOf(1);
  const order = [];
  const ask = (policy, urgency, wanted = always) => pool.ask(question(policy), urgency, wanted).then(() => order.push(policy), (e) => order.push(e.constructor === Dropped ? `no ${policy}` : e));
  let wants = true;
  void ask(0, URGENCY.shown);
  void ask(1, URGENCY.idle);
  void ask(2, URGENCY.base, () => wants);
  void ask(3, URGENCY.shown);
  await rest();
  assert.equal(all.length, 1);
  assert.equal(at(0).call, 'open');
  all[0].answer(done());
  wants = false;
  for (let k = 0; k < 3; k++) {
    await rest();
    all[0].answer(done());
  }
  await rest();
  assert.deepEqual(order, [0, 'no 2', 3, 1]);
  assert.deepEqual(all[0].posted.map((m) => m.call), ['open', 'answer', 'answer', 'answer']);
});

test('pool: policies are spread evenly, stay where they can, and are forgotten when they leave', async () => {
  const { pool, all, at } = poolOf(2);
  pool.spread([0, 1, 2, 3]);
  const waiting = [0, 1, 2, 3].map((p) => pool.ask(question(p), URGENCY.shown, always));
  for (let k = 0; k < 3; k++) {
    await rest();
    all.forEach((worker) => worker.answer(done()));
  }
  await Promise.all(waiting);
  const homes = all.map((worker) => worker.posted.filter((m) => m.call === 'answer').map((m) => m.policy));
  assert.deepEqual(homes.map((h) => h.length), [2, 2]);
  pool.spread([homes[0][0], homes[0][1]]); // both of one worker: one moves
  void pool.ask(question(homes[0][1]), URGENCY.shown, always);
  void pool.ask(question(homes[0][0]), URGENCY.shown, always);
  await rest();
  assert.equal(at(0).policy, homes[0][0]);
  assert.deepEqual(at(0).forget, [homes[0][1]]);
  assert.equal(at(1).policy, homes[0][1]);
  assert.deepEqual(at(1).forget.sort(), homes[1].sort());
});

test('pool: a worker that dies is told of, and another takes its place', async () => {
  const { pool, all, at } = poolOf(1);
  const first = pool.ask(question(0), URGENCY.shown, always);
  const second = pool.ask(question(1), URGENCY.shown, always);
  await rest();
  all[0].answer(done());
  await rest();
  all[0].die('out of memory');
  await assert.rejects(first, (e) => e instanceof Ended && /out of memory/.test(e.message));
  await rest();
  assert.ok(all[0].gone);
  assert.equal(at(1).call, 'open');
  all[1].answer(done());
  await rest();
  all[1].answer(done({ solution: 7 }));
  assert.equal((await second).solution, 7);
});

test('pool: once closed, whatever waits is dropped', async () => {
  const { pool, all } = poolOf(1);
  const asked = [0, 1].map((p) => pool.ask(question(p), URGENCY.shown, always));
  await rest();
  pool.close();
  for (const each of [...asked, pool.ask(question(2), URGENCY.shown, always)]) await assert.rejects(each, (e) => e instanceof Dropped);
  assert.ok(all[0].gone);
});

test('texts: a code brings back its text, for this original alone', async () => {
  const texts = (hash, right = always) => {
    const { all, make } = workers();
    const made = new Texts('one\ntwo', { name: 'm' }, hash, async () => ({}), () => {
      const worker = make();
      worker.postMessage = ({ text }) => queueMicrotask(() => worker.answer({ status: 0, diagnostics: [], model: right(text) ? { of: text } : null }));
      return worker;
    });
    return { made, all };
  };
  const here = texts('0123456789').made;
  assert.equal(here.codeOf('one\ntwo'), '');
  assert.equal((await here.learn('one\n2')).model.of, 'one\n2');
  const code = here.codeOf('one\n2');
  assert.match(code, /^01234567\.[\w-]+$/);
  const there = texts('0123456789').made;
  assert.deepEqual(await there.read(code), { text: 'one\n2' });
  assert.equal(there.modelOf('one\n2').of, 'one\n2');
  assert.match((await texts('9876543210').made.read(code)).wrong, /another edition/);
  assert.match((await there.read('01234567.AAAA')).wrong, /damaged/);
  assert.match((await texts('0123456789', () => false).made.read(code)).wrong, /no model/);
});

test('pool: a text that is refused, and an engine that cannot be had', async () => {
  const { pool, all } = poolOf(1);
  const refused = pool.ask(question(0), URGENCY.shown, always);
  await rest();
  all[0].answer({ status: 2, diagnostics: [{ message: 'no' }] });
  assert.equal((await refused).status, 2);
  const without = new Pool(() => Promise.reject(new Error('no memory')), 'model m', 1, workers().make);
  await assert.rejects(without.ask(question(0), URGENCY.shown, always), (e) => e instanceof Ended && /no memory/.test(e.message));
});

test('drawings: parts of a column have each its row, and lines that need not cross do not', () => {
  const columns = [0, 0, 0, 1, 1, 1, 2];
  const links = [[0, 5], [1, 4], [2, 3], [3, 6], [5, 6]];
  const rows = rowsOf(columns, links);
  for (const column of [0, 1, 2])
    assert.deepEqual(rows.filter((_, part) => columns[part] === column).sort(), columns.filter((c) => c === column).map((_, i) => i));
  for (const [a, b] of links.slice(0, 3)) for (const [c, d] of links.slice(0, 3))
    assert.ok((rows[a] - rows[c]) * (rows[b] - rows[d]) >= 0, `${a}-${b} and ${c}-${d} cross`);
  assert.deepEqual(rowsOf(columns, links), rows);
  assert.deepEqual(rowsOf([], []), []);
});

test('drawings: what reaches a part is found, round circles too', () => {
  assert.deepEqual([...reaching(3, [[0, 1], [1, 2], [2, 1], [2, 3], [4, 0], [3, 5]])].sort(), [0, 1, 2, 3, 4]);
});

test('matches: seeds of 53 bits and how often things are', () => {
  for (const seed of [1, 7, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 3, Number.MAX_SAFE_INTEGER]) assert.equal(numberOf(seedOf(seed)), seed);
  assert.deepEqual(readSeed(' 7 '), [7, 0]);
  for (const wrong of ['', '0', '-1', '1.5', 'x', '1e3', String(2 ** 53)]) assert.equal(readSeed(wrong), null);
  assert.deepEqual([0, 0.001, 0.07, 0.999, 1].map(ofHundred), ['0 of 100', 'fewer than 1 of 100', '7 of 100', 'more than 99 of 100', '100 of 100']);
  assert.equal(when({ periods: [] }, 3), 'Period 3');
  assert.equal(when({ periods: ['2017Q3', '2017Q4'] }, 2), '2017Q4');
});

test('the address: a match is asked for by its code', () => {
  const { panel, match, wrong } = readFragment('#panel=play&match=as_is.US+ROK.7.68251b9e');
  assert.deepEqual([panel, match, wrong], ['play', 'as_is.US+ROK.7.68251b9e', []]);
  assert.equal(readFragment('#match=<b>').wrong.length, 1);
});

test('tree: ends stand in their order, others amid their children, and keys go from one to the next', () => {
  const nodes = [-1, 0, 1, 1, 0, 4].map((parent) => ({ parent }));
  const { places, columns, rows } = placed(nodes);
  assert.deepEqual(places.map((p) => [p.column, p.row]), [[0, 1.25], [1, 0.5], [2, 0], [2, 1], [1, 2], [2, 2]]);
  assert.deepEqual([columns, rows], [3, 3]);
  const walk = (from, ...keys) => keys.reduce((at, key) => stepTo(nodes, places, at, `Arrow${key}`), from);
  assert.deepEqual([walk(0, 'Right', 'Down', 'Right', 'Up', 'Left', 'Left'), walk(0, 'Left'), walk(2, 'Up'), walk(5, 'Down'), walk(5, 'Right')], [0, -1, -1, -1, -1]);
  assert.deepEqual(placed([{ parent: -1 }]), { places: [{ column: 0, row: 0, children: [] }], columns: 1, rows: 1 });
});
