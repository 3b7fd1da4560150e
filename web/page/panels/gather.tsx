// The transcripts of a class, gathered: who did what where, against the equilibrium, and what each gave
// away. Files are read here and sent nowhere.
import { useState } from 'preact/hooks';
import type { Followed, Match, Move } from '../../engine/answers';
import type { Exhibit } from '../exhibit';
import type { Lab } from '../lab';
import { Leave } from '../leave';
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

interface Column {
  title: string;
  number?: boolean;
}

/** A table of the class, which leaves as it stands; no address says whose files were gathered. */
function ClassTable({ lab, name, title, columns, rows }: { lab: Lab; name: string; title: string; columns: Column[]; rows: { cells: string[]; bad: number }[] }) {
  const exhibit = (): Exhibit => ({
    name,
    title,
    subtitle: '',
    policies: [],
    banded: false,
    header: columns.map((column) => column.title),
    rows: rows.map(({ cells }) => cells),
    draw: null,
  });
  return (
    <section class="scroll" aria-label={title}>
      <p class="with-menu"><strong>{title}</strong> <Leave lab={lab} of={exhibit} passing /></p>
      <table class="moves" aria-label={title}>
        <thead>
          <tr>{columns.map(({ title, number }) => <th scope="col" key={title} class={number ? 'number' : undefined}>{title}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map(({ cells: [first, ...rest], bad }, r) => (
            <tr key={r}>
              <th scope="row" dir="auto">{first}</th>
              {rest.map((cell, c) => <td key={c} class={c + 1 === bad ? 'bad' : columns[c + 1]!.number ? 'number' : undefined} dir="auto">{cell}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const PLAYED: Column[] = [{ title: 'File' }, { title: 'Side' }, { title: 'Decisions', number: true }, { title: 'As is best', number: true }, { title: PLAY.given, number: true }, { title: 'To the end' }];
const DONE: Column[] = [{ title: 'When' }, { title: 'Side' }, { title: 'Stage' }, { title: 'The class' }];

function Sheet({ lab, transcripts }: { lab: Lab; transcripts: Transcript[] }) {
  const read = transcripts.filter((t) => t.match);
  const played = transcripts.map(({ name, match, wrong }) => {
    const last = PLAYED.length - 1;
    if (!match) return { cells: [name, '', '', '', '', wrong], bad: last };
    const { moves, held, turn } = match;
    return {
      cells: [
        name,
        lab.model.actors.filter((_, i) => held[i]).map(label).join(', '),
        String(moves.length),
        moves.length ? inHundred(likeliest(moves) / moves.length) : '–',
        moves.every((move) => move.less !== null) ? show(away(moves), 3) : '–',
        wrong || (turn ? 'left' : 'yes'),
      ],
      bad: wrong ? last : 0,
    };
  });
  const done = forksOf(read).map(({ move, taken }) => ({
    cells: [
      periodName(lab.model, move.period),
      label(lab.model.actors[move.actor]!),
      label(lab.model.stages[move.stage]!),
      [...taken].sort((a, b) => b[1] - a[1]).map(([said, count]) => `${said}: ${count}`).join('; '),
    ],
    bad: 0,
  }));
  return (
    <>
      <ClassTable lab={lab} name="class" title={`${read.length} of ${transcripts.length} files are matches of this model`} columns={PLAYED} rows={played} />
      <ClassTable lab={lab} name="class-moves" title="Who did what" columns={DONE} rows={done} />
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
