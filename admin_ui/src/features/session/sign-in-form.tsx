/** E-mail and password, then the code where a second factor is on. */
import { Stack } from '@mantine/core';
import { useState } from 'react';

import type { Person } from '~/data/session';

import { CodeForm } from './code-form';
import { PasswordForm } from './password-form';

interface Props {
  /** Given when the session ran out: the same person signs in again. */
  email?: string;
  onDone: (person: Person) => void;
}

export function SignInForm({ email, onDone }: Props) {
  const [isHalf, setHalf] = useState(false);

  function proceed(person: Person) {
    if (person.lacks === 'code') setHalf(true);
    else onDone(person);
  }

  return (
    <Stack gap="md">
      {isHalf ? (
        <CodeForm onDone={onDone} onBack={() => setHalf(false)} />
      ) : (
        <PasswordForm {...(email !== undefined && { email })} onDone={proceed} />
      )}
    </Stack>
  );
}
