// Whether an outcome speaks for one policy. With a study, and nothing moved, the engine's answer decides
// (src/lab/answer.c has its three tests). Of what it doesn't speak of the study decides: the policy that is best in more
// than half of the worlds, if its median is also better than any other by more than a hair. Else the
// numbers set decide, for the policies that are solved, by the same threshold. What is within it is no
// difference to speak of, so nothing is best.
import type { AnsweredOutcome } from '../engine/answers';
import type { Study, StudyOutcome } from './data';
import type { Lab } from './lab';
import { writtenOf } from './said';

const HAIR = 0.01; // of the larger of the two numbers
const MOST = 0.5; // of the worlds

export interface Verdict {
  best: number | null; // the policy, where one is clearly best
  first: number | null; // the one that comes first, clearly or not
  share: number | null; // of the study's worlds in which it does
}

const NONE: Verdict = { best: null, first: null, share: null };

/** The study, where it speaks of what is shown: of this text. */
export function studyOf(lab: Lab): Study | null {
  const { study } = lab.data;
  return study && lab.text === lab.data.text ? study : null;
}

/** What the study says of an outcome that has a direction. */
export function foundOf(lab: Lab, outcome: number): StudyOutcome | null {
  return studyOf(lab)?.outcomes.find((o) => o.outcome === outcome) ?? null;
}

/** Whether two numbers differ by more than a hair. */
export const apart = (a: number, b: number) => Math.abs(a - b) > HAIR * Math.max(Math.abs(a), Math.abs(b));

function byStudy(study: Study, found: StudyOutcome, direction: number): Verdict {
  const shares = found.policies.map((p) => p.best ?? 0);
  const bands = study.bands[found.outcome]!;
  const first = shares.indexOf(Math.max(...shares));
  const medians = bands.flatMap((band, at) => (band[3] === null || band[3] === undefined ? [] : [{ at, worth: direction * band[3] }]));
  const own = medians.find(({ at }) => at === first)?.worth;
  const next = Math.max(...medians.filter(({ at }) => at !== first).map(({ worth }) => worth));
  const policy = study.policies[first]!;
  const share = shares[first]!;
  const clear = shares.length > 1 && share > MOST && own !== undefined && own > next && apart(own, next);
  return { best: clear ? policy : null, first: policy, share };
}

/** Of policies with these numbers, at the numbers set. */
export function byNumbers(numbers: { policy: number; number: number }[], direction: number): Verdict {
  if (!direction || numbers.length < 2) return NONE;
  const [top, next] = [...numbers].sort((a, b) => direction * (b.number - a.number));
  return { best: apart(top!.number, next!.number) ? top!.policy : null, first: top!.policy, share: null };
}

/** What the program wrote of a headline outcome; null once a number is moved or the text edited. */
function saidOf(lab: Lab, outcome: number): AnsweredOutcome | null {
  return writtenOf(lab)?.outcomes.find((o) => o.outcome === outcome) ?? null;
}

export function verdictOf(lab: Lab, outcome: number, numbers: { policy: number; number: number }[]): Verdict {
  const { direction } = lab.model.outcomes[outcome]!;
  const study = studyOf(lab);
  const found = foundOf(lab, outcome);
  const said = study && saidOf(lab, outcome);
  if (said && said.best >= 0) return { best: said.lead === 'clear' ? said.best : null, first: said.best, share: said.share };
  if (study && found && direction && lab.world === lab.base) return byStudy(study, found, direction);
  return byNumbers(numbers, direction);
}
