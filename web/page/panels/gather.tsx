// The transcripts of a class, gathered: who did what where, against the equilibrium, and what each gave
// away. Files are read here and sent nowhere.
import { useState } from 'preact/hooks';
import type { Followed, Match, Move } from '../../engine/answers';
import type { Lab } from '../lab';
import { PLAY } from '../play_texts';
import { Failure, Stale } from '../run';
import { save } from '../save';
import { inHundred, label, periodName, show } from '../words';

/** A file, and the match that it is the record of. */
interface Transcript {
  name: string;
  policy: number;
  match: Match | null;
  wrong: string; // why it is none, or where it parts from it
}

const PATIENCE = 30; // times that a policy just shown is asked again

/** Reads a file as the match that it says it is, under whichever policy that is. */
async function follow(lab: Lab, name: string, file: string): Promise<Transcript> {
  let policy = lab.shown[0]!;
  if (!/^[^\n]*\b_match\b/.test(file)) return { name, policy, match: null, wrong: PLAY.noTranscript };
  for (let asked = 0; asked < PATIENCE; asked++) {
    const run = lab.runs.get(policy);
    try {
      const answer = run && (await run.ask<Followed>({ call: 'follow', file }));
      if (answer && (answer.policy === policy || answer.policy === undefined)) return { name, policy, match: answer.match ?? null, wrong: answer.diagnostics[0]?.message ?? '' };
      if (answer) policy = answer.policy!;
      if (!lab.shown.includes(policy)) lab.show([...lab.shown, policy].sort((a, b) => a - b));
    } catch (error) {
      if (error instanceof Failure) return { name, policy, match: null, wrong: error.problem.reason };
      if (!(error instanceof Stale)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { name, policy, match: null, wrong: 'the policy is not solved' };
}

const away = (moves: Move[]) => moves.reduce((sum, move) => sum + move.discount * (move.less ?? 0), 0);

const likeliest = (moves: Move[]) => moves.filter((move) => move.action === move.best).length;

const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The sheet as a table: a row for each decision of each transcript. */
function sheetOf(lab: Lab, transcripts: Transcript[]): string {
  const head = ['file', 'code', 'period', 'side', 'stage', 'action', 'equilibrium', 'best', 'given_away', 'counts_at_start'];
  const rows = transcripts.flatMap(({ name, match }) =>
    (match?.moves ?? []).map((move) => [
      name,
      match!.code,
      periodName(lab.model, move.period),
      move.mover,
      lab.model.stages[move.stage]!.name,
      move.brief,
      String(move.probability),
      move.bestBrief,
      String(move.less ?? ''),
      String(move.discount),
    ]),
  );
  return [head, ...rows].map((row) => row.map(cell).join(',')).join('\n') + '\n';
}

/** Where the class stood before one choice: the same code, period and stage. */
interface Fork {
  key: string;
  code: string;
  move: Move;
  taken: Map<string, number>; // action to how many
}

function forksOf(transcripts: Transcript[]): Fork[] {
  const forks = new Map<string, Fork>();
  for (const { match } of transcripts) {
    for (const move of match?.moves ?? []) {
      const key = JSON.stringify([match!.code, move.period, move.stage, move.mover]);
      let fork = forks.get(key);
      if (!fork) forks.set(key, (fork = { key, code: match!.code, move, taken: new Map() }));
      const said = move.text || move.brief;
      fork.taken.set(said, (fork.taken.get(said) ?? 0) + 1);
    }
  }
  return [...forks.values()].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : a.move.period - b.move.period || a.move.stage - b.move.stage));
}

function Sheet({ lab, transcripts }: { lab: Lab; transcripts: Transcript[] }) {
  const read = transcripts.filter((t) => t.match);
  return (
    <>
      <div class="scroll">
        <table class="moves">
          <caption>{read.length} of {transcripts.length} files are matches of this model</caption>
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Side</th>
              <th scope="col" class="number">Decisions</th>
              <th scope="col" class="number">As is best</th>
              <th scope="col" class="number">{PLAY.given}</th>
              <th scope="col">To the end</th>
            </tr>
          </thead>
          <tbody>
            {transcripts.map(({ name, match, wrong }) => (
              <tr key={name}>
                <th scope="row" dir="auto">{name}</th>
                {match ? (
                  <>
                    <td dir="auto">{lab.model.actors.filter((_, i) => match.held[i]).map(label).join(', ')}</td>
                    <td class="number">{match.moves.length}</td>
                    <td class="number">{match.moves.length ? inHundred(likeliest(match.moves) / match.moves.length) : '–'}</td>
                    <td class="number">{match.moves.every((move) => move.less !== null) ? show(away(match.moves), 3) : '–'}</td>
                    <td>{wrong ? <span class="bad">{wrong}</span> : match.turn ? 'left' : 'yes'}</td>
                  </>
                ) : (
                  <td colSpan={5} class="bad">{wrong}</td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="scroll">
        <table class="moves">
          <caption>Who did what</caption>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Side</th>
              <th scope="col">Stage</th>
              <th scope="col">The class</th>
            </tr>
          </thead>
          <tbody>
            {forksOf(read).map(({ key, move, taken }) => (
              <tr key={key}>
                <th scope="row">{periodName(lab.model, move.period)}</th>
                <td dir="auto">{label(lab.model.actors[move.actor]!)}</td>
                <td dir="auto">{label(lab.model.stages[move.stage]!)}</td>
                <td dir="auto">{[...taken].sort((a, b) => b[1] - a[1]).map(([said, count]) => `${said}: ${count}`).join('; ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <button type="button" onClick={() => save('class.csv', sheetOf(lab, read))}>{PLAY.sheet}</button>
    </>
  );
}

export function Gather({ lab }: { lab: Lab }) {
  const [transcripts, hold] = useState<Transcript[]>([]);
  const take = async (files: FileList | null | undefined) => {
    const found: Transcript[] = [];
    for (const file of files ?? []) found.push(await follow(lab, file.name, await file.text()));
    hold((before) => [...before.filter((t) => !found.some((f) => f.name === t.name)), ...found]);
  };
  return (
    <details
      class="gather"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void take(event.dataTransfer?.files);
      }}
    >
      <summary>{PLAY.gather}</summary>
      <label>
        {PLAY.gatherHint} <input type="file" accept=".csv,text/csv" multiple onChange={(e) => void take(e.currentTarget.files)} />
      </label>
      {transcripts.length > 0 && <Sheet lab={lab} transcripts={transcripts} />}
    </details>
  );
}
