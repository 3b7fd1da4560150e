// The hash of the text that is solved.
import { useEffect, useState } from 'preact/hooks';

/** SHA-256 as `sha256sum` prints it; '' where the browser doesn't offer it. */
export function useHash(text: string): string {
  const [hash, setHash] = useState('');
  useEffect(() => {
    void crypto.subtle?.digest('SHA-256', new TextEncoder().encode(text)).then((bytes) =>
      setHash([...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, '0')).join('')),
    );
  }, [text]);
  return hash;
}
