/** An RFC 9457 problem. */
export interface Problem {
  type?: string;
  title?: string;
  /** The HTTP status code. */
  status?: number;
  /** What was wrong and what to do. */
  detail?: string;
  instance?: string;
  traceId?: string;
  /** What is wrong with the input, each fault with its JSON Pointer. */
  errors?: { pointer: string; detail: string }[];
  /** JSON Pointers at which the input differs from the one submitted before under the same id. */
  differences?: string[];
  [extension: string]: unknown;
}

/** The server refused, and asking again would change nothing. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title ?? `The server answered ${problem.status}.`);
    this.problem = problem;
  }

  /** The HTTP status code; 0 when there is none. */
  get status(): number {
    return this.problem.status ?? 0;
  }
}

/** The problem that an answer tells. Something between here and the server may have answered in its own way: then only the code counts. */
export async function problemOf(response: Response): Promise<ProblemError> {
  let problem: Problem = {};
  if (/json/.test(response.headers.get('content-type') ?? '')) {
    problem = await response.json().catch(() => ({})) as Problem;
  } else {
    // An unread body would hold its connection.
    await response.body?.cancel().catch(() => undefined);
  }

  return new ProblemError({ ...problem, status: response.status });
}
