/** What an HTTP answer of a subgraph says about keeping it. */
export interface AnswerHeaders {
  readonly cacheControl?: string | undefined;
  readonly age?: string | undefined;
  readonly vary?: string | undefined;
}

const known = new WeakMap<object, AnswerHeaders>();

/** Notes the headers of an answer apart from it: nothing in its body can pass for them. */
export function noteHeaders(answer: object, headers: AnswerHeaders): void {
  known.set(answer, headers);
}

export function headersOf(answer: object): AnswerHeaders | undefined {
  return known.get(answer);
}
