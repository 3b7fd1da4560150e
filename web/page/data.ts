// What the program wrote into the page: the model's text and what was asked to be shown first.
import type { Solution } from '../engine/answers';

export interface Data {
  file: string; // the model's file name
  text: string;
  policies: string[]; // shown first
  set: Record<string, number>; // of --set: part of the base case
  base: Record<string, Solution>; // solved already, in the base case
  coverage: string; // a table of what the sources say and where the model has it, or ''
}

const element = (id: string): string => document.getElementById(id)?.textContent ?? '';

export function readData(): Data {
  return JSON.parse(element('data')) as Data;
}

export function readEngine(): WebAssembly.Module {
  const bytes = Uint8Array.from(atob(element('engine').trim()), (c) => c.charCodeAt(0));
  return new WebAssembly.Module(bytes);
}
