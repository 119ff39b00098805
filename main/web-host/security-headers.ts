// The headers that keep other sites, and scripts that are not ours, away from what the web host answers: the window's, and what only browsers need. Web host; pure.
import { windowHeaders } from '../platform/window-headers.ts';

/** Of every answer. */
export const commonHeaders: Readonly<Record<string, string>> = {
  ...windowHeaders,
  'x-frame-options': 'DENY',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), midi=(), payment=()',
};
