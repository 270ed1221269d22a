/** Sends a message to the CMS's contact form, and waits where haste would look like spam. */
import { api } from './api';

export interface Message {
  name: string;
  email: string;
  subject: string | null;
  message: string;
  lang: string;
  page: string;
  /** People don't see it; what is written there, a program wrote. */
  website: string;
}

interface Form {
  token: string;
  ready_at: string;
}

interface Problem {
  code?: string;
  errors?: { field: string; message: string }[];
}

export type Outcome =
  | { is: 'sent' }
  | { is: 'refused'; fields: Record<string, string> }
  | { is: 'too_many' }
  | { is: 'failed' };

const ADDRESS = '/api/v1/contact';
const TOKEN_GONE = new Set(['contact_token_invalid', 'contact_token_used']);

let form: Promise<Form> | undefined;

/** Ask for the form's token while it is being filled in; later calls get the same one. */
export function openForm(): Promise<Form> {
  form ??= api
    .get<{ 200: Form }, unknown, true>({ url: ADDRESS, cache: 'no-store', throwOnError: true })
    .then(({ data }) => data)
    .catch((error: unknown) => {
      form = undefined;
      throw error;
    });
  return form;
}

export async function send(message: Message, attempts = 2): Promise<Outcome> {
  const { token, ready_at: readyAt } = await openForm();
  await until(Date.parse(readyAt));
  const { error, response } = await api.post<unknown, Problem>({
    url: ADDRESS,
    body: { ...message, token },
    headers: { 'Content-Type': 'application/json' },
  });
  if (response?.ok) {
    form = undefined;
    return { is: 'sent' };
  }
  if (response?.status === 429) return { is: 'too_many' };
  if (response?.status !== 422 && response?.status !== 409) return { is: 'failed' };
  const errors = error?.errors ?? [];
  const isStale = TOKEN_GONE.has(error?.code ?? '') || errors.some((one) => one.field === 'token');
  if (isStale && attempts > 1) {
    form = undefined;
    return send(message, attempts - 1);
  }
  return { is: 'refused', fields: Object.fromEntries(errors.map((one) => [one.field, one.message])) };
}

function until(moment: number): Promise<void> {
  // A visitor's clock may be anywhere: what is waited for is three seconds, never much more.
  const wait = Math.min(Math.max(moment - Date.now(), 0), 5000);
  return new Promise((resolve) => setTimeout(resolve, wait));
}
