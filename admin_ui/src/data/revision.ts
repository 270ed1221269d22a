/** The headers of a write: the revision that the writer saw, and the name of one attempt. */
export const ifMatch = (revision: number): { 'If-Match': string } => ({
  'If-Match': `"${revision}"`,
});

/** A retry under the same key gets the first answer and makes nothing. */
export const once = (key: string): { 'Idempotency-Key': string } => ({ 'Idempotency-Key': key });
