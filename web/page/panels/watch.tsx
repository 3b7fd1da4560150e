// Watch: one history under a policy, told period by period at any speed, and beside it what the outcomes come
// to in all the others, as they are drawn.
import { useEffect, useState } from 'preact/hooks';
import type { Matched, Seed } from '../../engine/answers';
import type { Lab } from '../lab';
import { numberOf, readSeed, seedOf, watchedNow, when } from '../matches';
import { PLAY } from '../play_texts';
import { save } from '../save';
import { useAnswer, useLab } from '../use';
import { PolicyChoice, usePolicy } from './play';
import { Among, HISTORIES_OF, NoMatch, useSpread } from './spread';
import { Story } from './story';
import { label } from '../words';

const SPEEDS = [
  { text: 'slow', pause: 2500 },
  { text: 'steady', pause: 1000 },
  { text: 'fast', pause: 250 },
];

/** Periods told so far, one more after each pause while it plays. */
function useReel(periods: number, key: string) {
  const [told, tell] = useState(1);
  const [playing, play] = useState(false);
  const [speed, setSpeed] = useState(1);
  useEffect(() => tell(1), [key]);
  const ended = told >= periods;
  useEffect(() => {
    if (!playing || ended) return;
    const timer = setTimeout(() => tell(told + 1), SPEEDS[speed]!.pause);
    return () => clearTimeout(timer);
  }, [playing, ended, told, speed]);
  return { told, tell, playing: playing && !ended, play, speed, setSpeed, ended };
}

function Controls({ reel, periods, lab }: { reel: ReturnType<typeof useReel>; periods: number; lab: Lab }) {
  const { told, tell, playing, play, speed, setSpeed, ended } = reel;
  const start = () => {
    if (ended) tell(1);
    play(!playing);
  };
  return (
    <div class="tools">
      <button type="button" class="main" onClick={start}>{playing ? 'Pause' : ended ? 'From the start' : 'Play'}</button>
      <button type="button" disabled={ended} onClick={() => tell(told + 1)}>Next period</button>
      <label>
        {PLAY.slow}{' '}
        <select value={speed} onChange={(e) => setSpeed(Number(e.currentTarget.value))}>
          {SPEEDS.map(({ text }, i) => (
            <option key={text} value={i}>{text}</option>
          ))}
        </select>
      </label>
      <label class="reel">
        <span class="unseen">Period</span>
        <input type="range" min={1} max={periods} value={told} aria-valuetext={when(lab.model, told)} onInput={(e) => tell(Number(e.currentTarget.value))} />
      </label>
      <span>{when(lab.model, Math.min(told, periods))}</span>
    </div>
  );
}

function History({ lab, policy, seed }: { lab: Lab; policy: number; seed: Seed }) {
  const none = lab.model.actors.map(() => false);
  const { answer, problem } = useAnswer<Matched>(lab, policy, { call: 'match', seed, held: none, taken: [] });
  const match = answer?.match;
  const periods = Math.max(1, ...(match?.events.map((event) => event.period) ?? []));
  const reel = useReel(periods, `${policy} ${seed.join()}`);
  const spread = useSpread(lab, policy, seed);
  if (problem) return <NoMatch lab={lab} policy={policy} problem={problem} what="can’t be drawn" />;
  if (!match) return <p role="status">The history is being drawn …</p>;
  const shown = match.events.filter((event) => event.period <= reel.told);
  return (
    <>
      <Controls reel={reel} periods={periods} lab={lab} />
      <p class="tools"><button type="button" onClick={() => save(`${lab.model.name}-${lab.model.policies[policy]!.name}-${numberOf(seed)}.csv`, match.history)}>{PLAY.download}</button></p>
      <div class="beside">
        <div aria-live={reel.playing ? 'off' : 'polite'}>
          <Story model={lab.model} events={shown} />
        </div>
        <section class="card" aria-label={PLAY.all}>
          <h3>
            {PLAY.all} <span class="hint">{spread.length} {PLAY.growing}</span>
          </h3>
          <Among lab={lab} policy={policy} seed={seed} played={false} spread={spread} own={reel.ended ? match.outcomes : null} />
        </section>
      </div>
    </>
  );
}

/** What the chart in a frame is of. */
function embedded(embed: string): { policy: string; seed: Seed } | null {
  const [policy = '', number = '', , kind] = embed.split('-');
  const seed = readSeed(number);
  return kind === HISTORIES_OF && seed ? { policy, seed } : null;
}

export function Watch() {
  const lab = useLab();
  const watched = watchedNow.value ?? embedded(lab.embed) ?? { policy: lab.model.policies[lab.shown[0]!]!.name, seed: [1, 0] as Seed };
  const known = lab.model.policies.some((p) => p.name === watched.policy);
  const name = known ? watched.policy : lab.model.policies[lab.shown[0]!]!.name;
  const policy = usePolicy(lab, name);
  const number = numberOf(watched.seed);
  return (
    <div class="match">
      <p>{PLAY.watchLead}</p>
      <p class="printed"><b dir="auto">{label(lab.model.policies[policy]!)}</b>, {PLAY.seed.toLowerCase()} {number}</p>
      <div class="tools">
        <PolicyChoice lab={lab} value={name} choose={(chosen) => (watchedNow.value = { ...watched, policy: chosen })} />
        <label>
          {PLAY.seed}{' '}
          <input
            type="number"
            min={1}
            step={1}
            value={number}
            onChange={(e) => (watchedNow.value = { ...watched, policy: name, seed: readSeed(e.currentTarget.value) ?? watched.seed })}
          />
        </label>
        <button type="button" onClick={() => (watchedNow.value = { policy: name, seed: seedOf(number + 1) })}>Another history</button>
      </div>
      {lab.runs.has(policy) && <History lab={lab} policy={policy} seed={watched.seed} />}
    </div>
  );
}
