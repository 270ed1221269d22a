/** Files on their way into the library, one after the other, each with its own end. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

import { upload } from '~/data/media';
import type { MediaAdmin } from '~/data/media';
import { asProblem } from '~/data/problem';

export interface Sent {
  name: string;
  state: 'waiting' | 'sent' | 'known' | 'failed';
  why: string;
}

/** `onTaken` hears of all that was sent at once, unless its place is gone by then. */
export function useUploads(onTaken?: (items: MediaAdmin[]) => void) {
  const queryClient = useQueryClient();
  const [files, setFiles] = useState<Sent[]>([]);
  const latest = useRef<typeof onTaken>(undefined);
  useEffect(() => {
    latest.current = onTaken;
    return () => {
      latest.current = undefined;
    };
  }, [onTaken]);

  async function send(chosen: readonly File[]) {
    const start = files.length;
    const told = (index: number, changes: Partial<Sent>) =>
      setFiles((now) => now.map((file, at) => (at === start + index ? { ...file, ...changes } : file)));
    setFiles((now) => [
      ...now,
      ...chosen.map(({ name }) => ({ name, state: 'waiting' as const, why: '' })),
    ]);
    const taken: MediaAdmin[] = [];
    for (const [index, file] of chosen.entries()) {
      try {
        const { media, is_duplicate: isKnown } = await upload(file);
        told(index, { state: isKnown ? 'known' : 'sent' });
        taken.push(media);
      } catch (error) {
        const { errors, message } = asProblem(error);
        told(index, { state: 'failed', why: errors[0]?.message ?? message });
      }
    }
    if (taken.length > 0) latest.current?.(taken);
    await queryClient.invalidateQueries({ queryKey: ['media'] });
  }

  return { files, send: (chosen: readonly File[]) => void send(chosen), clear: () => setFiles([]) };
}
