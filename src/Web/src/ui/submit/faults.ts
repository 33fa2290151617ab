import type { Problem } from '../../client/index.js';
import { optionNamed } from './options.js';

/** Something that is wrong. */
export interface Fault {
  /** Of the control that is to be put right, where there is one. */
  id: string | undefined;
  place: string;
  detail: string;
}

/**
 * The faults that a refusal tells, each at the innermost control around it, in the order of the controls.
 * @param controls Their ids, from the top of the page down.
 */
export function faultsOf(problem: Problem, controls: ReadonlySet<string>): Fault[] {
  if (problem.status === 409) {
    return [{ id: 'options/id', place: 'id', detail: problem.detail ?? 'is taken by another operation' }];
  }

  if (problem.status !== 400) {
    return [];
  }

  if (!problem.errors?.length) {
    const option = optionNamed(problem.detail ?? '');
    return option === undefined ? [] : [{ id: `options/${option}`, place: option, detail: problem.detail ?? '' }];
  }

  const order = [...controls];
  const place = ({ id }: Fault): number => (id !== undefined && order.includes(id) ? order.indexOf(id) : order.length);
  return problem.errors.map(({ pointer, detail }) => {
    const id = pointer === '/webhook' && !controls.has('input/webhook') ? 'options/webhook' : innermost(`input${pointer}`, controls);
    const rest = id === undefined ? '' : pointer.slice(id.length - 'input'.length);
    const name = pointer.slice(1).split('/').map(part => part.replaceAll('~1', '/').replaceAll('~0', '~')).join(' / ');
    return { id, place: name || 'The input', detail: id?.startsWith('input') && rest ? `${rest} ${detail}` : detail };
  }).sort((a, b) => place(a) - place(b));
}

function innermost(id: string, controls: ReadonlySet<string>): string | undefined {
  for (let at = id; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    if (controls.has(at)) {
      return at;
    }
  }

  return undefined;
}
