// The model's text with its words marked by kind, as lines of pieces.

export interface Piece {
  text: string;
  kind: '' | 'comment' | 'string' | 'number' | 'keyword' | 'declared';
}

const KEYWORDS = new Set(
  ('model question group period from horizon lookahead forever source actor discount rationality unit param in cite judgement correlate let ' +
    'state bool private beliefs belief role hidden stage chance if else when branch with pay payoff end outcome minimise maximise headline ever first count ' +
    'last mean total lever use policy team weights forbid force set start expect under tour step show and or not yes no none now').split(' '),
);
const WORD = /(#.*)|("[^"]*"?)|(\b\d{4}[YHQMW]\d*\b|\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?%?)|([A-Za-z_]\w*)/g;

export function highlight(line: string, declared: Set<string>): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const found of line.matchAll(WORD)) {
    if (found.index > done) pieces.push({ text: line.slice(done, found.index), kind: '' });
    const [text, comment, string, number] = found;
    const name = KEYWORDS.has(text) ? 'keyword' : declared.has(text) ? 'declared' : '';
    pieces.push({ text, kind: comment ? 'comment' : string ? 'string' : number ? 'number' : name });
    done = found.index + text.length;
  }
  if (done < line.length) pieces.push({ text: line.slice(done), kind: '' });
  return pieces;
}
