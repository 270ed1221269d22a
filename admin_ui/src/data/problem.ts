/** What the server says no with (RFC 9457), and what it says when it can't be reached. */

export interface FieldProblem {
  field: string;
  message: string;
  code: string;
}

/** What the server said: its code, of which field (or none), and its own words. */
export interface Said {
  code: string;
  field: string;
  words: string;
}

let speak = ({ words }: Said): string => words;

/** How everything the server says is put from now on; the language is that of the moment it is read. */
export function speakWith(speaker: (said: Said) => string): void {
  speak = speaker;
}

export function fieldProblem({ field, message, code }: FieldProblem): FieldProblem {
  return {
    field,
    code,
    get message() {
      return speak({ code, field, words: message });
    },
  };
}

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: FieldProblem[];
  readonly current: unknown;
  readonly retryAfter: number | null;

  constructor(status: number, code: string, detail: string, more: Partial<Problem> = {}) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.errors = more.errors ?? [];
    this.current = more.current;
    this.retryAfter = more.retryAfter ?? null;
    Object.defineProperty(this, 'message', { get: () => this.say(detail) });
  }

  private say(words: string): string {
    const [first] = this.errors;
    if (this.code === 'invalid' && first) return `${first.field}: ${first.message}`;
    return speak({ code: this.code, field: '', words });
  }

  /** Nobody answered, or a server that will be back: trying again is right. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

interface Result<T> {
  data?: T;
  error?: unknown;
  response?: Response;
}

/** The data of a call of the generated client; throws a `Problem` for every other end. */
export async function answer<T>(call: Promise<Result<T>>): Promise<T> {
  let result: Result<T>;
  try {
    result = await call;
  } catch (error) {
    throw new Problem(0, 'unreachable', String(error));
  }
  const { data, error, response } = result;
  if (!response) throw new Problem(0, 'unreachable', String(error));
  if (!response.ok) throw problemOf(error, response);
  return data as T;
}

function problemOf(body: unknown, response: Response): Problem {
  const said = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const after = Number(response.headers.get('Retry-After'));
  return new Problem(
    response.status,
    typeof said.code === 'string' ? said.code : 'unknown',
    typeof said.detail === 'string' ? said.detail : response.statusText,
    {
      errors: Array.isArray(said.errors) ? (said.errors as FieldProblem[]).map(fieldProblem) : [],
      current: said.current,
      retryAfter: Number.isFinite(after) && after > 0 ? after : null,
    },
  );
}

/** Of one thing among many that were done at once. */
export function problemOfItem(said: Pick<Problem, 'status' | 'code' | 'errors'> & { detail: string }): Problem {
  return new Problem(said.status, said.code, said.detail, { errors: said.errors.map(fieldProblem) });
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, 'unexpected', String(error));
}
