// What stands compressed in a page, read by another program than the page: its bytes.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { decode } from '../../web/page/coded.mjs';

const coded = (file, id) => new RegExp(`<script [^>]*id="${id}">([^<]*)<`).exec(readFileSync(file, 'utf8'))[1];

export function partOf(file, id) {
  return execFileSync('xz', ['--format=lzma', '--decompress', '--stdout'], { input: decode(coded(file, id)), maxBuffer: 1 << 26 });
}

/** What the program wrote into a page, as the page has it. */
export function dataOf(file) {
  return { ...JSON.parse(coded(file, 'data')), model: JSON.parse(inflateRawSync(decode(coded(file, 'model')))) };
}
