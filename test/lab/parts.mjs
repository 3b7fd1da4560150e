// What stands compressed in a page, read by another program than the page: its bytes.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { decode } from '../../web/page/coded.mjs';

export function partOf(file, id) {
  const coded = new RegExp(`<script type="text/plain" id="${id}">([^<]*)<`).exec(readFileSync(file, 'utf8'))[1];
  return execFileSync('xz', ['--format=lzma', '--decompress', '--stdout'], { input: decode(coded), maxBuffer: 1 << 26 });
}
