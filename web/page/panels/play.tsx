// Play: a side, held by the reader, while everybody else plays the equilibrium. Before it a form, during it
// what has happened and the turn at hand, after it what the outcomes came to and what was given away.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Coded, Match, Matched, Move, Turn } from '../../engine/answers';
import type { Exhibit } from '../exhibit';
import { readFragment } from '../fragment';
import type { Lab } from '../lab';
import { Leave } from '../leave';
import { anySeed, coachNow, heldBy, numberOf, readSeed, seatNow, when, type Seat } from '../matches';
import { Word } from '../marks';
import { PLAY } from '../play_texts';
import { Stale } from '../run';
import { save } from '../save';
import { useAnswer, useLab } from '../use';
import { inHundred, label, periodName, show } from '../words';
import { Gather } from './gather';
import { Among, NoMatch, useSpread } from './spread';
import { Standing, Story } from './story';

const MOST_COSTLY = 5; // decisions that are told first

/** The policy of a name, which is shown from now on. */
export function usePolicy(lab: Lab, name: string): number {
  const policy = lab.model.policies.findIndex((p) => p.name === name);
  useEffect(() => {
    if (policy >= 0 && !lab.shown.includes(policy)) lab.show([...lab.shown, policy].sort((a, b) => a - b));
  }, [lab, policy]);
  return policy;
}

export function PolicyChoice({ lab, value, choose }: { lab: Lab; value: string; choose: (name: string) => void }) {
  return (
    <label>
      {PLAY.policy}{' '}
      <select value={value} onChange={(e) => choose(e.currentTarget.value)}>
        {lab.model.policies.map((policy) => (
          <option key={policy.name} value={policy.name}>{label(policy)}</option>
        ))}
      </select>
    </label>
  );
}

let answered = ''; // the match that a link led to, which is begun once

/** A match to begin: by policy, sides and seed, or by a code. */
function Setup({ lab }: { lab: Lab }) {
  const [policy, setPolicy] = useState(lab.model.policies[lab.shown[0]!]!.name);
  const [held, hold] = useState<string[]>([]);
  const [seed, setSeed] = useState(String(numberOf(anySeed())));
  const [code, setCode] = useState('');
  const [wrong, tell] = useState('');
  const moves = lab.model.actors.filter((_, i) => lab.model.stages.some((stage) => stage.movers.some((mover) => isHeldBy(lab, mover, i))));
  const begin = (event: Event) => {
    event.preventDefault();
    const read = readSeed(seed);
    if (!held.length) tell('Choose a side.');
    else if (!read) tell('A seed is a whole number from 1.');
    else seatNow.value = { policy, held, seed: read, taken: [] };
  };
  const take = async (code: string) => {
    try {
      const { coded } = await lab.runs.get(lab.shown[0]!)!.ask<Coded>({ call: 'code', code: code.trim() });
      if (!coded) return tell(PLAY.noCode);
      const names = lab.model.actors.filter((_, i) => coded.held[i]).map(({ name }) => name);
      seatNow.value = { policy: lab.model.policies[coded.policy]!.name, held: names, seed: coded.seed, taken: [], code: code.trim() };
    } catch (error) {
      if (!(error instanceof Stale)) tell(PLAY.noCode);
    }
  };
  useEffect(() => {
    const { match } = readFragment(location.hash);
    if (!match || match === answered) return;
    answered = match;
    void take(match);
  }, []);
  return (
    <section class="setup" aria-label="A match to begin">
      <p>{PLAY.lead}<Word term="equilibrium" />.</p>
      <form onSubmit={begin}>
        <PolicyChoice lab={lab} value={policy} choose={setPolicy} />
        <fieldset>
          <legend>{PLAY.sides}</legend>
          {moves.map((actor) => (
            <label key={actor.name}>
              <input
                type="checkbox"
                checked={held.includes(actor.name)}
                onChange={(e) => hold(e.currentTarget.checked ? [...held, actor.name] : held.filter((name) => name !== actor.name))}
              />{' '}
              <span dir="auto">{label(actor)}</span>
            </label>
          ))}
        </fieldset>
        <label>
          {PLAY.seed} <input type="number" min={1} step={1} value={seed} onInput={(e) => setSeed(e.currentTarget.value)} />
        </label>
        <button type="submit" class="main">{PLAY.begin}</button>
        <p class="hint">{PLAY.seedHint}</p>
      </form>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void take(code);
        }}
      >
        <label>
          {PLAY.code} <input value={code} spellcheck={false} autocomplete="off" onInput={(e) => setCode(e.currentTarget.value)} />
        </label>
        <button type="submit">{PLAY.takeCode}</button>
      </form>
      <p role="status" class="bad">{wrong}</p>
      <Gather lab={lab} />
    </section>
  );
}

/** Whether a mover, as a stage writes it, is an actor, or a role that it can hold under some policy. */
function isHeldBy(lab: Lab, mover: string, actor: number): boolean {
  const role = lab.model.roles.findIndex(({ name }) => name === mover);
  if (role < 0) return lab.model.actors[actor]!.name === mover;
  return lab.model.policies.some((policy) => policy.holders[role] === actor);
}

function Choices({ lab, turn, take }: { lab: Lab; turn: Turn; take: (action: number) => void }) {
  const coached = coachNow.value;
  return (
    <>
      <ul class="choices">
        {turn.actions.map((action, a) => (
          <li key={action.name}>
            <button type="button" onClick={() => take(a)} title={action.name} dir="auto">{action.text || action.brief}</button>
            {coached && (
              <span class="advice">
                equilibrium: {inHundred(action.probability)}
                {action.less !== null && (a === turn.best ? `; ${PLAY.best}` : `; ${action.atLeast ? 'at least ' : ''}${show(action.less, 3)} ${unitOf(lab, turn.actor)}less`)}
              </span>
            )}
          </li>
        ))}
      </ul>
      <label>
        <input type="checkbox" checked={coached} onChange={(e) => (coachNow.value = e.currentTarget.checked)} /> {PLAY.coach}
      </label>
    </>
  );
}

/** "million dollars ", "" if payoffs have no unit. */
function unitOf(lab: Lab, actor: number): string {
  const { unit } = lab.model.actors[actor]!;
  return unit ? `${unit} ` : '';
}

function TurnCard({ lab, match, turn, take }: { lab: Lab; match: Match; turn: Turn; take: (action: number) => void }) {
  const stage = lab.model.stages[turn.stage]!;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [match.moves.length]);
  return (
    <section class="card turn" aria-labelledby="turn">
      <h3 id="turn" ref={heading} tabIndex={-1} dir="auto">
        {when(lab.model, turn.period)}: {label(lab.model.actors[turn.actor]!)}
      </h3>
      <p dir="auto">{label(stage)}</p>
      <Choices key={match.moves.length} lab={lab} turn={turn} take={take} />
      <details open={match.moves.length === 0}>
        <summary>{PLAY.now}</summary>
        <Standing model={lab.model} match={match} />
      </details>
    </section>
  );
}

function MoveTable({ lab, code, moves, caption, name }: { lab: Lab; code: string; moves: Move[]; caption: string; name: string }) {
  const exhibit = (): Exhibit => ({
    name,
    title: caption,
    subtitle: `Match ${code}. ${PLAY.givenHint}`,
    policies: [],
    banded: false,
    header: ['when', 'side', 'stage', 'decision', 'equilibrium', 'best', 'given away', 'at least', 'counts at the start'],
    rows: moves.map((move) => [
      periodName(lab.model, move.period), label(lab.model.actors[move.actor]!), label(lab.model.stages[move.stage]!), move.text || move.brief, move.probability,
      move.bestText || move.bestBrief, move.less, move.atLeast ? 'yes' : 'no', move.discount,
    ]),
    draw: null,
  });
  return (
    <section class="scroll" aria-label={caption}>
      <p class="with-menu"><strong>{caption}</strong> <Leave lab={lab} of={exhibit} passing /></p>
      <table class="moves" aria-label={caption}>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Decision</th>
            <th scope="col">Equilibrium</th>
            <th scope="col">Best</th>
            <th scope="col" class="number">{PLAY.given}</th>
          </tr>
        </thead>
        <tbody>
          {moves.map((move, m) => (
            <tr key={m}>
              <th scope="row">{periodName(lab.model, move.period)}</th>
              <td dir="auto">{move.text || move.brief}</td>
              <td>{inHundred(move.probability)}</td>
              <td dir="auto">{move.action === move.best ? 'the same' : move.bestText || move.bestBrief}</td>
              <td class="number">{move.less === null ? '–' : `${move.atLeast ? '> ' : ''}${show(move.less, 3)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What each side that was held gave away, where most of it, and then every decision. */
function Moves({ lab, match }: { lab: Lab; match: Match }) {
  const actors = [...new Set(match.moves.map((move) => move.actor))];
  const cost = (move: Move) => move.discount * (move.less ?? 0);
  const costly = match.moves.filter((move) => cost(move) > 0).sort((a, b) => cost(b) - cost(a));
  return (
    <section>
      <h4>{PLAY.given}</h4>
      {actors.map((actor) => {
        const moves = match.moves.filter((move) => move.actor === actor);
        const known = moves.every((move) => move.less !== null);
        const sum = moves.reduce((all, move) => all + cost(move), 0);
        return (
          <p key={actor}>
            <strong dir="auto">{label(lab.model.actors[actor]!)}</strong>: {PLAY.given.toLowerCase()} {known ? `${show(sum, 3)} ${unitOf(lab, actor)}in all` : PLAY.givenUnknown}.
          </p>
        );
      })}
      <p class="note">{PLAY.givenHint}</p>
      {costly.length > 0 && <MoveTable lab={lab} code={match.code} moves={costly.slice(0, MOST_COSTLY)} caption={PLAY.costly} name="costly" />}
      <details>
        <summary>{PLAY.moves}</summary>
        <MoveTable lab={lab} code={match.code} moves={match.moves} caption={PLAY.moves} name="decisions" />
      </details>
    </section>
  );
}

function EndSheet({ lab, policy, seat, match }: { lab: Lab; policy: number; seat: Seat; match: Match }) {
  const spread = useSpread(lab, policy, seat.seed);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <section class="card end" aria-labelledby="over">
      <h3 id="over" ref={heading} tabIndex={-1}>{PLAY.over}</h3>
      <h4>{PLAY.came}</h4>
      <Among lab={lab} policy={policy} seed={seat.seed} played spread={spread} own={match.outcomes} />
      <p class="hint">{spread.length} {PLAY.growing}</p>
      <Moves lab={lab} match={match} />
      <h4>{PLAY.now}</h4>
      <Standing model={lab.model} match={match} />
    </section>
  );
}

const SAID = 5000; // milliseconds

/** Copies an address that leads to the beginning of a match. */
async function invite(lab: Lab, code: string, tell: (said: string) => void): Promise<void> {
  const link = `${location.href.replace(/#.*$/, '')}${lab.link()}&match=${code}`;
  try {
    await navigator.clipboard.writeText(link);
    tell('copied');
  } catch {
    tell(link);
  }
  setTimeout(() => tell(''), SAID);
}

function AtPlay({ lab, seat }: { lab: Lab; seat: Seat }) {
  const [said, tell] = useState('');
  const policy = usePolicy(lab, seat.policy);
  const query = { call: 'match', seed: seat.seed, held: heldBy(lab.model, seat.held), taken: seat.taken } as const;
  const { answer, waiting, problem } = useAnswer<Matched>(lab, policy, query);
  const match = answer?.match;
  const last = match?.events.filter((event) => event.kind !== 'period').slice(-1)[0]?.text ?? '';
  if (problem) return <NoMatch lab={lab} policy={policy} problem={problem} what="can’t be played" />;
  if (!match) return <p role="status">The match begins …</p>;
  const take = (action: number) => {
    if (!waiting) seatNow.value = { ...seat, taken: [...seat.taken, action] };
  };
  return (
    <div class="match" data-waiting={waiting}>
      <div class="tools">
        <span>
          {PLAY.code}: <code class="code">{match.code}</code>
        </span>
        <button type="button" onClick={() => void invite(lab, match.code, tell)}>{PLAY.invite}</button>
        <span role="status" class="said">{said}</span>
        <button type="button" onClick={() => save(`${match.code}.csv`, match.history)}>{PLAY.download}</button>
        <button type="button" onClick={() => (seatNow.value = null)}>{PLAY.another}</button>
      </div>
      {seat.code && seat.code !== match.code && <p class="notice" role="alert">{PLAY.otherNumbers}</p>}
      <p class="unseen" role="status">{last}</p>
      <div class="beside">
        <div>
          <p dir="auto">
            {seat.held.map((name) => label(lab.model.actors.find((a) => a.name === name)!)).join(', ')}. {label(lab.model.policies[policy]!)}. {lab.model.horizon} periods.
          </p>
          <Story model={lab.model} events={match.events} />
        </div>
        {match.turn ? <TurnCard lab={lab} match={match} turn={match.turn} take={take} /> : <EndSheet lab={lab} policy={policy} seat={seat} match={match} />}
      </div>
    </div>
  );
}

export function Play() {
  const lab = useLab();
  const seat = seatNow.value;
  const fits = seat && lab.model.policies.some((p) => p.name === seat.policy) && seat.held.every((name) => lab.model.actors.some((a) => a.name === name));
  return fits ? <AtPlay lab={lab} seat={seat} /> : <Setup lab={lab} />;
}
