// Makes the page out of its parts: compose.mjs BUNDLE ENGINE.wasm PAGE.html. Everything is inline. The
// security policy admits the one script by its hash, WebAssembly, and workers made of blobs; nothing
// can be fetched, framed, or sent anywhere. The script runs before the engine, compressed, is read: numbers
// that the page has are shown first. The program replaces @TITLE@ and @DATA@ (src/lab/page.c).
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';

const [bundle, engine, page] = process.argv.slice(2);
const style = readFileSync(`${bundle}/${readdirSync(bundle).find((f) => f.endsWith('.css'))}`, 'utf8');
const script = readFileSync(`${bundle}/page.js`, 'utf8').replaceAll('</script', '<\\/script');
if (script.includes('@DATA@') || style.includes('@DATA@')) throw new Error('a mark stands in the bundle');
const hash = createHash('sha256').update(script).digest('base64');
const policy = [
  "default-src 'none'",
  `script-src 'sha256-${hash}' 'wasm-unsafe-eval'`,
  "style-src 'unsafe-inline'", // charts set their own styles; a style can't reach anything here
  'worker-src blob:',
  'img-src data:', // a picture that is saved is drawn from its own text
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

writeFileSync(page, `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>@TITLE@</title>
<style>${style}</style>
</head>
<body>
<div id="page"><noscript>This page works out its numbers itself, which needs JavaScript.</noscript></div>
<script type="application/json" id="data">@DATA@</script>
<script>${script}</script>
<script type="text/plain" id="engine">${deflateRawSync(readFileSync(engine), { level: 9 }).toString('base64')}</script>
</body>
</html>
`);
