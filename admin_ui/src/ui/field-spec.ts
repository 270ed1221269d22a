/** What a field of a form is called and how it is filled in. */

interface Common<F> {
  name: keyof F & string;
  label: string;
  hint?: string;
  /** Whether nothing is sent as null instead of as an empty text. */
  isNullable?: boolean;
  isWide?: boolean;
  isDisabled?: boolean;
}

export type FieldSpec<F> = Common<F> &
  (
    | { as?: 'line' | 'url' | 'date' | 'color'; placeholder?: string }
    | { as: 'text'; lang?: string }
    | { as: 'lines' } // a list, each in a line of its own
    | { as: 'number' }
    | { as: 'words'; suggestions?: string[] }
    | { as: 'switch' }
    | { as: 'choice'; options: { value: string; label: string }[] }
    | { as: 'choices'; options: { value: string; label: string }[] }
  );
