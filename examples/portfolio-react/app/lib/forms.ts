/** What somebody wrote into a form, by the names of its inputs. */
export function textsOf(form: HTMLFormElement): (name: string) => string {
  const written = new FormData(form);
  return (name) => {
    const value = written.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
}
