// What decides, above all other sliders: the few numbers by which rankings turn, or that move the headline
// outcomes most, found when asked for; before that those that the study's correlations name.
import { countedIn, figure, figuresOf } from '../figures';
import { finderOf } from '../finder';
import type { Deciding } from '../sweep';
import { TEXTS } from '../phrases';
import { foundOf } from '../verdict';
import { label } from '../words';
import type { Lab } from '../lab';

const MOST = 8;

/** The numbers that the study says move the headline outcomes most, beyond chance. */
export function byStudy(lab: Lab): number[] {
  const weight = new Map<number, number>();
  lab.model.outcomes.forEach((outcome, o) => {
    if (!outcome.headline) return;
    for (const { tornado } of foundOf(lab, o)?.policies ?? []) {
      tornado?.rows.forEach(({ parameter, effect }) => {
        const times = tornado.floor ? Math.abs(effect) / tornado.floor : 0;
        if (times > 1) weight.set(parameter, Math.max(weight.get(parameter) ?? 0, times));
      });
    }
  });
  return [...weight.keys()].sort((a, b) => weight.get(b)! - weight.get(a)!).slice(0, MOST);
}

/** "Cost of coercion would have to be below 0.3 (it is 0.5) for … to have the least war." */
function sentence(lab: Lab, { param, turn }: Deciding): string {
  if (!turn) return '';
  const { direction } = lab.model.outcomes[turn.outcome]!;
  const outcome = label(lab.model.outcomes[turn.outcome]!);
  const is = lab.world[param]!;
  const say = (x: number, figures = figuresOf('number', [x, is])) => figure(figures, x) + countedIn(figures);
  return `Would have to be ${turn.above ? 'above' : 'below'} ${say(turn.at)} (it is ${say(is)}) for “${label(lab.model.policies[turn.to]!)}” to have the ${direction < 0 ? 'least' : 'most'} of “${outcome}” in place of “${label(lab.model.policies[turn.from]!)}”.`;
}

/** What is found so far, and how to go on. */
export function useDeciding(lab: Lab) {
  const finder = finderOf(lab);
  const progress = finder.progress.value;
  const found = progress?.found ?? [];
  const pinned = found.length ? found.map((d) => d.param) : byStudy(lab);
  const words = new Map(found.map((d) => [d.param, sentence(lab, d)]));
  return { progress, pinned, words, start: finder.start, stop: finder.stop };
}

export function Search({ lab, deciding }: { lab: Lab; deciding: ReturnType<typeof useDeciding> }) {
  const { progress, start, stop } = deciding;
  const free = lab.model.params.filter((p) => p.kind !== 'fixed').length;
  if (!free || lab.shown.length < 2) return null;
  const running = progress && !progress.done;
  return (
    <p class="tools" data-sweep={running ? 'running' : progress ? 'done' : 'none'}>
      {running ? (
        <>
          <progress max={progress.of || 1} value={progress.tried} aria-label={TEXTS.looking} /> <span role="status">{progress.tried} of {progress.of || '…'}</span>
          <button type="button" onClick={stop}>{TEXTS.stop}</button>
        </>
      ) : (
        <>
          <button type="button" onClick={() => start(false)}>{progress ? TEXTS.lookAgain : TEXTS.look}</button>
          {progress && progress.of < free && <button type="button" onClick={() => start(true)}>{TEXTS.lookAtAll} {free}</button>}
          {progress && !progress.found.some((d) => d.turn) && progress.tried > 0 && <span class="hint" role="status">{TEXTS.nothingTurns}</span>}
          {progress?.trouble && <span class="bad">{progress.trouble}</span>}
        </>
      )}
    </p>
  );
}
