import { pathOf, type Call } from './call.js';

/** The same request as a command for a POSIX shell. A file, which no command can hold, is named. */
export function curl(call: Omit<Call<unknown>, 'read'>, origin: string, file?: { name: string; type: string }): string {
  const words = ['curl', '-sS'];
  if (call.method !== 'GET') {
    words.push('-X', call.method);
  }

  words.push(quote(origin + pathOf(call)));
  for (const [name, value] of Object.entries(call.headers ?? {})) {
    words.push('-H', quote(`${name}: ${value}`));
  }

  if (file) {
    words.push('-H', quote(`Content-Type: ${file.type}`), '--data-binary', quote(`@${file.name}`));
  } else if (call.json !== undefined || call.text !== undefined) {
    words.push('-H', quote('Content-Type: application/json'), '-d', quote(call.text ?? JSON.stringify(call.json)));
  }

  return words.join(' ');
}

/** Within single quotes the shell reads nothing but the quote itself. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
