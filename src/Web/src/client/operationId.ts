/** Crockford's base 32: no letter that is taken for a digit. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Makes an id like the server's own: 48 bits of time, then 80 random bits. Ids sort by time of creation and cannot be guessed. */
export function newOperationId(now = Date.now()): string {
  let time = '';
  for (let rest = now, digit = 0; digit < 10; digit++, rest = Math.floor(rest / 32)) {
    time = alphabet[rest % 32] + time;
  }

  return time + Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => alphabet[byte % 32]).join('');
}
