import { html, type TemplateResult } from 'lit';
import type { DeliveryState, Subscription } from '../api/shapes.js';
import { icon, type IconName } from '../components/icons.js';

type Look = readonly [icon: IconName, tone: '' | 'good' | 'bad' | 'waits', word: string];

export const deliveryLooks: Record<DeliveryState, Look> = {
  pending: ['queued', 'waits', 'Pending'],
  delivered: ['succeeded', 'good', 'Delivered'],
  dead: ['failed', 'bad', 'Dead'],
  refused: ['canceled', 'bad', 'Refused'],
};

export const subscriptionLooks: Record<Subscription['state'], Look> = {
  active: ['succeeded', 'good', 'Active'],
  paused: ['paused', 'waits', 'Paused'],
  disabled: ['failed', 'bad', 'Switched off'],
};

/** Shape, colour and word. */
export const badge = ([shape, tone, word]: Look): TemplateResult => html`<span class="badge ${tone}">${icon(shape)}${word}</span>`;
