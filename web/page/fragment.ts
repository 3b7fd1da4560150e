// The part of the address after '#': which panel, which policies, which numbers were set, what was edited, which
// situation is looked at, which chart stands alone, what is put beside. Names are of letters, digits and '_', so that nothing in it needs
// escaping. Whoever made the link may have had another page, or have written it by hand: what can't be
// read is told in `wrong`.
import type { Look } from './settings';

/** Another setting: a name, which may be any text, numbers, the code of its text. */
export interface BesideCode {
  name: string;
  set: ReadonlyMap<string, number>;
  edit: string;
}

export interface Fragment {
  policies: readonly string[];
  set: ReadonlyMap<string, number>;
  panel: string;
  edit: string; // the code of an edited text, '' if there is none
  look: Look | null;
  embed: string; // the chart that stands alone, '' if none does
  beside: BesideCode | null;
}

const NAME = /^\w+$/;
const CHART = /^[\w-]+$/;
const CODE = /^[\w-]*\.[\w-]+$/;
const MATCH = /^[\w.+-]+$/;
const MOST_PERIOD = 1e6;

const numbersOf = (text: string): number[] | null => {
  const numbers = text.split(',').map((part) => (part === '' ? NaN : Number(part)));
  return numbers.every(Number.isFinite) ? numbers : null;
};

/** "as_is:3:talks:0,2,1:0.5,0.5": policy, period from 1, stage, a number for each slot, what is believed. The last two may be missing. */
function lookOf(text: string): Look | null {
  const [policy = '', period = '', stage = '', slots = '', beliefs = '', ...more] = text.split(':');
  const wanted = slots ? numbersOf(slots) : null;
  const belief = beliefs ? numbersOf(beliefs) : null;
  const at = Number(period);
  if (more.length || !NAME.test(policy) || !(stage === '' || NAME.test(stage)) || !Number.isInteger(at) || at < 1 || at > MOST_PERIOD) return null;
  if ((slots && !wanted?.every((x) => Number.isInteger(x))) || (beliefs && !belief)) return null;
  return { policy, period: at - 1, stage, wanted, belief };
}

const lookText = ({ policy, period, stage, wanted, belief }: Look) => [policy, period + 1, stage, wanted?.join(',') ?? '', belief?.join(',') ?? ''].join(':').replace(/:+$/, '');

const PLAIN = /^[\w-]*$/;

/** Any text in letters, digits, '-' and '_'. */
function packed(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Null if it is none. */
function unpacked(code: string): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(atob(code.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0)));
  } catch {
    return null;
  }
}

/** Without the escapes that a mail program may have put in. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `match`: the code of the one that a link invites to, '' if it does to none. */
export function readFragment(hash: string): Fragment & { match: string; wrong: string[] } {
  const set = new Map<string, number>();
  const beside = { name: '', set: new Map<string, number>(), edit: '' };
  const found = { policies: [] as string[], set, panel: '', edit: '', look: null as Look | null, embed: '', beside: null as BesideCode | null, match: '', wrong: [] as string[] };
  const takeNumbers = (to: Map<string, number>, value: string) => {
    for (const pair of value.split(',').filter(Boolean)) {
      const [name = '', text = ''] = pair.split(':', 2);
      const number = Number(text);
      if (NAME.test(name) && text !== '' && Number.isFinite(number)) to.set(name, number);
      else found.wrong.push(`'${pair}' is not a name with a number`);
    }
  };
  const take: Record<string, (value: string, part: string) => void> = {
    policies: (value) => (found.policies = value.split(',').filter(Boolean)),
    panel: (value) => (found.panel = value),
    match: (value, part) => {
      if (MATCH.test(value)) found.match = value;
      else found.wrong.push(`'${part}' is no match`);
    },
    set: (value) => takeNumbers(set, value),
    beside: (value) => {
      found.beside = beside;
      takeNumbers(beside.set, value);
    },
    beside_name: (value, part) => {
      const name = PLAIN.test(value) ? unpacked(value) : null;
      if (name === null) found.wrong.push(`'${part}' is no name`);
      else beside.name = name;
    },
    beside_edit: (value) => {
      if (CODE.test(value)) beside.edit = value;
      else found.wrong.push('the edited text of what is put beside is damaged');
    },
    edit: (value) => {
      if (CODE.test(value)) found.edit = value;
      else found.wrong.push('its edited text is damaged');
    },
    at: (value, part) => {
      found.look = lookOf(value);
      if (!found.look) found.wrong.push(`'${part}' is no situation`);
    },
    embed: (value, part) => {
      if (CHART.test(value)) found.embed = value;
      else found.wrong.push(`'${part}' is no chart`);
    },
  };
  for (const part of unescaped(hash.replace(/^#/, '')).split('&').filter(Boolean)) {
    const [key = '', value = ''] = part.split('=', 2);
    if (Object.hasOwn(take, key)) take[key]!(value, part);
    else found.wrong.push(`'${part}' says nothing here`);
  }
  return found;
}

const numbersText = (set: ReadonlyMap<string, number>) => [...set].map(([name, value]) => `${name}:${value}`).join(',');

export function writeFragment({ policies, set, panel, edit, look, embed, beside }: Fragment): string {
  const parts = [`panel=${panel}`, `policies=${policies.join(',')}`];
  if (set.size) parts.push(`set=${numbersText(set)}`);
  if (look) parts.push(`at=${lookText(look)}`);
  if (embed) parts.push(`embed=${embed}`);
  if (beside) {
    parts.push(`beside=${numbersText(beside.set)}`);
    if (beside.name) parts.push(`beside_name=${packed(beside.name)}`);
    if (beside.edit) parts.push(`beside_edit=${beside.edit}`);
  }
  if (edit) parts.push(`edit=${edit}`);
  return `#${parts.join('&')}`;
}
