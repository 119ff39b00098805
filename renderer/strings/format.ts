// Numbers, times and sizes as a person reads them, in the language of the interface. Renderer.
const language = 'en-GB';

const counts = new Intl.NumberFormat(language);
const oneDecimal = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const dayAndTime = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' });

export function formatCount(count: number): string {
  return counts.format(count);
}

/** Bytes in powers of 1,000, as disks and downloads are sold. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${counts.format(bytes)} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let at = 0;
  // 999.95 would be printed as "1,000 kB".
  while (value >= 999.95 && at < units.length - 1) {
    value /= 1000;
    at++;
  }
  return `${oneDecimal.format(value)} ${units[at]}`;
}

/** A waiting time, coarser the longer it is: nobody believes seconds in an hour. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.ceil(seconds / 5) * 5)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 24) return `${Math.round(hours / 24)} d`;
  const rest = Math.round((minutes % 60) / 10) * 10;
  if (rest === 60) return `${hours + 1} h`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** Local ISO time without zone, as a camera wrote it: shown as it is, never moved to the reader's zone. Null where it is no time. */
export function formatTaken(takenAt: string): string | null {
  const at = Date.parse(`${takenAt.slice(0, 19)}Z`);
  return Number.isNaN(at) ? null : dayAndTime.format(at);
}

/** 0.004 as "1/250 s", 2.5 as "2.5 s". */
export function formatExposureTime(seconds: number): string {
  return seconds < 0.4 && seconds > 0
    ? `1/${counts.format(Math.round(1 / seconds))} s`
    : `${oneDecimal.format(seconds)} s`;
}

/** "f/2.8", "35 mm", "ISO 100" and the time, joined; only what is known. */
export function formatExposure(exposure: {
  readonly timeSeconds: number | null;
  readonly fNumber: number | null;
  readonly iso: number | null;
  readonly focalLengthMm: number | null;
}): string {
  const { timeSeconds, fNumber, iso, focalLengthMm } = exposure;
  const parts = [
    focalLengthMm === null ? null : `${oneDecimal.format(focalLengthMm)} mm`,
    fNumber === null ? null : `f/${oneDecimal.format(fNumber)}`,
    timeSeconds === null ? null : formatExposureTime(timeSeconds),
    iso === null ? null : `ISO ${iso}`,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

/** Make and model without the make twice: "Canon" and "Canon EOS 5D" are one camera. */
export function formatCamera(make: string | null, model: string | null): string {
  if (!make || !model) return make ?? model ?? '';
  const [brand = ''] = make.split(' ');
  return model.toLowerCase().startsWith(brand.toLowerCase()) ? model : `${make} ${model}`;
}

/** 48.1, 11.5 as "48.10000° N, 11.50000° E": five decimals are a metre. */
export function formatPlace(gps: { readonly lat: number; readonly lon: number }): string {
  const side = (value: number, positive: string, negative: string): string =>
    `${Math.abs(value).toFixed(5)}° ${value < 0 ? negative : positive}`;
  return `${side(gps.lat, 'N', 'S')}, ${side(gps.lon, 'E', 'W')}`;
}

/** "4,000 × 3,000 · 12 megapixels". */
export function formatDimensions(width: number, height: number): string {
  const megapixels = (width * height) / 1e6;
  const size = `${counts.format(width)} × ${counts.format(height)}`;
  return megapixels < 0.1 ? size : `${size} · ${oneDecimal.format(megapixels)} MP`;
}
