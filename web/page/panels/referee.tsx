// What a hostile referee says of the model, as the program found it when the page was made: the worst first,
// each finding with the command that shows it.
import { useState } from 'preact/hooks';
import type { Exhibit } from '../exhibit';
import { Leave } from '../leave';
import { Note } from '../marks';
import { useLab } from '../use';
import { label } from '../words';

const GRAVITIES = ['grave', 'serious', 'mild'] as const;
const SAID = 3000; // milliseconds

/** Puts the command on the clipboard; where the browser refuses, it can be marked. */
function Command({ text }: { text: string }) {
  const [said, say] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      say('copied');
    } catch {
      say('mark it to copy it');
    }
    setTimeout(() => say(''), SAID);
  };
  return (
    <p class="command">
      <code>{text}</code>
      <button type="button" aria-label={`Copy: ${text}`} onClick={copy}>Copy</button>
      <span role="status" class="hint">{said}</span>
    </p>
  );
}

export function Referee() {
  const lab = useLab();
  const { solutions, findings } = lab.data.referee!;
  const count = (gravity: string) => findings.filter((f) => f.gravity === gravity).length;
  const anew = lab.text !== lab.data.text ? 'The text has been edited since; ask it again.' : lab.moved.length > 0 ? "They don't follow the numbers moved here." : '';
  const exhibit = (): Exhibit => ({
    name: 'findings',
    title: `What a hostile referee says of ${label({ name: lab.model.name, text: lab.model.title })}`,
    subtitle: `${GRAVITIES.map((gravity) => `${count(gravity)} ${gravity}`).join(', ')}; found in ${solutions} solutions. ${anew}`.trim(),
    policies: [],
    banded: false,
    header: ['gravity', 'kind', 'finding', 'command'],
    rows: findings.map((f) => [f.gravity, f.kind, f.text, f.command]),
    draw: null,
  });
  return (
    <section aria-label="What a hostile referee says">
      <p class="legend with-menu">
        {GRAVITIES.map((gravity) => (
          <span class="key" key={gravity}>
            <strong class={`gravity ${gravity}`}>{count(gravity)}</strong> {gravity}
          </span>
        ))}
        <span class="key">found in {solutions} solutions</span>
        {findings.length > 0 && <Leave lab={lab} of={exhibit} />}
      </p>
      {findings.length === 0 && <p>The referee has nothing to object to.</p>}
      <ol class="findings">
        {findings.map((finding, i) => (
          <li key={i} class={`card finding ${finding.gravity}`} data-finding={finding.kind}>
            <p>
              <strong class={`gravity ${finding.gravity}`}>{finding.gravity}</strong> <span class="hint">{finding.kind}</span>
            </p>
            <p>{finding.text}</p>
            <Command text={finding.command} />
          </li>
        ))}
      </ol>
      <Note>
        What <code>detente referee</code> says of the model as it was when this page was made. {anew} The command below each sentence shows what it rests on
        {findings.some((f) => / MODEL\b/.test(f.command)) && '; MODEL is the file of the model'}.
      </Note>
    </section>
  );
}
