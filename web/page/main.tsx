// The page starts here.
import { render } from 'preact';
import { App, PANELS } from './app';
import { readData, readEngine } from './data';
import { Lab } from './lab';
import { LabContext } from './use';
import './style.css';

const root = document.getElementById('page')!;
root.textContent = '';
try {
  const lab = new Lab(readData(), readEngine(), PANELS[0]!.name);
  render(
    <LabContext.Provider value={lab}>
      <App />
    </LabContext.Provider>,
    root,
  );
} catch (error) {
  root.textContent = `The page can't be shown: ${error instanceof Error ? error.message : String(error)}`;
}
