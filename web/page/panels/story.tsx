// What happens in a match, told period by period, and how things stand.
import { useEffect, useRef } from 'preact/hooks';
import type { MatchEvent, Model, Match } from '../../engine/answers';
import { eventText, sharesOf, when } from '../matches';
import { PLAY } from '../play_texts';
import { label, valueName } from '../words';

/** Events under the periods in which they happen; the newest is in sight. */
export function Story({ model, events }: { model: Model; events: MatchEvent[] }) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [events.length]);
  const periods = [...new Set(events.map((event) => event.period))];
  return (
    <ol class="story" ref={list}>
      {periods.map((period) => (
        <li key={period}>
          <h3>{when(model, period)}</h3>
          <ul>
            {events.map((event, i) =>
              event.period !== period || event.kind === 'period' ? null : (
                <li key={i} class={event.kind} dir="auto">
                  {eventText(model, event)}
                  {event.secret && <span class="hint"> ({PLAY.secret})</span>}
                </li>
              ),
            )}
          </ul>
        </li>
      ))}
    </ol>
  );
}

/** What is so now, and what is believed of what isn't known to all. */
export function Standing({ model, match }: { model: Model; match: Match }) {
  return (
    <dl class="standing">
      {model.variables.map((variable, v) => {
        const { rank, share } = match.state[v]!;
        const secret = variable.owner >= 0;
        if (!secret) return <Fact key={v} term={label(variable)} text={valueName(variable, rank)} />;
        return [
          rank >= 0 && <Fact key={`${v} known`} term={label(variable)} text={valueName(variable, rank)} hint={match.turn ? PLAY.known : ''} />,
          share.length > 0 && <Fact key={`${v} thought`} term={label(variable)} text={sharesOf(variable, share)} hint={PLAY.thought} />,
        ];
      })}
    </dl>
  );
}

function Fact({ term, text, hint = '' }: { term: string; text: string; hint?: string }) {
  return (
    <div>
      <dt dir="auto">
        {term} {hint && <span class="hint">{hint}</span>}
      </dt>
      <dd>{text}</dd>
    </div>
  );
}
