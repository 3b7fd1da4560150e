// The menu by which a chart or a table leaves the page. What it makes is made when it is asked for. Where one chart
// stands alone (alone.tsx), the menus of its panel hand over what they would save, and that with its name is drawn.
import { createContext } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { csvOf, pictureOf, pngOf, svgText, type Exhibit } from './exhibit';
import { hashOf } from './hash';
import type { Lab } from './lab';
import { TEXTS } from './phrases';
import { saveBlob as save } from './save';

const SAID = 4000; // milliseconds

const FRAME_HEIGHT = 520; // CSS pixels, for most charts enough

/** Who is handed every exhibit as it is drawn, if anybody is. */
export const Showing = createContext<((exhibit: Exhibit) => void) | null>(null);

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** The line by which another page shows the chart alone. */
function frameOf(lab: Lab, exhibit: Exhibit): string {
  const address = location.href.replace(/#.*$/, '') + lab.link(exhibit.name);
  return `<iframe src="${escaped(address)}" title="${escaped(exhibit.title)}" width="100%" height="${FRAME_HEIGHT}" style="border:0" loading="lazy"></iframe>`;
}

/** `passing`: it hangs on what the reader did and no address says, so no frame can show it. */
export function Leave({ lab, of, passing = false }: { lab: Lab; of: () => Exhibit; passing?: boolean }) {
  const hand = useContext(Showing);
  useEffect(() => hand?.(of()));
  const [said, say] = useState('');
  const menu = useRef<HTMLDetailsElement>(null);
  const tell = (text: string) => {
    say(text);
    setTimeout(() => say(''), SAID);
  };
  const as = (kind: 'svg' | 'png' | 'csv' | 'copy' | 'frame') => async () => {
    const exhibit = of();
    const hash = await hashOf(lab.text);
    const file = `${lab.model.name}-${exhibit.name}`;
    try {
      if (kind === 'csv') save(`${file}.csv`, new Blob([csvOf(lab, exhibit, hash)], { type: 'text/csv' }));
      else if (kind === 'svg') save(`${file}.svg`, new Blob([svgText(pictureOf(lab, exhibit, hash))], { type: 'image/svg+xml' }));
      else if (kind === 'png') save(`${file}.png`, await pngOf(pictureOf(lab, exhibit, hash)));
      else if (kind === 'frame') await navigator.clipboard.writeText(frameOf(lab, exhibit));
      else await navigator.clipboard.write([new ClipboardItem({ 'image/png': pngOf(pictureOf(lab, exhibit, hash)) })]);
      tell(kind === 'copy' || kind === 'frame' ? TEXTS.copied : TEXTS.saved);
    } catch {
      tell(kind === 'copy' || kind === 'frame' ? TEXTS.notCopied : TEXTS.notSaved);
    }
    if (!menu.current) return; // what was saved is no longer shown
    menu.current.open = false;
    menu.current.querySelector('summary')!.focus();
  };
  const close = (e: FocusEvent) => {
    const own = e.currentTarget as HTMLDetailsElement;
    if (!own.contains(e.relatedTarget as Node | null)) own.open = false;
  };
  const escape = (e: KeyboardEvent) => {
    if (e.key !== 'Escape' || !menu.current!.open) return;
    e.stopPropagation(); // what it stands in isn't closed with it
    menu.current!.open = false;
    menu.current!.querySelector('summary')!.focus();
  };
  return (
    <details class="leave" ref={menu} onFocusOut={close} onKeyDown={escape}>
      <summary title={TEXTS.take}>⤓<span class="unseen"> {TEXTS.take}</span></summary>
      <div class="menu">
        <button type="button" onClick={as('png')}>{TEXTS.png}</button>
        <button type="button" onClick={as('svg')}>{TEXTS.svg}</button>
        <button type="button" onClick={as('csv')}>{TEXTS.csv}</button>
        <button type="button" onClick={as('copy')}>{TEXTS.copy}</button>
        {!passing && <button type="button" onClick={as('frame')}>{TEXTS.frame}</button>}
      </div>
      <span role="status" class="unseen">{said}</span>
    </details>
  );
}
