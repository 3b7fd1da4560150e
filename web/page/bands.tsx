// The bands of a study: quantiles of an outcome over the study's worlds, drawn beside the number that
// holds at the numbers set. They were computed once, and no slider moves them; an edited text has none.
import type { Band } from './data';
import type { Lab } from './lab';
import type { Model } from '../engine/answers';
import { ofHundred, value, type Measured } from './words';

/** The study's quantiles of an outcome under a policy; null if there is no such study. */
export function bandOf(lab: Lab, outcome: number, policy: number): Band | null {
  const { study } = lab.data;
  if (!study || lab.text !== lab.data.text) return null;
  const at = study.policies.indexOf(policy);
  const band = at < 0 ? null : study.bands[outcome]![at]!;
  return band && band[3] !== null ? band : null;
}

/** What the study's points are: "200 worlds". */
export function pointsOf(lab: Lab): string {
  const { study } = lab.data;
  return study ? `${study.points} ${study.averaged ? 'deep draws' : study.design === 'posterior' ? 'draws of the posterior' : 'worlds'}` : '';
}

/** A share of the study's worlds as the engine's sentences have it: "15 of 16 worlds", "91 of 100 worlds". */
export function worldsOf(lab: Lab, share: number): string {
  const { study } = lab.data;
  const what = study?.averaged ? 'draws' : 'worlds';
  if (study && study.points < 100) return `${Math.round(share * study.points)} of ${study.points} ${what}`;
  return share === 1 ? `all ${what}` : `${ofHundred(share)} ${what}`;
}

/** What became of worlds that don't count: "15 of 40 worlds failed and are left out (joint 15)"; '' if all do. */
export function leftOut(lab: Lab): string {
  const { study } = lab.data;
  if (!study) return '';
  const { failed, unfinished, worlds } = study;
  const by = study.policies.flatMap((policy, at) => (study.failures[at] ? [`${lab.model.policies[policy]?.name ?? policy + 1} ${study.failures[at]}`] : []));
  const parts = [];
  if (failed) parts.push(`${failed} of ${worlds} worlds failed and are left out for every policy (${by.join(', ')})`);
  if (unfinished) parts.push(`${unfinished} of ${worlds} worlds aren't solved yet and are left out`);
  return parts.join('; ');
}

/** A band as a strip: 5 to 95 % as a line, the quartiles as a box, the median as a stroke. */
export function BandStrip({ band, at }: { band: Band; at: (x: number) => number }) {
  const [, p5, p25, p50, p75, p95] = band.map((x) => (x === null ? 0 : at(x)));
  return (
    <g class="band">
      <line x1={`${p5}%`} x2={`${p95}%`} y1="3.5" y2="3.5" />
      <rect x={`${p25}%`} width={`${p75! - p25!}%`} y="1" height="5" />
      <line class="median" x1={`${p50}%`} x2={`${p50}%`} y1="0" y2="7" />
    </g>
  );
}

export function bandWords(model: Model, outcome: Measured, band: Band): string {
  const told = (x: number | null | undefined) => value(model, outcome, x, 3);
  return `5 % ${told(band[1])}, median ${told(band[3])}, 95 % ${told(band[5])}`;
}
