// Makes the page out of its parts: compose.mjs BUNDLE ENGINE.wasm PAGE.html. Everything is inline, script and
// engine compressed, as both together are most of the page. The security policy admits by their hashes the
// script, the few lines that inflate it and the editor, WebAssembly, and workers made of blobs; nothing can be fetched, framed,
// or sent anywhere. The script runs before the engine is read: numbers that the page has are shown first. The editor
// is a script that is read when the reader opens it (page/editing.ts). The program replaces @TITLE@ and @DATA@ (src/lab/page.c).
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';

const [bundle, engine, page] = process.argv.slice(2);
const style = readFileSync(`${bundle}/${readdirSync(bundle).find((f) => f.endsWith('.css'))}`, 'utf8');
const script = readFileSync(`${bundle}/page.js`, 'utf8');
const editor = readFileSync(`${bundle}/editor.js`, 'utf8');
if (style.includes('@DATA@')) throw new Error('a mark stands in the bundle');
const packed = (bytes) => deflateRawSync(bytes, { level: 9 }).toString('base64');
const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const inflate = `(async () => {
  const packed = Uint8Array.from(atob(document.getElementById('script').textContent), (c) => c.charCodeAt(0));
  const script = document.createElement('script');
  script.textContent = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();
  document.head.append(script);
})().catch((error) => {
  document.getElementById('page').textContent = "The page can't be shown: " + error.message;
});`;
const policy = [
  "default-src 'none'",
  `script-src ${hashOf(inflate)} ${hashOf(script)} ${hashOf(editor)} 'wasm-unsafe-eval'`,
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
<script type="text/plain" id="script">${packed(script)}</script>
<script>${inflate}</script>
<script type="text/plain" id="engine">${packed(readFileSync(engine))}</script>
<script type="text/plain" id="editor">${packed(editor)}</script>
</body>
</html>
`);
