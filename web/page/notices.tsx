// What must be known before any number of the page is read, above every panel: that the text is an
// edited one, what the link asked for in vain, numbers out of their range, policies that aren't solved.
import { useMemo, useState } from 'preact/hooks';
import { differences } from './patch';
import { useLab, useLong } from './use';
import type { Lab } from './lab';
import { Called, Swatch } from './marks';
import type { Problem } from './run';
import { show } from './words';

/** Why there is nothing to show of a policy, and what can be done. */
export function Trouble({ lab, policy, problem, what }: { lab: Lab; policy: number; problem: Problem; what: string }) {
  return (
    <p class="notice bad" role="alert" data-problem={lab.model.policies[policy]!.name}>
      <Swatch policy={policy} /> <Called item={lab.model.policies[policy]!} /> {what}: {problem.reason}.
      {problem.cure && <> What to do: {problem.cure}.</>}
      {problem.ended && <button type="button" onClick={() => lab.again([policy])}>Try again</button>}
    </p>
  );
}

/** Starts anew by a button, which goes: where it stands in what is open as long as it has the focus, the
 * heading takes that over. */
export function startAgain(lab: Lab, policies: number[], button: HTMLElement): void {
  button.closest('.card')?.querySelector<HTMLElement>('h3 button')?.focus();
  lab.again(policies);
}

/** What an answer is waited for with; if that takes long the engines of these policies, and those that work
 * beside them, can be started again. */
export function Waiting({ lab, policies, words }: { lab: Lab; policies: number[]; words: string }) {
  const long = useLong(true, lab.version);
  if (!words && !long) return null;
  return (
    <p role="status">
      {words} {long && <button type="button" onClick={(e) => startAgain(lab, policies, e.currentTarget)}>Start again</button>}
    </p>
  );
}

/** The text in a file of the reader's. */
function download(lab: Lab): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([lab.draft.text], { type: 'text/plain' }));
  link.download = `${lab.model.name}${lab.draft.edited ? '-edited' : ''}.dtn`;
  link.click();
  URL.revokeObjectURL(link.href);
}

export function Download() {
  const lab = useLab();
  return <button type="button" onClick={() => download(lab)}>Download the text</button>;
}

/** Of the draft, in the order in which it matters: whether the numbers are those of it. */
function editWords(lab: Lab): string {
  if (lab.text === lab.draft.text) return 'the numbers are those of the edited text, not of the one that this page was made with';
  const whose = lab.text === lab.data.text ? 'the text that this page was made with' : 'the last edited text that was right';
  return `the edited text isn't right yet, the numbers are those of ${whose}`;
}

/** Line by line, what one text has other than another. */
export function Hunks({ from, to }: { from: string; to: string }) {
  const hunks = useMemo(() => differences(from, to), [from, to]);
  const lines = useMemo(() => from.split('\n'), [from]);
  return (
    <>
      {hunks.map(({ at, gone, come }) => (
        <div key={at} data-hunk={at + 1}>
          <span class="hint">line {at + 1}</span>
          {lines.slice(at, at + gone).map((line, i) => <del key={`-${i}`}>{line || ' '}</del>)}
          {come.map((line, i) => <ins key={`+${i}`}>{line || ' '}</ins>)}
        </div>
      ))}
    </>
  );
}

/** What is other than in the original. */
function Diff() {
  const lab = useLab();
  const [open, setOpen] = useState(false);
  return (
    <details class="diff" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>What is edited</summary>
      {open && <Hunks from={lab.data.text} to={lab.draft.text} />}
    </details>
  );
}

function Edited() {
  const lab = useLab();
  if (!lab.draft.edited) {
    if (!lab.draft.aside) return null;
    return (
      <p class="notice" role="status">
        This is the original text again. <button type="button" onClick={() => lab.draft.bringBack()}>Bring the edit back</button>
      </p>
    );
  }
  return (
    <div class="notice" data-edited={!lab.draft.checked ? 'unchecked' : lab.text === lab.draft.text ? 'solved' : 'wrong'}>
      <span role="status">
        <strong class="badge">edited</strong> {lab.draft.checked ? editWords(lab) : 'being checked'}.
      </span>
      {!lab.draft.kept && <strong> This browser doesn't keep it: download it before the page is closed.</strong>}{' '}
      <button type="button" onClick={() => lab.draft.original()}>Back to the original</button> <Download />
      <Diff />
    </div>
  );
}

function Refused() {
  const lab = useLab();
  if (!lab.refused.length) return null;
  return (
    <p class="notice" role="status" data-refused={lab.refused.length}>
      The link asks for what this page doesn't have: {lab.refused.join('; ')}.{' '}
      <button type="button" onClick={() => lab.dismiss()}>Go on without</button>
    </p>
  );
}

function Outside() {
  const lab = useLab();
  return (
    <>
      {lab.outside.map((i) => {
        const { name, low, high } = lab.model.params[i]!;
        return (
          <p key={name} class="notice" role="status" data-outside={name}>
            <Called item={lab.model.params[i]!} /> is {show(lab.world[i])}, outside its range {low === null ? 'up to' : show(low)}{low !== null && (high === null ? ' and up' : ' … ')}{high !== null && ` ${show(high)}`}.{' '}
            <button type="button" onClick={() => lab.reset(i)}>Put {name} back</button>
          </p>
        );
      })}
    </>
  );
}

export function Notices() {
  const lab = useLab();
  const unsolved = lab.shown.flatMap((policy) => {
    const { problem, stale } = lab.runs.get(policy)!;
    return problem && !stale ? [{ policy, problem }] : [];
  });
  // Who takes a notice away by its button goes on at the tab.
  const follow = () => requestAnimationFrame(() => document.activeElement === document.body && document.getElementById(`tab-${lab.panel}`)?.focus());
  return (
    <div class="notices" onClick={follow}>
      <Edited />
      <Refused />
      <Outside />
      {unsolved.map(({ policy, problem }) => (
        <Trouble key={policy} lab={lab} policy={policy} problem={problem} what="isn't solved at these numbers" />
      ))}
    </div>
  );
}
