/** Files on their way into the library, one after the other, each with its own end. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { upload } from '~/data/media';
import type { MediaAdmin } from '~/data/media';
import { asProblem } from '~/data/problem';

export interface Sent {
  name: string;
  state: 'waiting' | 'sent' | 'known' | 'failed';
  why: string;
}

export function useUploads(onTaken?: (item: MediaAdmin) => void) {
  const queryClient = useQueryClient();
  const [files, setFiles] = useState<Sent[]>([]);

  async function send(chosen: readonly File[]) {
    const start = files.length;
    const told = (index: number, changes: Partial<Sent>) =>
      setFiles((now) => now.map((file, at) => (at === start + index ? { ...file, ...changes } : file)));
    setFiles((now) => [
      ...now,
      ...chosen.map(({ name }) => ({ name, state: 'waiting' as const, why: '' })),
    ]);
    for (const [index, file] of chosen.entries()) {
      try {
        const { media, is_duplicate: isKnown } = await upload(file);
        told(index, { state: isKnown ? 'known' : 'sent' });
        onTaken?.(media);
      } catch (error) {
        const { errors, message } = asProblem(error);
        told(index, { state: 'failed', why: errors[0]?.message ?? message });
      }
    }
    await queryClient.invalidateQueries({ queryKey: ['media'] });
  }

  return { files, send: (chosen: readonly File[]) => void send(chosen), clear: () => setFiles([]) };
}
