// The tour that a model may declare: steps that lead through the page, each a sentence beside what it shows. Arrow keys
// go on and back; for a class the type is large, and a question comes before what is shown.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Outcome, TourStep } from '../../engine/answers';
import type { Lab } from '../lab';
import { seatNow } from '../matches';
import { PLAY } from '../play_texts';
import { useLab } from '../use';
import { label, show } from '../words';

interface Tour {
  step: number; // one past the last: the reader's turn
  guess: boolean; // first
  large: boolean;
  guessed: number | null; // the policy that was guessed at this step
}

const tourNow = signal<Tour | null>(null);

/** Where a step leads is set up as it says: what it doesn't say of numbers is as declared. */
function follow(lab: Lab, step: TourStep): void {
  const policies = step.policies.length ? step.policies : lab.shown;
  lab.turnTo({ panel: step.panel || lab.panel, policies, set: new Map(Object.entries(step.set)) });
  const outcome = lab.model.outcomes[step.outcome];
  if (outcome) requestAnimationFrame(() => document.getElementById(`outcome-${outcome.name}`)?.scrollIntoView({ block: 'center' }));
}

function go(lab: Lab, to: number): void {
  const now = tourNow.value;
  const { steps } = lab.model.tour;
  if (!now || to < 0 || to > steps.length) return;
  tourNow.value = { ...now, step: to, guessed: null };
  const step = steps[to];
  if (step) follow(lab, step);
}

/** Whether a step asks before it shows: under which of its policies an outcome is best. */
function asks(lab: Lab, tour: Tour): boolean {
  const step = lab.model.tour.steps[tour.step];
  return tour.guess && tour.guessed === null && !!step && step.outcome >= 0 && lab.shown.length > 1;
}

/** Whether what is shown is still to be guessed. */
export function useGuessing(): boolean {
  const lab = useLab();
  const tour = tourNow.value;
  return !!tour && asks(lab, tour);
}

/** The policies that are best by an outcome; the largest, if nothing says what is better. */
function bestBy(lab: Lab, outcome: Outcome, o: number): number[] {
  const sign = outcome.direction || 1;
  const numbers = lab.shown.map((p) => lab.runs.get(p)?.result?.outcomes[o] ?? null);
  const best = Math.max(...numbers.map((x) => (x === null ? -Infinity : sign * x)));
  return lab.shown.filter((_, i) => numbers[i] !== null && sign * numbers[i]! >= best - 1e-9 * Math.abs(best));
}

function Question({ lab, step }: { lab: Lab; step: TourStep }) {
  const outcome = lab.model.outcomes[step.outcome]!;
  return (
    <p role="group" aria-label={PLAY.guess}>
      {outcome.direction < 0 ? 'Where is there least' : 'Where is there most'}: <strong dir="auto">{label(outcome)}</strong>?{' '}
      {lab.shown.map((p) => (
        <button type="button" key={p} dir="auto" onClick={() => (tourNow.value = { ...tourNow.value!, guessed: p })}>{label(lab.model.policies[p]!)}</button>
      ))}
    </p>
  );
}

function Reply({ lab, step, guessed }: { lab: Lab; step: TourStep; guessed: number }) {
  const outcome = lab.model.outcomes[step.outcome]!;
  const best = bestBy(lab, outcome, step.outcome);
  const said = (p: number) => `${label(lab.model.policies[p]!)}: ${show(lab.runs.get(p)?.result?.outcomes[step.outcome])}`;
  return (
    <p role="status">
      {best.includes(guessed) ? 'So it is.' : 'It isn’t.'} <span dir="auto">{lab.shown.map(said).join('; ')}</span>
    </p>
  );
}

/** Sets the type of the whole page. */
function useLarge(large: boolean): void {
  useEffect(() => {
    document.documentElement.classList.toggle('large', large);
    return () => document.documentElement.classList.remove('large');
  }, [large]);
}

/** Keys that go on and back, but where they mean something else. */
function useKeys(lab: Lab, on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent) => {
      const at = event.target instanceof Element ? event.target : null;
      if (event.altKey || event.ctrlKey || event.metaKey || at?.closest('input, select, textarea, [role=tab], [contenteditable]')) return;
      const now = tourNow.value!;
      const step = { ArrowRight: 1, ArrowLeft: -1, ...(now.large ? { PageDown: 1, PageUp: -1 } : {}) }[event.key];
      if (event.key === 'Escape') tourNow.value = null;
      else if (step === undefined) return;
      else go(lab, now.step + step);
      event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [lab, on]);
}

function Yours({ lab }: { lab: Lab }) {
  return (
    <p>
      {PLAY.yours}{' '}
      <button type="button" onClick={() => ((tourNow.value = null), lab.open('compare'))}>Compare</button>{' '}
      <button type="button" onClick={() => ((tourNow.value = null), (seatNow.value = null), lab.open('play'))}>Play</button>
    </p>
  );
}

export function TourBar() {
  const lab = useLab();
  const tour = tourNow.value;
  const { title, steps } = lab.model.tour;
  const words = useRef<HTMLParagraphElement>(null);
  useLarge(!!tour?.large);
  useKeys(lab, !!tour);
  useEffect(() => words.current?.focus({ preventScroll: true }), [tour?.step]);
  if (!steps.length) return null;
  if (!tour) {
    return (
      <button
        type="button"
        class="begin-tour"
        onClick={() => {
          tourNow.value = { step: 0, guess: false, large: false, guessed: null };
          go(lab, 0);
        }}
      >
        {PLAY.start}{title && <>: <span dir="auto">{title}</span></>}
      </button>
    );
  }
  const step = steps[tour.step];
  return (
    <section class="tour" aria-label={title || 'Tour'}>
      <p class="words" ref={words} tabIndex={-1} dir="auto">{step ? step.text : ''}</p>
      {step ? asks(lab, tour) ? <Question lab={lab} step={step} /> : tour.guessed !== null && <Reply lab={lab} step={step} guessed={tour.guessed} /> : <Yours lab={lab} />}
      <div class="tools">
        <button type="button" disabled={tour.step === 0} onClick={() => go(lab, tour.step - 1)}>Back</button>
        <span>{Math.min(tour.step + 1, steps.length)} of {steps.length}</span>
        <button type="button" class="main" disabled={tour.step === steps.length} onClick={() => go(lab, tour.step + 1)}>Next</button>
        <label>
          <input type="checkbox" checked={tour.guess} onChange={(e) => (tourNow.value = { ...tour, guess: e.currentTarget.checked })} /> {PLAY.guess}
        </label>
        <label>
          <input type="checkbox" checked={tour.large} onChange={(e) => (tourNow.value = { ...tour, large: e.currentTarget.checked })} /> {PLAY.large}
        </label>
        <button type="button" onClick={() => (tourNow.value = null)}>Leave the tour</button>
      </div>
    </section>
  );
}
