// The script of all workers of the page, which is bundled by itself and stands in the page's script as a text; what
// a worker does goes by its name.
import { answerBy } from './call';
import { answer as contrast } from './contrast_worker';
import { answer as levers } from './levers_worker';
import { answer as engine } from './worker';

const WORK = { contrast, levers, engine };

export type Work = keyof typeof WORK;

answerBy(WORK[self.name as Work] as (question: unknown) => unknown);
