// Another setting beside the one in force: what differs between the two in words, what the policies shown come to under
// both, and which rankings turn.
import { useState } from 'preact/hooks';
import { movedBetween, turned, useBeside, type Pair, type There } from '../beside';
import { colour } from '../colour';
import { drawDots } from '../drawings';
import type { Exhibit } from '../exhibit';
import type { Lab } from '../lab';
import { Leave } from '../leave';
import { Swatch } from '../marks';
import { Hunks } from '../notices';
import { TEXTS } from '../phrases';
import type { Beside } from '../settings';
import { better, difference, label, show, value } from '../words';

const BASE = '\u0000base', NOTHING = ''; // of the choice; names that no reader gives

/** What to put beside: nothing, the base case, what was saved, or what a link leads to. */
export function ChooseBeside({ lab }: { lab: Lab }) {
  const { beside } = lab;
  const [link, write] = useState('');
  const { names } = lab.saved;
  const chosen = !beside ? NOTHING : beside.name === TEXTS.baseCase ? BASE : beside.name;
  const choose = (name: string) => {
    if (name === NOTHING) lab.putBeside(null);
    else if (name === BASE) lab.putBeside({ name: TEXTS.baseCase, text: lab.data.text, set: new Map() });
    else void lab.bring(lab.saved.addressOf(name) ?? '', name);
  };
  const follow = (event: Event) => {
    event.preventDefault();
    if (link.trim()) void lab.bring(link.trim().replace(/^[^#]*/, ''), TEXTS.ofLink);
    write('');
  };
  return (
    <details class="choose-beside" open={!!beside}>
      <summary>{TEXTS.sideBySide}</summary>
      <p class="tools">
        <label>
          {TEXTS.putBeside}{' '}
          <select value={chosen} onChange={(e) => choose(e.currentTarget.value)}>
            <option value={NOTHING}>{TEXTS.nothingBeside}</option>
            <option value={BASE}>{TEXTS.baseCase}</option>
            {beside && chosen !== BASE && !names.includes(beside.name) && <option value={beside.name}>{beside.name}</option>}
            {names.map((name) => <option key={name} value={name}>{name}</option>)}
          </select>
        </label>
      </p>
      <form class="tools" onSubmit={follow}>
        <label>{TEXTS.orLink} <input type="text" value={link} spellcheck={false} autocomplete="off" onInput={(e) => write(e.currentTarget.value)} /></label>{' '}
        <button type="submit">{TEXTS.putIt}</button>
      </form>
    </details>
  );
}

/** "cost of war: 0.3 there, 0.5 here". */
function differencesOf(lab: Lab, beside: Beside): string[] {
  return movedBetween(lab, beside).map(({ param, there, here }) => `${label(lab.model.params[param]!)}: ${there === null ? 'not in that text' : show(there, 6)} there, ${show(here, 6)} here`);
}

function Apart({ lab, beside }: { lab: Lab; beside: Beside }) {
  const words = differencesOf(lab, beside);
  const edited = beside.text !== lab.text;
  if (!words.length && !edited) return <p>{TEXTS.noDifference}</p>;
  return (
    <>
      {words.length > 0 && <ul class="apart">{words.map((text) => <li key={text} dir="auto">{text}</li>)}</ul>}
      {edited && (
        <details class="diff">
          <summary>{TEXTS.textsDiffer}</summary>
          <Hunks from={beside.text} to={lab.text} />
        </details>
      )}
    </>
  );
}

/** Of a policy: its number there and here as two dots on one line. */
function Dots({ pair, at }: { pair: Pair; at: (x: number) => number }) {
  const { policy, there, here } = pair;
  return (
    <svg class="dots" width="100%" height="16" aria-hidden="true">
      <line class="axis" x1="0" x2="100%" y1="8" y2="8" />
      {there !== null && here !== null && <line x1={`${at(there)}%`} x2={`${at(here)}%`} y1="8" y2="8" stroke={colour(policy)} stroke-width="2" />}
      {there !== null && <circle class="there" cx={`${at(there)}%`} cy="8" r="4.5" stroke={colour(policy)} />}
      {here !== null && <circle cx={`${at(here)}%`} cy="8" r="4.5" fill={colour(policy)} />}
    </svg>
  );
}

const HEADER = ['outcome', 'policy', 'text', 'there', 'here', 'difference'];

function rowsOf(lab: Lab, outcome: number, pairs: Pair[]) {
  return pairs.map(({ policy, there, here }) => {
    const { name, text } = lab.model.policies[policy]!;
    return [lab.model.outcomes[outcome]!.name, name, text, there, here, there === null || here === null ? null : here - there];
  });
}

/** "○ there, ● here": whose numbers are whose, for whoever sees the picture alone. */
const subtitleOf = (lab: Lab, beside: Beside) => `○ ${beside.name}, ● the numbers set. ${differencesOf(lab, beside).join('; ')}${beside.text === lab.text ? '' : '; the texts differ'}`;

function One({ lab, beside, outcome, pairs, waiting }: { lab: Lab; beside: Beside; outcome: number; pairs: Pair[]; waiting: boolean }) {
  const about = lab.model.outcomes[outcome]!;
  const all = pairs.flatMap(({ there, here }) => [there, here]).filter((x): x is number => x !== null);
  const low = Math.min(about.share ? 0 : Infinity, ...all), high = Math.max(...all);
  const at = (x: number) => 2 + (96 * (x - low)) / (high - low || 1);
  const told = (x: number | null) => value(lab.model, about, x, 3);
  const turns = waiting ? [] : turned(about, pairs);
  const exhibit = (): Exhibit => ({
    name: `${about.name}-beside`,
    title: `${label(about)}: two settings side by side`,
    subtitle: subtitleOf(lab, beside),
    policies: [],
    banded: false,
    header: HEADER,
    rows: rowsOf(lab, outcome, pairs),
    draw: (width) => drawDots(
      pairs.map(({ policy, there, here }) => ({ title: label(lab.model.policies[policy]!), there, here, said: `${told(there)} → ${told(here)}`, fill: colour(policy) })),
      low,
      high,
      width,
    ),
  });
  return (
    <section class="card" aria-labelledby={`beside-${about.name}`} data-beside-outcome={about.name}>
      <h4 id={`beside-${about.name}`} class="with-menu"><span><span dir="auto">{label(about)}</span> <span class="hint">{better(about.direction)}</span></span> <Leave lab={lab} of={exhibit} /></h4>
      <table class="bars">
        <tbody>
          {pairs.map((pair) => {
            const { policy, there, here } = pair;
            return (
              <tr key={policy} data-beside={lab.model.policies[policy]!.name} data-there={there ?? ''} data-here={here ?? ''}>
                <th scope="row" dir="auto">{label(lab.model.policies[policy]!)}</th>
                <td class="bar"><Dots pair={pair} at={at} /></td>
                <td class="number">
                  {told(there)} → {told(here)}
                  {there !== null && here !== null && <span class="word">{there === here ? 'the same' : difference(about, here - there)}</span>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {turns.map(({ worse, better }) => (
        <p key={`${worse} ${better}`} class="hint" data-turned={`${lab.model.policies[worse]!.name} ${lab.model.policies[better]!.name}`}>
          {TEXTS.turns} <strong dir="auto">{label(lab.model.policies[better]!)}</strong> is better here than <strong dir="auto">{label(lab.model.policies[worse]!)}</strong>, and worse there.
        </p>
      ))}
    </section>
  );
}

function pairsOf(lab: Lab, outcome: number, found: ReadonlyMap<string, There>): Pair[] {
  const { name } = lab.model.outcomes[outcome]!;
  return lab.shown.map((policy) => {
    const there = found.get(lab.model.policies[policy]!.name);
    const run = lab.runs.get(policy);
    return { policy, there: there && !('problem' in there) ? (there.get(name) ?? null) : null, here: !run || run.stale ? null : (run.result?.outcomes[outcome] ?? null) };
  });
}

export function SideBySide({ lab, beside }: { lab: Lab; beside: Beside }) {
  const found = useBeside(lab, beside);
  const { model } = lab.settingOf(beside);
  const [all, showAll] = useState(false);
  const both = [...lab.model.outcomes.keys()].filter((o) => model.outcomes.some(({ name }) => name === lab.model.outcomes[o]!.name));
  const few = both.filter((o) => lab.model.outcomes[o]!.headline);
  const missing = lab.shown.filter((p) => !model.policies.some(({ name }) => name === lab.model.policies[p]!.name));
  const waiting = lab.shown.some((p) => lab.runs.get(p)?.stale) || found.size + missing.length < lab.shown.length;
  const pairs = new Map(both.map((o) => [o, pairsOf(lab, o, found)]));
  const count = waiting ? 0 : both.filter((o) => turned(lab.model.outcomes[o]!, pairs.get(o)!).length).length;
  const ranked = both.filter((o) => lab.model.outcomes[o]!.direction).length;
  const exhibit = (): Exhibit => ({
    name: 'beside',
    title: 'Two settings side by side',
    subtitle: subtitleOf(lab, beside),
    policies: [],
    banded: false,
    header: HEADER,
    rows: both.flatMap((o) => rowsOf(lab, o, pairs.get(o)!)),
    draw: null,
  });
  return (
    <section class="beside-setting" aria-labelledby="beside" data-side-by-side={waiting ? 'waiting' : 'ready'}>
      <h3 id="beside" class="with-menu"><span>Side by side: ○ <span dir="auto">{beside.name}</span>, ● the numbers set</span> <Leave lab={lab} of={exhibit} /></h3>
      <Apart lab={lab} beside={beside} />
      <p role="status">
        {waiting ? TEXTS.solvingBeside : lab.shown.length > 1 && ranked > 0 && (count ? `By ${count} of ${ranked} outcomes the ranking of the policies shown turns.` : `By none of ${ranked} outcomes the ranking of the policies shown turns.`)}
      </p>
      {missing.length > 0 && <p class="notice">Not in the other text: {missing.map((p) => label(lab.model.policies[p]!)).join(', ')}.</p>}
      {lab.shown.flatMap((p) => {
        const there = found.get(lab.model.policies[p]!.name);
        return there && 'problem' in there ? [<p key={p} class="notice bad" role="status"><Swatch policy={p} /> {label(lab.model.policies[p]!)} isn’t solved there: {there.problem}.</p>] : [];
      })}
      <div class="cards">
        {(all || lab.embed ? both : few).map((o) => <One key={o} lab={lab} beside={beside} outcome={o} pairs={pairs.get(o)!} waiting={waiting} />)}
      </div>
      {both.length > few.length && <p><button type="button" aria-expanded={all} onClick={() => showAll(!all)}>{all ? 'Fewer' : `All ${both.length} outcomes`}</button></p>}
    </section>
  );
}
