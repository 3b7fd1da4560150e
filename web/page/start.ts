// The only script of the page that stands in it as it is: it inflates the page's own and runs it (compose.mjs).
import { decode } from './coded.mjs';

async function start(): Promise<void> {
  const packed = decode(document.getElementById('script')!.textContent!);
  const script = document.createElement('script');
  script.textContent = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();
  document.head.append(script);
}

start().catch((error) => {
  document.getElementById('page')!.textContent = `The page can't be shown: ${error.message}`;
});
