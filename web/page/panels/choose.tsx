// Where one looks: period, stage and variables, among those that can be met.
import type { Situation } from '../../engine/answers';
import type { Lab } from '../lab';
import { label, periodName } from '../words';

/** A situation as it is asked for. */
export interface Place {
  period: number; // from 0
  stage: number; // -1: the first played
  wanted: number[] | null;
  fixed: number; // the slot that must be as wanted, or -1
  belief: number[] | null; // of each value of each private variable; null: what is likeliest there
}

/** `asked` tells what was chosen last, which need not be there yet, when one chooses again. */
export function Choose({ lab, at, asked, set }: { lab: Lab; at: Situation; asked: () => Place; set: (place: Place) => void }) {
  const numbers = at.slots.map((s) => s.number);
  const { model } = lab;
  const stageOf = (name: string) => model.stages.findIndex((s) => s.name === name);
  const now = asked();
  const stage = now.stage < 0 ? at.stage : model.stages[now.stage]!.name;
  /** With the rest as it was asked for last. */
  const choose = (part: Partial<Place>) => {
    const { period, stage } = asked();
    set({ period, stage: stage < 0 ? stageOf(at.stage) : stage, wanted: numbers, fixed: -1, belief: null, ...part });
  };
  const stageNamed = (name: string) => model.stages.find((s) => s.name === name)!;
  const called = (slot: string) => {
    const variable = model.variables.find((v) => v.name === slot);
    if (variable) return label(variable);
    const [name, mover] = slot.split('.');
    return `${label(stageNamed(name!))}, ${label([...model.actors, ...model.roles].find((m) => m.name === mover)!)}`;
  };
  /** A value, or of an earlier choice the action. */
  const valued = (slot: string, value: string) => {
    const [name, mover] = slot.split('.');
    const stage = mover === undefined ? undefined : stageNamed(name!);
    const action = stage?.actions.find((a) => a.name === value && stage.movers[a.mover] === mover);
    return action ? label(action) : value;
  };
  return (
    <div class="choose">
      <label>
        <span>{model.period || 'period'}</span>
        <select value={now.period + 1} onChange={(e) => choose({ period: Number(e.currentTarget.value) - 1 })}>
          {[...Array(model.horizon).keys()].map((t) => (
            <option key={t} value={t + 1}>{periodName(model, t + 1)}</option>
          ))}
        </select>
      </label>
      <label>
        <span>stage</span>
        <select value={stage} onChange={(e) => choose({ stage: stageOf(e.currentTarget.value) })}>
          {at.stages.some((s) => s.name === stage) || <option value={stage}>{label(stageNamed(stage))}</option>}
          {at.stages.map((s) => (
            <option key={s.name} value={s.name}>{label(stageNamed(s.name))}</option>
          ))}
        </select>
      </label>
      {at.slots.map((slot, i) =>
        slot.values.length < 2 ? null : (
          <label key={slot.name} title={slot.name}>
            <span dir="auto">{called(slot.name)}</span>
            <select value={slot.number} data-slot={slot.name} onChange={(e) => choose({ wanted: numbers.map((n, k) => (k === i ? Number(e.currentTarget.value) : n)), fixed: i })}>
              {slot.values.map((v) => (
                <option key={v.number} value={v.number}>
                  {valued(slot.name, v.name)}
                  {v.fits ? '' : ' (and others change)'}
                </option>
              ))}
            </select>
          </label>
        ),
      )}
    </div>
  );
}

/** The number of a slot's value that goes by a name. */
export function numberOf(lab: Lab, slot: string, value: string): number {
  const variable = lab.model.variables.find((v) => v.name === slot);
  if (variable) {
    if (variable.type === 'bool') return value === 'yes' ? 1 : 0;
    return variable.type === 'enum' ? variable.values.indexOf(value) : Number(value);
  }
  const [name, mover] = slot.split('.');
  const stage = lab.model.stages.find((s) => s.name === name)!;
  return 1 + stage.actions.findIndex((a) => stage.movers[a.mover] === mover && a.name === value);
}
