// The menu by which a chart or a table leaves the page. What it makes is made when it is asked for.
import { useRef, useState } from 'preact/hooks';
import { csvOf, pictureOf, pngOf, svgText, type Exhibit } from './exhibit';
import { hashOf } from './hash';
import type { Lab } from './lab';
import { TEXTS } from './phrases';

const SAID = 4000; // milliseconds

function save(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), SAID);
}

export function Leave({ lab, of }: { lab: Lab; of: () => Exhibit }) {
  const [said, say] = useState('');
  const menu = useRef<HTMLDetailsElement>(null);
  const tell = (text: string) => {
    say(text);
    setTimeout(() => say(''), SAID);
  };
  const as = (kind: 'svg' | 'png' | 'csv' | 'copy') => async () => {
    const exhibit = of();
    const hash = await hashOf(lab.text);
    const file = `${lab.model.name}-${exhibit.name}`;
    try {
      if (kind === 'csv') save(`${file}.csv`, new Blob([csvOf(lab, exhibit, hash)], { type: 'text/csv' }));
      else if (kind === 'svg') save(`${file}.svg`, new Blob([svgText(pictureOf(lab, exhibit, hash))], { type: 'image/svg+xml' }));
      else if (kind === 'png') save(`${file}.png`, await pngOf(pictureOf(lab, exhibit, hash)));
      else await navigator.clipboard.write([new ClipboardItem({ 'image/png': pngOf(pictureOf(lab, exhibit, hash)) })]);
      tell(kind === 'copy' ? TEXTS.copied : TEXTS.saved);
    } catch {
      tell(kind === 'copy' ? TEXTS.notCopied : TEXTS.notSaved);
    }
    menu.current!.open = false;
    menu.current!.querySelector('summary')!.focus();
  };
  const close = (e: FocusEvent) => {
    if (!menu.current!.contains(e.relatedTarget as Node | null)) menu.current!.open = false;
  };
  return (
    <details class="leave" ref={menu} onFocusOut={close} onKeyDown={(e) => e.key === 'Escape' && (menu.current!.open = false)}>
      <summary title={TEXTS.take}>⤓<span class="unseen"> {TEXTS.take}</span></summary>
      <div class="menu">
        <button type="button" onClick={as('png')}>{TEXTS.png}</button>
        <button type="button" onClick={as('svg')}>{TEXTS.svg}</button>
        <button type="button" onClick={as('csv')}>{TEXTS.csv}</button>
        <button type="button" onClick={as('copy')}>{TEXTS.copy}</button>
      </div>
      <span role="status" class="unseen">{said}</span>
    </details>
  );
}
