/** The precondition of a write: the revision that the writer saw. */
export const ifMatch = (revision: number): { 'If-Match': string } => ({
  'If-Match': `"${revision}"`,
});
