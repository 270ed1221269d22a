/** One field of a form over a stored thing, with what the server says about it. */
import { MultiSelect, NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';

import type { FieldSpec } from './field-spec';
import { orderedPills } from './ordered-pills';

import './mantine-forms.css';

interface Props<F> {
  spec: FieldSpec<F>;
  value: unknown;
  error: string | undefined;
  onChange: (value: unknown) => void;
}

const list = (value: unknown): string[] => (Array.isArray(value) ? (value as string[]) : []);
const line = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

export function Field<F>({ spec, value, error, onChange }: Props<F>) {
  const shared = {
    label: spec.label,
    error,
    disabled: spec.isDisabled ?? false,
    ...(spec.hint && { description: spec.hint }),
    ...(spec.isWide && { wrapperProps: { 'data-wide': true } }),
  };
  const say = (text: string) => onChange(spec.isNullable && text === '' ? null : text);
  switch (spec.as) {
    case 'text':
      return (
        <Textarea
          {...shared}
          dir="auto"
          value={line(value)}
          autosize
          minRows={2}
          maxRows={24}
          {...(spec.lang && { lang: spec.lang })}
          onChange={(event) => say(event.currentTarget.value)}
        />
      );
    case 'lines':
      return (
        <Textarea
          {...shared}
          dir="auto"
          value={list(value).join('\n')}
          autosize
          minRows={2}
          maxRows={24}
          onChange={({ currentTarget: { value: text } }) => onChange(text === '' ? [] : text.split('\n'))}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...shared}
          value={typeof value === 'number' ? value : ''}
          hideControls
          allowDecimal={false}
          onChange={(next) => onChange(next === '' ? (spec.isNullable ? null : 0) : Number(next))}
        />
      );
    case 'words':
      return (
        <TagsInput
          {...orderedPills}
          {...shared}
          wrapperProps={{ ...orderedPills.wrapperProps, ...shared.wrapperProps }}
          value={list(value)}
          {...(spec.suggestions && { data: spec.suggestions })}
          onChange={onChange}
        />
      );
    case 'switch':
      return (
        <Switch
          {...shared}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <Select
          {...shared}
          data={spec.options}
          value={line(value)}
          allowDeselect={spec.isNullable ?? false}
          onChange={(next) => onChange(next)}
        />
      );
    case 'choices':
      return <MultiSelect {...shared} data={spec.options} value={list(value)} onChange={onChange} />;
    default:
      return (
        <TextInput
          {...shared}
          dir="auto"
          type={spec.as === 'color' || spec.as === 'date' ? spec.as : 'text'}
          value={line(value)}
          {...(spec.placeholder && { placeholder: spec.placeholder })}
          onChange={(event) => say(event.currentTarget.value)}
        />
      );
  }
}
