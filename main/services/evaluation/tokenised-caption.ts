// The form in which the caption scores take their input. Pure; runs where evaluation runs.

/** One photo: the words of its generated caption, and those of the people's captions it is compared with (at least one). */
export interface TokenisedCaption {
  candidate: readonly string[];
  references: readonly (readonly string[])[];
}
