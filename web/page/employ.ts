// Starts workers (workers.ts).
import script from '../bundle/workers.js?raw';
import type { Work } from './workers';

const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));

export function employ(work: Work): Worker {
  return new Worker(address, { name: work });
}
