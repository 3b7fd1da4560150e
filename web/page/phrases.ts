// What the page says by itself, in one table, so that it can be read through, corrected and translated in
// one place: titles of panels, the words of the glossary, how to read what is drawn. What belongs to a
// model (names, questions, units) comes from the model.

export const PANEL_TITLES: Record<string, string> = {
  answer: 'Answer',
  compare: 'Compare',
  time: 'Over time',
  why: 'Why',
  stages: 'Stages',
  watch: 'Watch',
  play: 'Play',
  robustness: 'Robustness',
  record: 'Record',
  referee: 'Referee',
  assumptions: 'Assumptions',
  certificates: 'Certificates',
};

/** Words that are used in a sense of their own. */
export const GLOSSARY = {
  band: 'From the number that 5 in 100 of the study’s worlds lie below to the one that 5 in 100 lie above.',
  median: 'The number that half of the study’s worlds lie below.',
  world: 'One set of numbers, drawn from the ranges that the model declares; the game is solved anew in each.',
  deep: 'Known only as a range. How often a draw falls where in it says nothing about how likely that is.',
  risk: 'Drawn from a distribution that the model states, so that shares of draws are probabilities.',
  fixed: 'One number, with neither range nor distribution.',
  judgement: 'The author’s own number, without a source.',
  regret: 'What a policy loses in a world against the policy that is best in that world.',
  gap: 'How much a side would gain by playing as well as it can against what everybody else does.',
  rationality: 'How sharply a side picks what is worth more to it: at 0 it chooses blindly, with large numbers it never errs.',
  base: 'The numbers that the model declares, before any was moved here.',
} as const;

export type Term = keyof typeof GLOSSARY;

export const TEXTS = {
  skip: 'To the panel',
  howToRead: 'How to read this',
  reading: [
    'A policy is a way to act that the game is played under. Under each policy every side reconsiders what it does, knowing that the others do too.',
    '“7 in 100” means: if the game were played a hundred times at the numbers set, that happens in about seven. These are not odds about the world; they follow from the assumptions, all of which are under Assumptions.',
    'A study solves the game in many worlds, each with other numbers out of the declared ranges. The long line goes from 5 to 95 in 100 of the worlds, the box holds the middle half, the stroke is the median. The small triangle is the author’s own numbers.',
    'A star stands only where one policy is best in most worlds, and by more than a hair. “No clear best” means that the difference is too small, or that it depends on the numbers which policy is best.',
    'Move a number and everything is worked out again. What belongs to the study stays: it was worked out once.',
  ],
  noStudy: 'At the author’s numbers only: no study of other worlds came with this page. Move the numbers before believing a difference.',
  noOutcomes: 'The model declares no outcomes.',
  noClearBest: 'no clear best',
  never: 'never',
  learned: 'What was learned',
  happened: 'What happened, beside what is said of it',
  fitOfBefore: 'The fit is of the text as it was written; undo the edits to see it.',
  decides: 'What decides',
  look: 'Find the numbers that decide',
  lookAgain: 'Look again',
  lookAtAll: 'Look at all',
  looking: 'Numbers moved to both ends of their range',
  stop: 'Stop',
  nothingTurns: 'none of those tried turns a ranking: these move the outcomes most',
  whatWorks: 'What does the work, and by which number it turns',
  take: 'Take it with you',
  png: 'Picture (PNG)',
  svg: 'Drawing (SVG)',
  csv: 'Numbers (CSV)',
  copy: 'Copy the picture',
  frame: 'Copy a frame (HTML)',
  wholePage: 'The whole page',
  comes: 'The chart is being worked out …',
  noChart: 'If it doesn’t come, this page has no chart of that name.',
  behind: 'The numbers',
  saved: 'saved',
  notSaved: 'the browser did not save it',
  copied: 'copied',
  notCopied: 'the browser did not copy it: save it instead',
  compares: "It compares policies under the assumptions shown; it doesn't predict.",
} as const;
