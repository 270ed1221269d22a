/** A day and a time, in the parts that the browser makes of them. */
import { TextInput } from '@mantine/core';
import type { TextInputProps } from '@mantine/core';

interface Props extends Omit<TextInputProps, 'type' | 'value' | 'onChange'> {
  value: string;
  onChange: (value: string) => void;
}

/**
 * Tab is left to the browser, which knows the parts: a dialog looks only later, by a timer, where it
 * led, and takes the focus back to the next field from whoever was faster. Enter then cancelled. So it
 * is nothing for the first or the last place of a dialog.
 */
export function MomentField({ onChange, ...props }: Props) {
  return (
    <TextInput
      {...props}
      type="datetime-local"
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Tab' && event.stopPropagation()}
    />
  );
}
