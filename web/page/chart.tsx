// A chart of Observable Plot as a component: drawn anew when what it shows changes, at the width that
// there is.
import * as Plot from '@observablehq/plot';
import { useEffect } from 'preact/hooks';
import { useWidth } from './use';

interface Props {
  label: string; // what a screen reader says in its place
  options: Plot.PlotOptions;
}

export function Chart({ label, options }: Props) {
  const { place, width } = useWidth();
  useEffect(() => {
    if (!width) return;
    const chart = Plot.plot({ ...options, width });
    chart.setAttribute('aria-hidden', 'true');
    place.current!.replaceChildren(chart);
  }, [options, width]);
  return (
    <div role="img" aria-label={label}>
      <div ref={place} />
    </div>
  );
}
