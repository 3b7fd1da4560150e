// The part of the address after '#': which panel, which policies, which numbers were set. Names are of
// letters, digits and '_', so that nothing in it needs escaping. Whoever made the link may have had
// another page, or have written it by hand: what can't be read is told in `wrong`.

export interface Settings {
  policies: string[];
  set: Map<string, number>;
  panel: string;
}

export function readFragment(hash: string): Settings & { wrong: string[] } {
  const settings = { policies: [] as string[], set: new Map<string, number>(), panel: '', wrong: [] as string[] };
  for (const part of hash.replace(/^#/, '').split('&').filter(Boolean)) {
    const [key, value = ''] = part.split('=', 2);
    if (key === 'policies') settings.policies = value.split(',').filter(Boolean);
    else if (key === 'panel') settings.panel = value;
    else if (key !== 'set') settings.wrong.push(`'${part}' says nothing here`);
    else {
      for (const pair of value.split(',').filter(Boolean)) {
        const [name = '', text = ''] = pair.split(':', 2);
        const number = Number(text);
        if (/^\w+$/.test(name) && text !== '' && Number.isFinite(number)) settings.set.set(name, number);
        else settings.wrong.push(`'${pair}' is not a name with a number`);
      }
    }
  }
  return settings;
}

export function writeFragment(settings: Settings): string {
  const set = [...settings.set].map(([name, value]) => `${name}:${value}`);
  const parts = [`panel=${settings.panel}`, `policies=${settings.policies.join(',')}`];
  if (set.length) parts.push(`set=${set.join(',')}`);
  return `#${parts.join('&')}`;
}
