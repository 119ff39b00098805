// The headers that keep other sites, and scripts that are not ours, away from what the web host answers. Web host; pure.

/**
 * Everything is forbidden but what the page is made of. `svelte-trusted-html` is the policy under which Svelte's compiled templates make elements;
 * no other script may turn text into markup.
 */
export const contentSecurityPolicy = [
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
export const commonHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), midi=(), payment=()',
};

/** Of a photo's bytes, which are another person's: opened by themselves they may do nothing at all. */
export const mediaPolicy = "default-src 'none'; sandbox";
