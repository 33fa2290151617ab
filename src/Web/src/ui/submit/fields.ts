import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { icon } from '../components/icons.js';
import { control } from './controls.js';
import { at, isList, isObject, pointerOf, Unfinished, type Path } from './json.js';
import type { Form } from './form.js';
import { fieldOf, fits, initial, type Field, type Schema } from './schema.js';

/** The controls for what a schema says of the value at a path. */
export function field(form: Form, path: Path, schema: Schema, label: string, required: boolean, remove?: () => void): TemplateResult {
  const described = fieldOf(schema, form.schema);
  const value = at(form.value, path);
  const shown = fits(described, value) ? described : { ...described, kind: 'any' as const };
  const title = described.title ?? label;
  return shown.kind === 'object' || shown.kind === 'list' ? group(form, path, shown, schema, title, required, remove) : simple(form, path, shown, title, required, remove);
}

/** All members of the object that a form is about, without a frame. */
export function members(form: Form, path: Path, described: Field): TemplateResult {
  const value = at(form.value, path);
  const named = new Set(described.members.map(({ name }) => name));
  const extra = isObject(value) ? [...value.keys()].filter(name => !named.has(name)) : [];
  return html`
    ${described.members.map(({ name, schema, required }) => field(form, [...path, name], schema, name, required))}
    ${extra.map(name => field(form, [...path, name], described.others ?? true, name, true, () => form.set([...path, name], undefined)))}
    ${described.others === undefined ? nothing : adder(form, path, described.others)}`;
}

function simple(form: Form, path: Path, described: Field, label: string, required: boolean, remove: (() => void) | undefined): TemplateResult {
  const pointer = pointerOf(path);
  const id = form.prefix + pointer;
  const value = at(form.value, path);
  const faults = value instanceof Unfinished && form.checked ? [value.fault] : form.faults.get(pointer) ?? [];
  const hint = described.hint ? `${id}-hint` : '';
  return html`
    <div class="field" data-pointer=${id}>
      <div class="name"><label for=${id} class="label" dir="auto">${label}</label>${required && !remove ? html`<span class="needed">required</span>` : nothing}${remover(label, remove)}</div>
      ${control(form, path, described, { id, required, invalid: faults.length > 0, describedBy: `${faults.length > 0 ? `${id}-fault ` : ''}${hint}`.trim() })}
      ${faults.length > 0 ? html`<p class="fault" id="${id}-fault">${icon('failed')}<span dir="auto">${faults.join('; ')}</span></p>` : nothing}
      ${hint ? html`<p class="hint" id=${hint} dir="auto">${described.hint}</p>` : nothing}
    </div>`;
}

function group(form: Form, path: Path, described: Field, schema: Schema, label: string, required: boolean, remove: (() => void) | undefined): TemplateResult {
  const pointer = pointerOf(path);
  const id = form.prefix + pointer;
  const value = at(form.value, path);
  const faults = form.faults.get(pointer) ?? [];
  const absent = value === undefined || value === null;
  const clear = remove ?? (required || absent ? undefined : () => form.set(path, undefined));
  return html`
    <fieldset data-pointer=${id} aria-describedby=${faults.length > 0 ? `${id}-fault` : nothing}>
      <legend><span dir="auto">${label}</span>${required && !remove ? html`<span class="needed">required</span>` : nothing}${remover(label, clear)}</legend>
      ${faults.length > 0 ? html`<p class="fault" id="${id}-fault">${icon('failed')}<span dir="auto">${faults.join('; ')}</span></p>` : nothing}
      ${described.hint ? html`<p class="hint" dir="auto">${described.hint}</p>` : nothing}
      ${absent && described.members.length > 0
        ? html`<div><button type="button" class="small" @click=${() => form.set(path, initial(schema, form.schema, true) ?? new Map())}>Add ${label}</button></div>`
        : described.kind === 'list' ? items(form, path, described, label) : members(form, path, described)}
    </fieldset>`;
}

function items(form: Form, path: Path, { items: schema }: Field, label: string): TemplateResult {
  const value = at(form.value, path);
  const list = isList(value) ? value : [];
  const empty = initial(schema, form.schema, true) ?? (fieldOf(schema, form.schema).kind === 'text' ? '' : null);
  return html`
    ${list.map((_, index) => field(form, [...path, String(index)], schema, `${label} ${index + 1}`, true, () => form.set([...path, String(index)], undefined)))}
    <div><button type="button" class="small" @click=${() => form.set(path, [...list, empty])}>Add to ${label}</button></div>`;
}

/** Makes members that the schema does not name. */
function adder(form: Form, path: Path, schema: Schema): TemplateResult {
  const id = `${form.prefix}${pointerOf(path)}+`;
  const add = (input: HTMLInputElement | null): void => {
    const name = input?.value.trim() ?? '';
    if (name !== '' && at(form.value, [...path, name]) === undefined) {
      form.set([...path, name], initial(schema, form.schema, true) ?? (fieldOf(schema, form.schema).kind === 'text' ? '' : null));
      form.focus([...path, name]);
    }
  };
  const inputOf = (event: Event): HTMLInputElement | null => (event.currentTarget as HTMLElement).closest('.adder')!.querySelector('input');
  return html`
    <div class="adder">
      <input id=${id} aria-label="Name of another" placeholder="Name" .value=${live('')} autocomplete="off" spellcheck="false" @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
          event.preventDefault();
          add(inputOf(event));
        }
      }}>
      <button type="button" @click=${(event: Event) => add(inputOf(event))}>Add</button>
    </div>`;
}

const remover = (label: string, remove: (() => void) | undefined): TemplateResult | typeof nothing =>
  remove ? html`<button type="button" class="small plain icon-only remove" aria-label="Remove ${label}" title="Remove ${label}" @click=${remove}>${icon('close')}</button>` : nothing;
