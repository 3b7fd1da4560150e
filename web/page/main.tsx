// The page starts here: with the numbers that the program wrote into it, before there is an engine. Only a
// reader who comes back to an edited text waits for that to be read again.
import { render } from 'preact';
import { App, panelsOf } from './app';
import { engineReader, readData } from './data';
import { Checker } from './draft';
import { readEdit } from './edits';
import { hashOf } from './hash';
import { Lab } from './lab';
import { readSettings } from './settings';
import { LabContext } from './use';
import EngineWorker from './worker?worker&inline';
import './style.css';

async function start(root: HTMLElement): Promise<void> {
  const data = readData();
  const module = engineReader();
  const checker = new Checker(module, () => new EngineWorker());
  const panels = panelsOf(data).map((panel) => panel.name);
  const hash = await hashOf(data.text);
  const edit = readEdit(hash);
  const texts = new Map([[data.text, data.model]]);
  for (const text of [readSettings(history.state)?.text, edit?.draft, edit?.text]) {
    if (text === undefined || texts.has(text)) continue;
    root.textContent = 'The edited text is being read …';
    const { model } = await checker.parse(text);
    if (model) texts.set(text, model);
  }
  const lab = new Lab(data, panels, module, checker, texts, hash, edit);
  root.textContent = '';
  render(
    <LabContext.Provider value={lab}>
      <App />
    </LabContext.Provider>,
    root,
  );
}

const root = document.getElementById('page')!;
start(root).catch((error) => {
  root.textContent = `The page can't be shown: ${error instanceof Error ? error.message : String(error)}`;
});
