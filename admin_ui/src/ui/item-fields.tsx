/** A list of small things in a form, each with the same few fields. */
import { Field } from './field';
import type { FieldSpec } from './field-spec';
import { Repeater } from './repeater';
import { Section } from './section';
import type { RecordForm } from './use-record-form';

interface Props<F, T> {
  form: RecordForm<F>;
  name: keyof F & string;
  title: string;
  hint?: string;
  addText: string;
  blank: T;
  of: readonly FieldSpec<T>[];
}

export function ItemFields<F, T extends object>(props: Props<F, T>) {
  const { form, name, title, hint, addText, blank, of } = props;
  return (
    <Section title={title} {...(hint && { hint })}>
      <Repeater
        label={title}
        items={form.value[name] as unknown as readonly T[]}
        blank={blank}
        addText={addText}
        onChange={(items) => form.set({ [name]: items } as unknown as Partial<F>)}
      >
        {(item, change, index) =>
          of.map((spec) => (
            <Field
              key={spec.name}
              spec={spec}
              value={item[spec.name]}
              error={form.wrong(`${name}.${index}.${spec.name}`)}
              onChange={(value) => change({ [spec.name]: value } as Partial<T>)}
            />
          ))
        }
      </Repeater>
    </Section>
  );
}
