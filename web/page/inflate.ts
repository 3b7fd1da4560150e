// What stands in the page compressed so that browsers inflate it by themselves: what the first numbers wait for.
import { decode } from './coded.mjs';

export function inflated(id: string): Promise<string> {
  const packed = decode(document.getElementById(id)!.textContent!);
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();
}
