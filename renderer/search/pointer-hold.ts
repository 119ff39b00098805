// Keeps the row of results under the pointer, or with the focus, where it is while a better ranking is taken in. Renderer.
import type { ResultsState } from '../state/results.svelte.ts';

/** Follows pointer and focus over photos below `element`: what is held ends with the last photo of the row that is looked at. */
export function pointerHold(results: ResultsState): (element: HTMLElement) => () => void {
  return (element) => {
    const look = (event: Event): void => {
      const photo = (event.target as Element).closest<HTMLElement>('[data-photo-id]');
      if (photo) results.hold(endOfRow(element, photo, results.list?.ids ?? new Uint32Array(0)));
    };
    const leave = (): void => results.hold(0);
    element.addEventListener('pointermove', look, { passive: true });
    element.addEventListener('focusin', look);
    element.addEventListener('pointerleave', leave);
    return () => {
      element.removeEventListener('pointermove', look);
      element.removeEventListener('focusin', look);
      element.removeEventListener('pointerleave', leave);
    };
  };
}

/** Photos up to the end of the row of `photo`, counted from the first; 0 where it is not among them. */
function endOfRow(element: HTMLElement, photo: HTMLElement, ids: Uint32Array): number {
  const top = photo.getBoundingClientRect().top;
  let at = ids.indexOf(Number(photo.dataset['photoId']));
  if (at < 0) return 0;
  for (at++; at < ids.length; at++) {
    const next = element.querySelector(`[data-photo-id="${ids[at]}"]`);
    if (!next || next.getBoundingClientRect().top > top + 1) break;
  }
  return at;
}
