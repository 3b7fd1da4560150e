// The only script of the page that stands in it as it is: it inflates the page's own and runs it (compose.mjs).
import { inflated } from './inflate';

async function start(): Promise<void> {
  const script = document.createElement('script');
  script.textContent = await inflated('script');
  document.head.append(script);
}

start().catch((error) => {
  document.getElementById('page')!.textContent = `The page can't be shown: ${error.message}`;
});
