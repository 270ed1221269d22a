/** Which form stands on a screen: what is made in one keeps it, with the focus, under its own address. */
import { useState } from 'react';

export function useFormKey(id: string): [key: number, keep: (id: string) => void] {
  const [form, setForm] = useState({ id, key: 0 });
  const [kept, keep] = useState<string | null>(null);
  if (id !== form.id) setForm({ id, key: id === kept ? form.key : form.key + 1 });
  return [form.key, keep];
}
