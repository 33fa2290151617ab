import { newOperationId, type Status } from '../../client/index.js';
import type { Call } from '../api/call.js';
import { submitOperation } from '../api/operations.js';
import type { OperationType } from '../api/shapes.js';
import type { Json } from './json.js';
import { readOptions } from './options.js';

/** A request that is ready to go. */
export interface Submission {
  call: Call<Status>;
  content: Blob | string;
  contentType: string;
  /** For a curl command, which can only name the file. */
  file?: { name: string; type: string };
}

export const takesJson = ({ mediaTypes }: OperationType): boolean => mediaTypes.some(type => type === '*/*' || type === 'application/*' || /[/+]json$/.test(type));
export const fileTypes = ({ mediaTypes }: OperationType): string[] => mediaTypes.filter(type => !/[/+]json$/.test(type));

/** What the file is sent as: what it says it is, if the type takes that; else, since systems differ in what they call a CSV file, what the type takes first. */
export function mediaTypeOf(file: Blob, accepted: readonly string[]): string {
  const own = file.type.split(';')[0]!;
  const fits = own !== '' && accepted.some(type => type === own || (type.endsWith('/*') && own.startsWith(type.slice(0, -1))) || type === '*/*');
  return fits ? file.type : accepted.find(type => !type.includes('*')) ?? 'application/octet-stream';
}

/**
 * Names submissions. The same again, after its answer was lost, goes under the same id, so that it starts once; once something has been
 * changed after a try, it is another operation.
 */
export class Naming {
  #id = newOperationId();
  #tried: readonly unknown[] | undefined;

  idFor(...what: readonly unknown[]): string {
    if (this.#tried && !same(this.#tried, what)) {
      this.#id = newOperationId();
      this.#tried = undefined;
    }

    return this.#id;
  }

  tried(...what: readonly unknown[]): void {
    this.#tried = what;
  }
}

const same = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length && a.every((one, index) => one === b[index]);

export function submissionOf(type: OperationType, options: Json | undefined, content: File | string, naming: Naming): Submission {
  const { id: own, query } = readOptions(options);
  const id = own ?? naming.idFor(type.name, query.toString(), content);
  if (typeof content === 'string') {
    return { call: submitOperation({ type: type.name, id }, query, content), content, contentType: 'application/json' };
  }

  const contentType = mediaTypeOf(content, fileTypes(type));
  return { call: submitOperation({ type: type.name, id }, query), content, contentType, file: { name: content.name, type: contentType } };
}
