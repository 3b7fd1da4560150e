// What stands behind the numbers: residuals, gaps, how the solution was selected, version, and the hash
// of the text that was solved. Gaps are worked out when they are looked at; until they are there, a mark says so.
import type { Certified } from '../../engine/answers';
import { useHash } from '../hash';
import { Note, Swatch } from '../marks';
import { Trouble, Waiting } from '../notices';
import { secretsOf } from '../private';
import { useAnswers, useLab } from '../use';
import { show, small } from '../words';

const GAPS = { call: 'gaps' } as const;

function Mark() {
  return (
    <span class="waiting">
      …<span class="unseen"> being worked out</span>
    </span>
  );
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
  /** `cell`: what is shown, null if it isn't known yet; `exact`: all its digits, for pointing at it. */
  const row = (title: string, cell: (policy: number) => string | null, exact?: (policy: number) => string) => (
    <tr>
      <th scope="row">{title}</th>
      {runs.map(({ policy, run }) => (
        <td key={policy} class={run.stale ? 'stale' : ''} title={run.current ? exact?.(policy) : undefined}>{run.current ? (cell(policy) ?? <Mark />) : '–'}</td>
      ))}
    </tr>
  );
  const solution = (policy: number) => lab.runs.get(policy)!.current!;
  const secrets = secretsOf(model);
  const failed = runs.flatMap(({ policy, run }) => (run.current?.failed ?? []).map((f) => `${model.policies[policy]!.name}: ${f}`));
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label="Certificates of each policy">
        <table class="certificates">
          <thead>
            <tr>
              <td />
              {runs.map(({ policy }) => (
                <th scope="col" key={policy}><Swatch policy={policy} /> {model.policies[policy]!.name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {row('solved', (p) => (lab.runs.get(p)!.problem ? 'no' : 'yes'))}
            {row('residual', (p) => small(solution(p).residual))}
            {model.actors.map((actor, a) => {
              const gap = (p: number) => gapsOf(p)?.[a];
              return row(`gap of ${actor.name}`, (p) => (gapsOf(p) === undefined ? null : show(gap(p))), (p) => String(gap(p) ?? ''));
            })}
            {model.actors.map((actor, a) => row(`value to ${actor.name}${actor.unit && ` (${actor.unit})`}`, (p) => show(lab.runs.get(p)!.result?.values[a])))}
            {secrets.flatMap((secret, x) =>
              secret.values.flatMap((value, k) => {
                const worth = (p: number) => lab.runs.get(p)!.result?.private?.values[x]?.[k];
                return lab.shown.some((p) => typeof worth(p) === 'number') ? row(`value to ${secret.owner} if ${secret.variable.name} is ${value}`, (p) => show(worth(p))) : [];
              }),
            )}
            {secrets.length > 0 && row('calibration', (p) => small(lab.runs.get(p)!.result?.private?.calibration ?? null))}
            {secrets.length > 0 && row('points of belief', (p) => show(solution(p).private?.beliefs, 9))}
            {row('nodes without a solution', (p) => String(solution(p).failures))}
            {row('bifurcations crossed', (p) => String(solution(p).crossed))}
            {model.lookahead < 0 && row('sweeps', (p) => `${solution(p).sweeps}${solution(p).settled ? '' : ', not settled'}`)}
            {row('states', (p) => show(solution(p).counts.states, 9))}
            {row('nodes', (p) => show(solution(p).counts.nodes, 9))}
            {row('branches', (p) => show(solution(p).counts.branches, 9))}
          </tbody>
        </table>
      </div>
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
