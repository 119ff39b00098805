// The policy under which the page runs: what a slip in it would open.
import { describe, expect, it } from 'vitest';
import { photoPolicy, windowHeaders, windowPolicy } from '../../../../main/platform/window-headers.ts';

const directives = new Map(
  windowPolicy.split('; ').map((directive): [string, string] => {
    const [name = '', ...values] = directive.split(' ');
    return [name, values.join(' ')];
  }),
);

describe('the policy of the window', () => {
  it('forbids what it does not name, and names our own things only', () => {
    expect(directives.get('default-src')).toBe("'none'");
    for (const name of ['script-src', 'style-src', 'connect-src', 'font-src'])
      expect(directives.get(name)).toBe("'self'");
    expect(directives.get('img-src')).toBe("'self' blob:");
    expect(windowPolicy).not.toMatch(/unsafe|\*|data:|https?:/);
  });

  it('lets no script turn text into markup but the compiled templates', () => {
    expect(directives.get('require-trusted-types-for')).toBe("'script'");
    expect(directives.get('trusted-types')).toBe('svelte-trusted-html');
  });

  it('lets the page neither be framed nor moved nor sent elsewhere', () => {
    for (const name of ['base-uri', 'form-action', 'frame-ancestors']) expect(directives.get(name)).toBe("'none'");
  });

  it('goes with every answer, and lets a photo do nothing at all', () => {
    expect(windowHeaders['content-security-policy']).toBe(windowPolicy);
    expect(windowHeaders['x-content-type-options']).toBe('nosniff');
    expect(photoPolicy).toBe("default-src 'none'; sandbox");
  });
});
