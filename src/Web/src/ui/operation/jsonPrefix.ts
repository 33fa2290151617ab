/**
 * Makes whole what was cut off: the JSON of everything that is complete in the beginning of a text. Undefined when nothing is, as in one
 * long string.
 */
export function closeJson(text: string): string | undefined {
  const open: string[] = [];
  let safe = -1;
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (character === '"') {
      index = endOfString(text, index);
    } else if (character === '{' || character === '[') {
      open.push(character === '{' ? '}' : ']');
      safe = index + 1;
    } else if (character === '}' || character === ']') {
      open.pop();
      safe = index + 1;
    } else if (character === ',') {
      safe = index;
    }
  }

  return safe < 0 ? undefined : text.slice(0, safe) + open.reverse().join('');
}

function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    if (text[index] === '\\') {
      index++;
    } else if (text[index] === '"') {
      return index;
    }
  }

  return text.length;
}
