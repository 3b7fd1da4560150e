// The page starts here.
import { render } from 'preact';
import { App, panelsOf } from './app';
import { readData, readEngine } from './data';
import { hashOf } from './hash';
import { Lab } from './lab';
import { LabContext } from './use';
import './style.css';

async function start(root: HTMLElement): Promise<void> {
  const data = readData();
  const panels = panelsOf(data).map((panel) => panel.name);
  const lab = new Lab(data, readEngine(), panels, await hashOf(data.text));
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
