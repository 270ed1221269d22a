import { useId } from 'react';

interface Props {
  name: string;
  label: string;
  error?: string;
  type?: 'text' | 'email';
  autoComplete?: string;
  maxLength?: number;
  required?: boolean;
  /** Of a text of more than one line. */
  rows?: number;
}

/** A labelled input and what is wrong with it. */
export function Field({ name, label, error, rows, type = 'text', ...rest }: Props) {
  const id = useId();
  const told = { id, name, 'aria-invalid': error ? true : undefined, 'aria-describedby': error ? `${id}-error` : undefined };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {rows ? <textarea rows={rows} {...told} {...rest} /> : <input type={type} {...told} {...rest} />}
      {error && (
        <p className="form-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
