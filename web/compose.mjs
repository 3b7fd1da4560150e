// Makes the page out of its parts: compose.mjs BUNDLE ENGINE.wasm PAGE.html. Everything is inline and compressed: the page's script
// so that browsers inflate it by themselves, as what is seen first waits for it; engine, charts and editor, which are read later, by LZMA
// (page/lzma.ts). Bytes stand in the page as page/coded.mjs writes them. The security policy admits by their hashes the page's scripts and the few
// lines that inflate the first, WebAssembly, and workers made of blobs; nothing can be fetched, framed,
// or sent anywhere. The script runs before the engine is read: numbers that the page has are shown first. What draws charts, and the
// editor, are read when they are needed. The program replaces @TITLE@, @DATA@ and @MODEL@ (src/lab/page.c).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { encode } from './page/coded.mjs';

const [bundle, engine, page] = process.argv.slice(2);
const [start, script, charts, editor] = ['start', 'page', 'charts', 'editor'].map((name) => readFileSync(`${bundle}/${name}.js`, 'utf8'));
const deflated = (bytes) => encode(deflateRawSync(bytes, { level: 9 }));
/** As page/lzma.ts reads it: with its length, which xz doesn't know when it begins to write. */
const packed = (bytes) => {
  const most = { input: bytes, maxBuffer: 1 << 26 };
  const lzma = execFileSync('xz', ['--format=lzma', '--lzma1=preset=9e,lc=3,lp=0,pb=0', '--stdout'], most);
  lzma.writeBigUInt64LE(BigInt(bytes.length), 5);
  return encode(lzma);
};
const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const policy = [
  "default-src 'none'",
  `script-src ${hashOf(start)} ${hashOf(script)} ${hashOf(charts)} ${hashOf(editor)} 'wasm-unsafe-eval'`,
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
</head>
<body>
<div id="page"><noscript>This page works out its numbers itself, which needs JavaScript.</noscript></div>
<script type="application/json" id="data">@DATA@</script>
<script type="text/plain" id="model">@MODEL@</script>
<script type="text/plain" id="script">${deflated(script)}</script>
<script>${start}</script>
<script type="text/plain" id="engine">${packed(readFileSync(engine))}</script>
<script type="text/plain" id="charts">${packed(Buffer.from(charts))}</script>
<script type="text/plain" id="editor">${packed(Buffer.from(editor))}</script>
</body>
</html>
`);
