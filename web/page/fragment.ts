// The part of the address after '#': which panel, which policies, which numbers were set. Names are of
// letters, digits and '_', so that nothing in it needs escaping.

export interface Settings {
  policies: string[];
  set: Record<string, number>;
  panel: string;
}

export function readFragment(hash: string): Settings {
  const settings: Settings = { policies: [], set: {}, panel: '' };
  for (const part of hash.replace(/^#/, '').split('&')) {
    const [key, value = ''] = part.split('=', 2);
    if (key === 'policies') settings.policies = value.split(',').filter(Boolean);
    if (key === 'panel') settings.panel = value;
    if (key === 'set') {
      for (const pair of value.split(',')) {
        const [name = '', text = ''] = pair.split(':', 2);
        const number = Number(text);
        if (/^\w+$/.test(name) && text !== '' && Number.isFinite(number)) settings.set[name] = number;
      }
    }
  }
  return settings;
}

export function writeFragment(settings: Settings): string {
  const set = Object.entries(settings.set).map(([name, value]) => `${name}:${value}`);
  const parts = [`panel=${settings.panel}`, `policies=${settings.policies.join(',')}`];
  if (set.length) parts.push(`set=${set.join(',')}`);
  return `#${parts.join('&')}`;
}
