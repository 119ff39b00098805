// The headers of what the window's own scheme answers, as strict as the web host's. Shell process; pure.

/**
 * Everything is forbidden but what the page is made of. `svelte-trusted-html` is the policy under which Svelte's compiled templates make elements;
 * no other script may turn text into markup.
 */
export const windowPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types svelte-trusted-html',
].join('; ');

/** Of every answer. */
export const windowHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': windowPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** Of a photo's bytes, which are another person's: opened by themselves they may do nothing at all. */
export const photoPolicy = "default-src 'none'; sandbox";
