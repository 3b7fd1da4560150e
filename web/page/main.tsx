// The page starts here: with the numbers that the program wrote into it, before there is an engine. Only a
// reader who comes back to an edited text waits for that to be read again.
import { render } from 'preact';
import { readAddress } from './address';
import { App, panelsOf } from './app';
import { engineReader, readData } from './data';
import { readEdit } from './edits';
import { employ } from './employ';
import { readFragment } from './fragment';
import { hashOf } from './hash';
import { Lab } from './lab';
import { readSettings } from './settings';
import { Texts } from './texts';
import { LabContext } from './use';
import style from './style.css?inline';
import playStyle from './play.css?inline';

const FIRST_SHOWN = 3;

async function start(root: HTMLElement): Promise<void> {
  const data = await readData();
  const module = engineReader();
  const panels = panelsOf(data).map((panel) => panel.name);
  const hash = await hashOf(data.text);
  const texts = new Texts(data.text, data.model, hash, module, () => employ('engine'));
  const alone = readFragment(location.hash).embed !== ''; // then the reader's own edit is neither shown nor touched
  const edit = alone ? undefined : readEdit(hash);
  const kept = readSettings(history.state);
  for (const text of [kept?.text, kept?.beside?.text, edit?.draft, edit?.text]) {
    if (text === undefined || texts.has(text)) continue;
    root.textContent = 'The edited text is being read …';
    await texts.learn(text);
  }
  // A draft that was right when the page was left goes on from the text that it was a draft of.
  const goesOn = (text: string) => (edit?.text === text && texts.has(edit.draft) ? edit.draft : text);
  const names = data.policies.length ? data.policies : data.model.policies.slice(0, FIRST_SHOWN).map((p) => p.name);
  const first = { text: goesOn(edit && texts.has(edit.text) ? edit.text : data.text), policies: names, set: new Map(), panel: panels[0]!, look: null, embed: '', beside: null };
  const has = kept && texts.has(kept.text) && (!kept.beside || texts.has(kept.beside.text)) && panels.includes(kept.panel);
  const { settings, refused } = has ? { settings: { ...kept, text: goesOn(kept.text) }, refused: [] } : await readAddress(location.hash, texts, panels, first);
  const lab = new Lab(data, panels, module, texts, hash, settings, refused, edit && { ...edit, text: goesOn(edit.text) });
  root.textContent = '';
  render(
    <LabContext.Provider value={lab}>
      <App />
    </LabContext.Provider>,
    root,
  );
}

const styles = document.createElement('style');
styles.textContent = style + playStyle;
document.head.append(styles);
const root = document.getElementById('page')!;
start(root).catch((error) => {
  root.textContent = `The page can't be shown: ${error instanceof Error ? error.message : String(error)}`;
});
