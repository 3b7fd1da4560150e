// What the reader's browser keeps of an edited text, so that it is there again when the page is: by the
// hash of the text that the page was made with, in this tab and for tabs to come. A tab's own edit
// goes before one of another tab. The browser may refuse to keep anything; then that is told.

export interface Edit {
  text: string; // the last that was right
  draft: string; // as edited; may be wrong
}

const STORES = [() => sessionStorage, () => localStorage]; // naming one may throw by itself

const keyOf = (hash: string) => `detente ${hash}`;

function read(store: () => Storage, hash: string): Edit | null {
  try {
    const kept = JSON.parse(store().getItem(keyOf(hash)) ?? 'null') as Partial<Edit> | null;
    const { text, draft } = kept ?? {};
    return typeof text === 'string' && typeof draft === 'string' ? { text, draft } : null;
  } catch {
    return null;
  }
}

export function readEdit(hash: string): Edit | null {
  if (!hash) return null;
  return STORES.map((store) => read(store, hash)).find((edit) => edit !== null) ?? null;
}

/** Keeps an edit in the place of the one before; null: none. False if it can't be kept. */
export function keepEdit(hash: string, edit: Edit | null): boolean {
  if (!hash) return false;
  const done = STORES.map((store) => {
    try {
      if (edit) store().setItem(keyOf(hash), JSON.stringify(edit));
      else store().removeItem(keyOf(hash));
      return true;
    } catch {
      return false; // refused, or full
    }
  });
  return done.some(Boolean);
}
