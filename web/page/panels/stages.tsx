// A picture of the period: who moves when, seeing what. A column for each stage, a row for each actor
// and one for chance.
import type { Model, Stage } from '../../engine/answers';
import type { Exhibit } from '../exhibit';
import { Leave } from '../leave';
import { Note } from '../marks';
import { useLab } from '../use';
import { Causes, Flow } from './picture';

/** Who may move as `mover` under the policies shown: the actor, or whoever holds the role. */
function holders(model: Model, shown: number[], mover: string): string[] {
  const role = model.roles.findIndex((r) => r.name === mover);
  if (role < 0) return [mover];
  return [...new Set(shown.map((p) => model.actors[model.policies[p]!.holders[role]!]!.name))];
}

function Cell({ model, shown, stage, actor }: { model: Model; shown: number[]; stage: Stage; actor: string }) {
  const movers = stage.movers.map((mover, m) => ({ mover, m })).filter(({ mover }) => holders(model, shown, mover).includes(actor));
  if (!movers.length) return <td />;
  return (
    <td class="moves">
      {movers.map(({ mover, m }) => {
        const all = holders(model, shown, mover);
        return (
          <div key={mover}>
            {mover !== actor && <span class="hint">as {mover}{all.length > 1 ? ' under some policies' : ''}</span>}
            <ul>
              {stage.actions.filter((a) => a.mover === m).map((a) => (
                <li key={a.name} title={a.text}>
                  {a.name}
                  {a.guard && <span class="hint"> if {a.guard}</span>}
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </td>
  );
}

export function Stages() {
  const lab = useLab();
  const { model, shown } = lab;
  const choices = (names: string[]) => names.filter((n) => n.includes('.'));
  const state = (names: string[]) => names.filter((n) => !n.includes('.'));
  const row = (title: string, of: (stage: Stage) => string[], none: string) => (
    <tr class="facts">
      <th scope="row">{title}</th>
      {model.stages.map((s) => (
        <td key={s.name}>{of(s).length ? of(s).map((n) => <span class="chip" key={n}>{n}</span>) : <span class="hint">{none}</span>}</td>
      ))}
    </tr>
  );
  const depends = (s: Stage) => [...new Set([...s.when, ...s.actions.flatMap((a) => a.if), ...s.reads])];
  const movesOf = (stage: Stage, actor: string) => stage.actions.flatMap((a) => (holders(model, shown, stage.movers[a.mover]!).includes(actor) ? [`${a.name}${a.guard ? ` if ${a.guard}` : ''}`] : []));
  const exhibit = (): Exhibit => ({
    name: 'stages',
    title: 'Who moves when',
    subtitle: `Through one ${model.period || 'period'}, under the policies shown`,
    policies: [],
    banded: false,
    header: ['stage', 'text', 'side', 'actions', 'skipped depending on', 'depends on', 'changes'],
    rows: model.stages.flatMap((s) => {
      const all = [s.when.join(', '), depends(s).join(', '), s.writes.join(', ')];
      const sides = model.actors.filter((a) => movesOf(s, a.name).length);
      const who = sides.length ? sides.map((a) => [a.name, movesOf(s, a.name).join('; ')]) : [['chance', '']];
      return who.map((cells) => [s.name, s.text, ...cells, ...all]);
    }),
    draw: null,
  });
  return (
    <>
      <Flow />
      <Causes />
      <section aria-labelledby="who-moves">
        <h3 class="with-menu"><span id="who-moves">Who moves when, as a table</span> <Leave lab={lab} of={exhibit} /></h3>
        <div class="scroll" tabIndex={0} role="region" aria-label="The stages of a period">
          <table class="stages">
            <thead>
              <tr>
                <td />
                {model.stages.map((s, i) => (
                  <th scope="col" key={s.name}>
                    <span class="step">{i + 1}</span> {s.name}
                    {s.text && <span class="hint">{s.text}</span>}
                    {s.hidden && <span class="hint">hidden: nobody else sees what is chosen</span>}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {model.actors.map((actor) => (
                <tr key={actor.name}>
                  <th scope="row">
                    {actor.name} <span class="hint">{actor.text}</span>
                  </th>
                  {model.stages.map((s) => (
                    <Cell key={s.name} model={model} shown={shown} stage={s} actor={actor.name} />
                  ))}
                </tr>
              ))}
              {model.stages.some((s) => !s.movers.length) && (
                <tr>
                  <th scope="row">chance</th>
                  {model.stages.map((s) => (s.movers.length ? <td key={s.name} /> : <td key={s.name} class="moves chance">branches</td>))}
                </tr>
              )}
              {row('skipped depending on', (s) => s.when, 'always played')}
              {row('choices that matter here', (s) => choices(depends(s)), 'none of this period')}
              {row('state that matters here', (s) => state(depends(s)), 'none')}
              {row('changes', (s) => s.writes, 'nothing')}
            </tbody>
          </table>
        </div>
      </section>
      <Note>
        Time runs from left to right through one {model.period || 'period'}. Who moves in one column moves at once, without
        seeing the others' choices there; everybody sees the state and the choices of earlier columns
        {model.variables.some((v) => v.owner >= 0) && ', except private variables, which their owner alone knows'}.
      </Note>
    </>
  );
}
