import { nothing, type ElementPart } from 'lit';
import { Directive, directive, type DirectiveResult } from 'lit/directive.js';

class Vars extends Directive {
  override update(part: ElementPart, [values]: [Record<string, string | number>]): typeof nothing {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(values)) {
      const text = String(value);
      if (style.getPropertyValue(name) !== text) {
        style.setProperty(name, text);
      }
    }

    return nothing;
  }

  render(_: Record<string, string | number>): typeof nothing {
    return nothing;
  }
}

/**
 * Sets CSS properties: <div ${vars({ '--value': 40, width: '3em' })}>. The attribute style, and Lit's styleMap, which writes it first,
 * would be refused by the content security policy; the object model is not.
 */
export const vars: (values: Record<string, string | number>) => DirectiveResult = directive(Vars);
