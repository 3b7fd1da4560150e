// The hash of a text.
import { useEffect, useState } from 'preact/hooks';

/** SHA-256 as `sha256sum` prints it; '' where the browser doesn't offer it. */
export async function hashOf(text: string): Promise<string> {
  const bytes = await crypto.subtle?.digest('SHA-256', new TextEncoder().encode(text));
  return bytes ? [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, '0')).join('') : '';
}

/** The same in what is drawn: '' until it is there. */
export function useHash(text: string): string {
  const [hash, setHash] = useState('');
  useEffect(() => {
    void hashOf(text).then(setHash);
  }, [text]);
  return hash;
}
