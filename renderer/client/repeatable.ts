// Calls that may be made twice without harm, when the line was lost before their reply came. Renderer.

/**
 * They only ask, so that an application that restarts is felt as one slow answer. What changes something is not here: its first call may have been carried
 * out, and a second one would report a wrong state before it, which undo goes back to.
 */
export const repeatable: ReadonlySet<string> = new Set([
  'library.revision',
  'library.cells',
  'library.photo',
  'library.folders',
  'library.failures',
  'library.status',
  'indexing.progress',
  'search.rank',
  'search.similar',
  'search.explain',
  'search.suggest',
  'search.find',
  'models.packs',
  'models.downloads',
  'settings.get',
  'shell.capabilities',
  'shell.banners',
  'shell.doctor',
  'shell.places',
]);
