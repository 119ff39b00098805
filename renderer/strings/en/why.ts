// What a person reads of why a photo was found. Renderer.

export const why = {
  title: 'Why this photo',
  words: 'Words that match',
  noWords: 'None of its words match; it was found by what it shows.',
  sources: { own: 'Your caption', generated: 'Caption', tags: 'Keywords', names: 'File name' },
  shares: 'What the score is made of',
  parts: { embedding: 'Picture', own: 'Your caption', caption: 'Caption', words: 'Words' },
  percent: (share: number): string => `${Math.round(share * 100)} %`,
  noShares: 'Nothing speaks for it more than for most other photos.',
  failed: 'The reason could not be found out',
  show: 'Show where it is',
  hide: 'Hide where it is',
  looking: 'Looking where it is…',
  nowhere: 'No part of the picture stands out.',
};
