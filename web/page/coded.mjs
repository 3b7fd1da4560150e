// Bytes as text that can stand in a page: seven bits a character, where base64 has six of each eight. Seven bits in
// turn are one of the characters below 128; five of these can't be trusted to come back. Each of them and the seven
// bits after it are one character from U+0100 on, which takes two bytes: text is 8/7 of the bytes, whatever they are.
// (Cf. base-122, K. Albertson 2016.) Invariant: decode(encode(bytes)) is bytes.

/** NUL and CR, which reading a page changes, SUB and ESC, which ends a text or means something to a terminal, and <. */
const NEVER = '\0\r\x1a\x1b<';
const FIRST = 256;
const LAST = NEVER.length << 7; // from FIRST on: after it nothing follows

/** @param {Uint8Array} bytes @returns {string} */
export function encode(bytes) {
  let text = '';
  let never = -1; // one that waits for those after it
  const put = (/** @type {number} */ seven) => {
    const character = String.fromCharCode(seven);
    if (never >= 0) {
      text += String.fromCharCode(FIRST + ((never << 7) | seven));
      never = -1;
    } else if (NEVER.includes(character)) never = NEVER.indexOf(character);
    else text += character;
  };
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 7; ) put((held >> (bits -= 7)) & 127);
  }
  if (bits) put((held << (7 - bits)) & 127);
  return never < 0 ? text : text + String.fromCharCode(FIRST + LAST + never);
}

/** @param {string} text by encode @returns {Uint8Array} */
export function decode(text) {
  const bytes = new Uint8Array(2 * text.length);
  let length = 0;
  let held = 0;
  let bits = 0;
  const take = (/** @type {number} */ seven) => {
    held = (held << 7) | seven;
    bits += 7;
    if (bits >= 8) bytes[length++] = held >> (bits -= 8);
  };
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    const two = character - FIRST;
    if (two < 0) take(character);
    else if (two >= LAST) take(NEVER.charCodeAt(two - LAST));
    else {
      take(NEVER.charCodeAt(two >> 7));
      take(two & 127);
    }
  }
  return bytes.subarray(0, length);
}
