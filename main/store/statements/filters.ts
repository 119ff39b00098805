// Pieces of SQL that several statements share; constants only, never values. Library thread.

/** True of errors that a passing state or a missing model caused, so that trying again may help. */
export function passingError(column: string): string {
  return `(${column} GLOB 'fs/*' OR ${column} GLOB 'inference/*' OR ${column} GLOB 'model/*')`;
}

/** True where the list (JSON) is empty or holds the folder. */
export function inFolders(column: string, list: string): string {
  return `(json_array_length(${list}) = 0 OR ${column} IN (SELECT value FROM json_each(${list})))`;
}
