// Lets equal questions asked at the same time share one answer: matching words are part of the whole ranking, and modes are compared side by side. Shell process.

/** `ask`, asked once for all inputs of one key that come while it is on its way. Nothing is remembered past the answer: the library may have changed. */
export function sharedAnswers<Input, Answer>(
  keyOf: (input: Input) => string,
  ask: (input: Input) => Promise<Answer>,
): (input: Input) => Promise<Answer> {
  const running = new Map<string, Promise<Answer>>();
  return (input) => {
    const key = keyOf(input);
    const known = running.get(key);
    if (known) return known;
    const answer = ask(input).finally(() => running.delete(key));
    running.set(key, answer);
    return answer;
  };
}
