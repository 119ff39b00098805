// Draws what came true against what was stated, as an SVG file. Pure; runs where evaluation runs.
import type { ReliabilityBin } from './calibration.ts';
import { escapeText } from './html-text.ts';

const side = 320;
const margin = 48;
const largestDot = 14;

/** Dots on the diagonal are probabilities that can be trusted; a dot's area is the number of hits. */
export function reliabilitySvg(title: string, bins: readonly ReliabilityBin[]): string {
  const x = (share: number): number => round(margin + share * side);
  const y = (share: number): number => round(margin + (1 - share) * side);
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const size = side + 2 * margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${size} ${size}" font-family="sans-serif" font-size="12">`,
    `<rect width="${size}" height="${size}" fill="#fff"/>`,
    `<text x="${margin}" y="24" font-size="14">${escapeText(title)}</text>`,
    ...ticks.flatMap((tick) => [
      `<path d="M${x(tick)} ${y(0)}V${y(1)}M${x(0)} ${y(tick)}H${x(1)}" stroke="#ddd"/>`,
      `<text x="${x(tick)}" y="${y(0) + 16}" text-anchor="middle">${tick}</text>`,
      `<text x="${x(0) - 6}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`,
    ]),
    `<path d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" stroke="#888" stroke-dasharray="4 4"/>`,
    `<polyline fill="none" stroke="#2563c9" points="${bins.map(({ stated, right }) => `${x(stated)},${y(right)}`).join(' ')}"/>`,
    ...bins.map(
      ({ stated, right, count }) =>
        `<circle cx="${x(stated)}" cy="${y(right)}" r="${round(Math.max(2, largestDot * Math.sqrt(count / most)))}" fill="#2563c9" fill-opacity="0.7"><title>${count} hits</title></circle>`,
    ),
    `<text x="${x(0.5)}" y="${size - 8}" text-anchor="middle">stated probability</text>`,
    `<text x="14" y="${y(0.5)}" text-anchor="middle" transform="rotate(-90 14 ${y(0.5)})">share that is right</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
