import { html, nothing, type TemplateResult } from 'lit';
import { at, isObject, JsonNumber, numberPattern, Unfinished, write, type Json, type Path } from './json.js';
import type { Form } from './form.js';
import { parse } from './parse.js';
import { sameScalar, type Field } from './schema.js';

export interface Attributes {
  id: string;
  required: boolean;
  invalid: boolean;
  describedBy: string;
}

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.000)?Z$/;
const date = /^\d{4}-\d\d-\d\d$/;
const inputTypes: Record<string, string> = { email: 'email', uri: 'url' };

/** The one control of a simple value. What is left empty is absent. */
export function control(form: Form, path: Path, field: Field, attributes: Attributes): TemplateResult {
  const value = at(form.value, path);
  const set = (json: Json | undefined): void => form.set(path, json);
  switch (field.kind) {
    case 'boolean':
      return choice(['true', 'false'], value === undefined || value === null ? -1 : value === true ? 0 : 1, index => set(index < 0 ? undefined : index === 0), attributes);
    case 'choice':
      return choice(field.values.map(one => (typeof one === 'string' ? one : write(one))), value === undefined || value === null ? -1 : field.values.findIndex(one => sameScalar(one, value)), index => set(field.values[index]), attributes);
    case 'number':
      return input(numberText(value), text => set(text === '' ? undefined : numberPattern.test(text) ? new JsonNumber(text) : new Unfinished(text, 'must be a number, in plain digits')), attributes, 'text', value, 'decimal');
    case 'text':
      return text(field, value, set, attributes);
    default:
      return anything(form, path, value, attributes);
  }
}

function text(field: Field, value: Json | undefined, set: (json: Json | undefined) => void, attributes: Attributes): TemplateResult {
  const shown = typeof value === 'string' ? value : '';
  // What must be there may be empty.
  const kept = attributes.required ? '' : undefined;
  const change = (typed: string): void => set(typed === '' ? kept : typed);
  if (field.format === 'date' && (shown === '' || date.test(shown))) {
    return input(shown, change, attributes, 'date');
  }

  if (field.format === 'date-time' && (shown === '' || dateTime.test(shown))) {
    return input(shown === '' ? '' : localTime(shown), typed => change(typed === '' ? '' : new Date(typed).toISOString()), attributes, 'datetime-local');
  }

  return field.long || shown.includes('\n')
    ? html`<textarea id=${attributes.id} rows="1" class="text" dir="auto" aria-required=${attributes.required} aria-invalid=${attributes.invalid} aria-describedby=${attributes.describedBy || nothing} placeholder=${absent(value)} .value=${shown} @input=${(event: Event) => change(valueOf(event))}></textarea>`
    : input(shown, change, attributes, inputTypes[field.format ?? ''] ?? 'text', value);
}

function input(shown: string, change: (typed: string) => void, { id, required, invalid, describedBy }: Attributes, type: string, value?: Json, mode?: string): TemplateResult {
  return html`<input id=${id} type=${type} step=${type === 'datetime-local' ? 1 : nothing} dir=${type === 'text' ? 'auto' : nothing} inputmode=${mode ?? nothing} autocomplete="off" spellcheck="false" aria-required=${required} aria-invalid=${invalid} aria-describedby=${describedBy || nothing} placeholder=${absent(value)} .value=${shown} @input=${(event: Event) => change(valueOf(event))}>`;
}

function choice(words: readonly string[], chosen: number, choose: (index: number) => void, { id, required, invalid, describedBy }: Attributes): TemplateResult {
  return html`<select id=${id} aria-required=${required} aria-invalid=${invalid} aria-describedby=${describedBy || nothing} @change=${(event: Event) => choose(Number(valueOf(event)))}>
    <option value="-1" ?selected=${chosen < 0}>${required ? 'Choose …' : '–'}</option>
    ${words.map((word, index) => html`<option value=${index} ?selected=${index === chosen}>${word}</option>`)}
  </select>`;
}

/** Any JSON. As long as it stands for the value, the text stays as it was typed. */
function anything(form: Form, path: Path, value: Json | undefined, { id, required, invalid, describedBy }: Attributes): TemplateResult {
  const typed = form.typed.get(id);
  const shown = typed && typed.value === value ? typed.text : value === undefined ? '' : write(value);
  return html`<textarea id=${id} rows=${isObject(value) ? 4 : 1} class="text mono" spellcheck="false" aria-required=${required} aria-invalid=${invalid} aria-describedby=${describedBy || nothing} placeholder="Any JSON: 5, &quot;text&quot;, {…}" .value=${shown} @input=${(event: Event) => {
    const json = read(valueOf(event));
    form.typed.set(id, { value: json, text: valueOf(event) });
    form.set(path, json);
  }}></textarea>`;
}

function read(text: string): Json | undefined {
  try {
    return text.trim() === '' ? undefined : parse(text);
  } catch (error) {
    return new Unfinished(text, (error as Error).message);
  }
}

/** What stands for nothing that can be seen. */
const absent = (value: Json | undefined): string => (value === null ? 'null' : '');
const valueOf = (event: Event): string => (event.target as HTMLInputElement).value;
const numberText = (value: Json | undefined): string => (value instanceof JsonNumber || value instanceof Unfinished ? value.text : '');

function localTime(utc: string): string {
  const time = new Date(utc);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
