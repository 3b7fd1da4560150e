// A referee's findings as a panel: every sentence and command as `detente referee --json` gives them, the worst
// first, whatever they hold shown as text; and no panel without them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessible, folder, inBrowser, move, open } from './chromium.mjs';

const root = process.argv[4];
const TEXT = readFileSync(join(root, 'test/cli/referee.dtn'), 'utf8');

await inBrowser(async () => {
  const path = join(folder, 'coin.dtn'), found = join(folder, 'findings.json');
  writeFileSync(path, TEXT);
  const asked = spawnSync(process.env.DETENTE, ['referee', path, '--worlds', '100', '--quiet', '--json']);
  assert.equal(asked.status, 1, asked.stderr.toString());
  const told = JSON.parse(asked.stdout);
  told.findings.push({ kind: 'noise', gravity: 'mild', number: null, text: '</script><b id="wrong">bold</b>', command: 'detente run MODEL' });
  writeFileSync(found, JSON.stringify(told));
  const { page, done } = await open('coin.dtn', '', [], { words: ['--referee', found] });
  await page.click('#tab-referee');
  const shown = await page.$$eval('.finding', (all) => all.map((e) => [e.dataset.finding, e.querySelector('.gravity').textContent, e.querySelectorAll('p')[1].textContent, e.querySelector('code').textContent]));
  assert.deepEqual(shown, told.findings.map((f) => [f.kind, f.gravity, f.text, f.command]));
  assert.equal(shown[0][1], 'grave');
  assert.equal(await page.locator('#wrong').count(), 0);
  const count = (gravity) => told.findings.filter((f) => f.gravity === gravity).length;
  assert.match(await page.innerText('.legend'), new RegExp(`^${count('grave')}\\s+grave\\s+${count('serious')}\\s+serious\\s+${count('mild')}\\s+mild\\s+found in ${told.solutions} solutions`));
  assert.match(await page.innerText('main .note'), /MODEL is the file of the model/);
  assert.doesNotMatch(await page.innerText('main .note'), /don't follow/);
  await move(page, 'gain', 1.2);
  await page.waitForSelector('text=They don\'t follow the numbers moved here.');
  await accessible(page, 'referee');
  await done();

  const without = await open('coin.dtn', '', []);
  assert.equal(await without.page.locator('#tab-referee').count(), 0);
  await without.done();
});
console.log('findings as the program tells them');
