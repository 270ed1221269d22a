/** Fields of a form one below the other, or two in a row where there is room. */
import { Field } from './field';
import type { FieldSpec } from './field-spec';
import classes from './fields.module.css';
import type { RecordForm } from './use-record-form';

interface Props<F> {
  form: RecordForm<F>;
  of: readonly FieldSpec<F>[];
  inPairs?: boolean;
}

export function Fields<F>({ form, of, inPairs }: Props<F>) {
  const fields = of.map((spec) => (
    <Field
      key={spec.name}
      spec={spec}
      value={form.value[spec.name]}
      error={form.wrong(spec.name)}
      onChange={(value) => form.set({ [spec.name]: value } as Partial<F>)}
    />
  ));
  return <div className={inPairs ? classes.pairs : classes.stack}>{fields}</div>;
}
