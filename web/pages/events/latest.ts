// Questions that come faster than their answers: one is under way at most, and of those that wait the last alone is asked.

/**
 * Make an asker: it takes questions as often as one likes, and `told` gets the answers; null where there is none.
 * @param gap milliseconds from an answer to the next question, at least
 */
export function latest<Question, Answer>(
  asked: (question: Question) => Promise<Answer>,
  told: (answer: Answer | null, question: Question) => void,
  gap = 0,
): (question: Question) => void {
  let isUnderWay = false;
  let waiting: { question: Question } | null = null;

  const go = async (question: Question) => {
    isUnderWay = true;
    let answer: Answer | null = null;
    try {
      answer = await asked(question);
    } catch {
      // a place that cannot be asked about has no answer; the next one is asked all the same
    }
    told(answer, question);
    if (gap) await new Promise((resolve) => setTimeout(resolve, gap));
    isUnderWay = false;
    const next = waiting;
    waiting = null;
    if (next) void go(next.question);
  };

  return (question) => {
    if (isUnderWay) waiting = { question };
    else void go(question);
  };
}
