// "in folder Holidays", "in the folder \"Old scans\"". Shell process; pure.
import { type Recognise, sequenceAt, sequencesOf } from './recognise.ts';

const leads = sequencesOf(['in the folder', 'in my folder', 'in folder', 'from the folder', 'from folder']);

export const folderPhrase: Recognise = (tokens, at) => {
  const led = sequenceAt(tokens, at, leads);
  const name = tokens[at + led];
  if (led === 0 || !name || name.kind === 'sign' || name.minus) return null;
  return {
    end: at + led + 1,
    filter: { kind: 'folder', not: false, text: name.text },
    label: `folder ${name.text}`,
  };
};
