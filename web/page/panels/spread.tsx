// All histories beside one: what outcomes come to in histories that are drawn one lot after the other, and
// where one match lies among them.
import * as Plot from '@observablehq/plot';
import { useEffect, useState } from 'preact/hooks';
import type { Outcome, Seed, Spread } from '../../engine/answers';
import { withCharts } from '../charts';
import { colour } from '../colour';
import type { Exhibit } from '../exhibit';
import type { Lab } from '../lab';
import { Leave } from '../leave';
import { numberOf } from '../matches';
import { Trouble } from '../notices';
import { PLAY } from '../play_texts';
import { Failure, Stale, type Problem } from '../run';
import { label, show, tick, ofHundred } from '../words';

const HISTORIES = 2000;
const LOT = 100;
const BINS = 20;

/** Why there is no match: what isn't solved is told above every panel. */
export function NoMatch({ lab, policy, problem, what }: { lab: Lab; policy: number; problem: Problem; what: string }) {
  if (lab.runs.get(policy)?.problem) return <p>{PLAY.unsolved}</p>;
  return <Trouble lab={lab} policy={policy} problem={problem} what={what} />;
}

/** Histories 1, 2, … of a seed under a policy, as they come; [history][outcome]. */
export function useSpread(lab: Lab, policy: number, [low, high]: Seed): (number | null)[][] {
  const [found, hold] = useState<(number | null)[][]>([]);
  const { version } = lab;
  useEffect(() => {
    let wanted = true;
    hold([]);
    const draw = async () => {
      for (let first = 1; wanted && first <= HISTORIES; first += LOT) {
        const run = lab.runs.get(policy);
        if (!run) return;
        const answer = await run.ask<Spread>({ call: 'spread', seed: [low, high], actors: lab.model.actors.length, first, count: LOT });
        if (wanted) hold((before) => [...before, ...(answer.spread ?? [])]);
      }
    };
    draw().catch((error) => {
      if (!(error instanceof Failure || error instanceof Stale)) throw error;
    });
    return () => {
      wanted = false;
    };
  }, [lab, version, policy, low, high]);
  return found;
}

/** Whether nothing is counted, but something is so or not. */
const isCondition = (numbers: number[]) => numbers.every((x) => x === 0 || x === 1);

/** Where one number lies among others, in a sentence. `chance`: of what happens or doesn't, if it is known exactly. */
function among(others: number[], own: number | null, chance: number | null): string {
  if (chance !== null) return `so in ${ofHundred(chance)} histories`;
  if (!others.length) return '';
  const part = (test: (x: number) => boolean) => ofHundred(others.filter(test).length / others.length);
  if (isCondition(others)) return `so in ${part((x) => x !== 0)} histories`;
  if (own === null) return `${show(Math.min(...others))} to ${show(Math.max(...others))}`;
  const slack = 1e-9 * Math.abs(own);
  return `less in ${part((x) => x < own - slack)} histories, more in ${part((x) => x > own + slack)}`;
}

function said(outcome: Outcome, others: number[], own: number): string {
  if (outcome.form === 'ever' || (others.length > 0 && isCondition([...others, own]))) return own ? 'yes' : 'no';
  return show(own);
}

/** A histogram with a mark; the sentence beside it says the same. */
function Histogram({ outcome, others, own, words }: { outcome: Outcome; others: number[]; own: number | null; words: string }) {
  const all = own === null ? others : [...others, own];
  const low = Math.min(...all), high = Math.max(...all);
  const width = high > low ? (high - low) / BINS : 1;
  const bin = (x: number) => Math.min(BINS - 1, Math.floor((x - low) / width));
  const counts = Array<number>(BINS).fill(0);
  for (const x of others) counts[bin(x)]!++;
  const most = Math.max(1, ...counts);
  return (
    <svg class="histogram" viewBox="0 0 200 44" role="img" aria-label={`${label(outcome)}: ${own === null ? '' : `${said(outcome, others, own)}; `}${words}`}>
      {counts.map((count, i) => (
        <rect key={i} x={i * 10 + 0.5} width={9} y={40 - (38 * count) / most} height={(38 * count) / most} />
      ))}
      <line class="floor" x1={0} x2={200} y1={40} y2={40} />
      {own !== null && <path class="own" d={`M${bin(own) * 10 + 5} 40 l5 4 h-10 z`} />}
    </svg>
  );
}

interface Props {
  lab: Lab;
  policy: number;
  seed: Seed;
  /** Whether `own` is what a reader played: no address says that. */
  played: boolean;
  spread: (number | null)[][];
  own: (number | null)[] | null; // outcomes of one match
}

/** "as_is-7-war-histories": what a frame shows of a policy, a seed and an outcome. */
export const HISTORIES_OF = 'histories';

function One({ lab, policy, seed, played, spread, own, o }: Props & { o: number }) {
  const outcome = lab.model.outcomes[o]!;
  const chance = outcome.form === 'ever' ? (lab.runs.get(policy)?.result?.outcomes[o] ?? null) : null;
  const others = spread.map((row) => row[o]).filter((x): x is number => x !== null && x !== undefined);
  const mine = own?.[o] ?? null;
  const words = among(others, mine, chance);
  const exhibit = (): Exhibit => ({
    name: `${lab.model.policies[policy]!.name}-${numberOf(seed)}-${outcome.name}-${HISTORIES_OF}`,
    title: label(outcome),
    subtitle: `${others.length} histories drawn from seed ${numberOf(seed)}: ${words}${mine === null ? '' : `; the mark is ${played ? 'the match played' : 'history 1'}, ${said(outcome, others, mine)}`}`,
    policies: [policy],
    banded: false,
    header: ['history', outcome.name],
    rows: [...spread.map((row, i) => [i + 1, row[o] ?? null]), ...(played ? [['played', mine]] : [])],
    draw: (width) => Plot.plot({
      width,
      height: 260,
      x: { label: label(outcome), tickFormat: tick },
      y: { label: 'histories', grid: true },
      marks: [Plot.rectY(others, { ...Plot.binX({ y: 'count' }, { x: (x: number) => x, thresholds: BINS }), fill: colour(policy) }), Plot.ruleY([0]), Plot.ruleX(mine === null ? [] : [mine], { strokeWidth: 2 })],
    }) as SVGSVGElement,
  });
  return (
    <figure>
      <figcaption class="with-menu">
        <span dir="auto">
          <strong>{label(outcome)}</strong> {mine !== null && <span class="value">{said(outcome, others, mine)}</span>}
          <span class="hint"> {words}</span>
        </span>
        {others.length > 0 && <Leave lab={lab} of={exhibit} passing={played} />}
      </figcaption>
      {others.length > 0 && <Histogram outcome={outcome} others={others} own={mine} words={words} />}
    </figure>
  );
}

/** Every outcome, those first that the model puts first: what it came to, and where that lies. */
export const Among = withCharts((props: Props) => {
  const { outcomes } = props.lab.model;
  const all = [...outcomes.keys()];
  const rest = all.filter((o) => !outcomes[o]!.headline);
  const figures = (list: number[]) => <div class="among">{list.map((o) => <One key={o} {...props} o={o} />)}</div>;
  return (
    <>
      {figures(all.filter((o) => outcomes[o]!.headline))}
      {rest.length > 0 && (
        <details>
          <summary>{rest.length} more outcomes</summary>
          {figures(rest)}
        </details>
      )}
    </>
  );
});
