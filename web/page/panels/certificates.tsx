// What stands behind the numbers: residuals, gaps, how the solution was selected, version, and the hash
// of the text that was solved. Gaps are worked out when they are looked at; until they are there, a mark says so.
import type { Certified, Counts } from '../../engine/answers';
import type { Cell, Exhibit } from '../exhibit';
import { useHash } from '../hash';
import { Leave } from '../leave';
import { Called, Note, Swatch } from '../marks';
import { Trouble, Waiting } from '../notices';
import { secretsOf } from '../private';
import { useAnswers, useLab } from '../use';
import { label, show, small } from '../words';

const GAPS = { call: 'gaps' } as const;

function Mark() {
  return (
    <span class="waiting">
      …<span class="unseen"> being worked out</span>
    </span>
  );
}

/** A line of the table: as it is told, null if it isn't known yet, and with all its digits, where these are more. */
interface Row {
  title: string;
  told: (policy: number) => string | null;
  exact?: (policy: number) => Cell;
}

export function Certificates() {
  const lab = useLab();
  const { model } = lab;
  const hash = useHash(lab.text);
  const runs = lab.shown.map((policy) => ({ policy, run: lab.runs.get(policy)! }));
  const { answers } = useAnswers<Certified>(lab, GAPS);
  /** Null if they can't be had, undefined if they aren't known yet. */
  const gapsOf = (policy: number) => {
    const { result } = lab.runs.get(policy)!;
    const told = answers.get(policy);
    if (!result || result.gaps) return result?.gaps ?? null;
    if (told?.version !== lab.version) return undefined;
    return told.answer?.gaps ?? null;
  };
  const solution = (policy: number) => lab.runs.get(policy)!.current!;
  const secrets = secretsOf(model);
  const size = (title: string, of: (counts: Counts) => number): Row => ({ title, told: (p) => show(of(solution(p).counts), 9), exact: (p) => of(solution(p).counts) });
  const table: Row[] = [
    { title: 'solved', told: (p) => (lab.runs.get(p)!.problem ? 'no' : 'yes') },
    { title: 'residual', told: (p) => small(solution(p).residual), exact: (p) => solution(p).residual },
    ...model.actors.map((actor, a): Row => ({ title: `gap of ${label(actor)}`, told: (p) => (gapsOf(p) === undefined ? null : show(gapsOf(p)?.[a])), exact: (p) => gapsOf(p)?.[a] ?? null })),
    ...model.actors.map((actor, a): Row => {
      const worth = (p: number) => lab.runs.get(p)!.result?.values[a] ?? null;
      return { title: `value to ${label(actor)}${actor.unit && ` (${actor.unit})`}`, told: (p) => show(worth(p)), exact: worth };
    }),
    ...secrets.flatMap((secret, x) =>
      secret.values.flatMap((value, k): Row[] => {
        const worth = (p: number) => lab.runs.get(p)!.result?.private?.values[x]?.[k] ?? null;
        return lab.shown.some((p) => worth(p) !== null) ? [{ title: `value to ${secret.owner} (${label(secret.variable)}: ${value})`, told: (p) => show(worth(p)), exact: worth }] : [];
      }),
    ),
    ...(secrets.length ? [
      { title: 'calibration', told: (p: number) => small(lab.runs.get(p)!.result?.private?.calibration ?? null), exact: (p: number) => lab.runs.get(p)!.result?.private?.calibration ?? null },
      { title: 'points of belief', told: (p: number) => show(solution(p).private?.beliefs, 9) },
    ] : []),
    { title: 'nodes without a solution', told: (p) => String(solution(p).failures) },
    { title: 'bifurcations crossed', told: (p) => String(solution(p).crossed) },
    ...(model.lookahead < 0 ? [{ title: 'sweeps', told: (p: number) => `${solution(p).sweeps}${solution(p).settled ? '' : ', not settled'}` }] : []),
    size('states', ({ states }) => states),
    size('nodes', ({ nodes }) => nodes),
    size('branches', ({ branches }) => branches),
  ];
  const exhibit = (): Exhibit => ({
    name: 'certificates',
    title: 'Certificates',
    subtitle: 'Residual: how far the strategies are from solving their equations, at the worst node. Gap: what a side would gain by a perfect best response.',
    policies: [],
    banded: false,
    header: ['', ...runs.map(({ policy }) => model.policies[policy]!.name)],
    rows: table.map(({ title, told, exact }) => [title, ...runs.map(({ policy, run }) => (run.current ? (exact ?? told)(policy) : null))]),
    draw: null,
  });
  const failed = runs.flatMap(({ policy, run }) => (run.current?.failed ?? []).map((f) => `${label(model.policies[policy]!)}: ${f}`));
  return (
    <>
      <section aria-labelledby="certified">
        <h3 class="with-menu"><span id="certified">What each solution is worth</span> <Leave lab={lab} of={exhibit} /></h3>
        <div class="scroll" tabIndex={0} role="region" aria-label="Certificates of each policy">
          <table class="certificates">
            <thead>
              <tr>
                <td />
                {runs.map(({ policy }) => (
                  <th scope="col" key={policy}><Swatch policy={policy} /> <Called item={model.policies[policy]!} /></th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.map(({ title, told, exact }) => (
                <tr key={title}>
                  <th scope="row">{title}</th>
                  {runs.map(({ policy, run }) => (
                    <td key={policy} class={run.stale ? 'stale' : ''} title={run.current && exact ? String(exact(policy) ?? '') : undefined}>{run.current ? (told(policy) ?? <Mark />) : '–'}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {runs.some(({ policy }) => gapsOf(policy) === undefined) && <Waiting lab={lab} policies={lab.shown} words="" />}
      {failed.length > 0 && (
        <ul class="bad">
          {failed.map((f) => (
            <li key={f}>{f}</li>
          ))}
        </ul>
      )}
      {runs.map(({ policy, run }) => {
        const told = answers.get(policy);
        return told?.problem && told.version === lab.version && !run.problem && <Trouble key={policy} lab={lab} policy={policy} problem={told.problem} what="has no gaps" />;
      })}
      <dl class="facts">
        <dt>solution</dt>
        <dd>logit Markov perfect equilibrium; selection rule: stagewise principal branch; values: average over actions</dd>
        <dt>periods</dt>
        <dd>{model.horizon} reported on, then {model.lookahead < 0 ? 'lookahead forever' : `${model.lookahead} of lookahead`}</dd>
        <dt>seed</dt>
        <dd>none: nothing is drawn, every number is exact for the numbers set</dd>
        <dt>version</dt>
        <dd>detente {model.version}</dd>
        <dt>model</dt>
        <dd>{model.name}, {lab.data.file}{lab.text !== lab.data.text && ', edited in this page'}</dd>
        {hash && <dt>SHA-256 of the text</dt>}
        {hash && <dd class="hash">{hash}</dd>}
      </dl>
      <Note>
        Residual: how far the strategies are from solving their equations, at the worst node. Gap: what an actor (a member
        of a team: the team) would gain by a perfect best response to all the others; it isn't zero, as nobody here is
        perfectly rational.
        {secrets.length > 0 && ' Calibration: how far the share of each type among those of whom the same is believed is from what is believed. The value to an owner is the expectation over what it may know.'}
      </Note>
    </>
  );
}
