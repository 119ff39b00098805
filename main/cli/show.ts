// photoseek show PHOTO: everything the library knows of one photo.
import type { CommandContext } from './command-context.ts';

export async function show({ api, terminal }: CommandContext, path: string): Promise<void> {
  const photo = await api.library.showPhoto({ path });
  terminal.result(photo, () => {
    const { gps, camera, caption, exposure } = photo;
    const facts: [string, string | number | null | undefined][] = [
      ['path', photo.path],
      ['caption', caption && `${caption.text} (${caption.source === 'person' ? 'yours' : `made by ${caption.model}`})`],
      ['taken', photo.takenAt && `${photo.takenAt}${photo.offset ?? ''}`],
      ['size', photo.width && `${photo.width} x ${photo.height}`],
      ['place', gps && `${gps.lat}, ${gps.lon}`],
      ['camera', [camera.make, camera.model, camera.lens].filter(Boolean).join(', ')],
      ['exposure', exposureLine(exposure)],
      ['orientation', photo.orientation],
      ['rating', photo.rating],
      ['keywords', photo.keywords.join(', ')],
      ['title', photo.title],
      ['description', photo.description],
      ['sha256', photo.sha256],
      ['vectors', photo.vectors.map((vector) => `${vector.kind} ${vector.model} (${vector.dim})`).join(', ')],
      ['problem', photo.failure?.message],
    ];
    return facts.flatMap(([name, value]) =>
      value === null || value === undefined || value === '' ? [] : [`${name.padEnd(12)}${value}`],
    );
  });
}

function exposureLine(exposure: {
  timeSeconds: number | null;
  fNumber: number | null;
  iso: number | null;
  focalLengthMm: number | null;
}): string {
  const { timeSeconds, fNumber, iso, focalLengthMm } = exposure;
  return [
    timeSeconds && (timeSeconds < 1 ? `1/${Math.round(1 / timeSeconds)} s` : `${timeSeconds} s`),
    fNumber && `f/${fNumber}`,
    iso && `ISO ${iso}`,
    focalLengthMm && `${focalLengthMm} mm`,
  ]
    .filter(Boolean)
    .join(', ');
}
