// What the grid shows: photos in an order, the timeline or what a search found. Renderer.

export interface PhotoList {
  /** In the order shown. A photo that the library no longer knows is left out by the grid. */
  readonly ids: Uint32Array;
  /** True for an order by date: days have headers then, and the scrubber shows. */
  readonly grouped: boolean;
}

export const emptyList: PhotoList = { ids: new Uint32Array(0), grouped: false };
