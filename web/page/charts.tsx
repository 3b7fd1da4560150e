// The charts' script, Observable Plot, stands compressed in the page and is read when something is opened that draws with it: what is
// seen first doesn't wait for it. The page was bundled with an object in place of what Plot exports (vite.config.js), which is filled then.
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { runPart } from './data';
import { TEXTS } from './phrases';

let there = false;
let reading: Promise<void> | undefined;

async function read(): Promise<void> {
  const { detentePlot } = globalThis as { detentePlot?: object };
  Object.assign(detentePlot!, await runPart('charts'));
  there = true;
}

/** A component that draws with Plot, once Plot is there. */
export function withCharts<P extends object>(Content: ComponentType<P>): ComponentType<P> {
  return (props: P) => {
    const [ready, setReady] = useState(there);
    const [trouble, setTrouble] = useState('');
    useEffect(() => {
      if (ready) return;
      let left = false;
      (reading ??= read()).then(
        () => left || setReady(true),
        (error) => left || setTrouble(error instanceof Error ? error.message : String(error)),
      );
      return () => {
        left = true;
      };
    }, []);
    if (trouble) return <p class="notice bad" role="alert">{TEXTS.noCharts} {trouble}.</p>;
    return ready ? <Content {...props} /> : <p role="status">{TEXTS.comes}</p>;
  };
}
