/** Pictures on their way into a text: sent one by one, tried again, described. */
import { useCallback, useEffect, useRef, useState } from 'react';

import { describePicture, sendPicture } from '~/data/pictures';
import type { MediaAdmin } from '~/data/pictures';
import { asProblem } from '~/data/problem';
import type { Problem } from '~/data/problem';

export interface Incoming {
  key: string;
  name: string;
  file: File | null;
  /** What is shown before the server has it. */
  preview: string;
  share: number;
  media: MediaAdmin | null;
  problem: Problem | null;
  alt: string;
}

export function usePictures(lang: string) {
  const [items, setItems] = useState<Incoming[]>([]);
  const stop = useRef(new AbortController());
  const change = useCallback((key: string, changes: Partial<Incoming>) => {
    setItems((now) => now.map((item) => (item.key === key ? { ...item, ...changes } : item)));
  }, []);

  const send = useCallback(
    async (key: string, file: File) => {
      change(key, { problem: null, share: 0 });
      try {
        const media = await sendPicture(file, (share) => change(key, { share }), stop.current.signal);
        setItems((now) =>
          now.map((item) =>
            item.key === key
              ? { ...item, media, share: 1, alt: item.alt || (media.alt[lang] ?? '') }
              : item,
          ),
        );
      } catch (error) {
        change(key, { problem: asProblem(error) });
      }
    },
    [change, lang],
  );

  const addFiles = useCallback(
    (files: readonly File[]) => {
      const added = files.map((file) => ({
        key: crypto.randomUUID(),
        name: file.name,
        file,
        preview: URL.createObjectURL(file),
        share: 0,
        media: null,
        problem: null,
        alt: '',
      }));
      setItems((now) => [...now, ...added]);
      // One behind the other: a phone's connection is not shared out among many.
      void added.reduce(
        (before, { key, file }) => before.then(() => send(key, file)),
        Promise.resolve(),
      );
    },
    [send],
  );

  const addMedia = useCallback(
    (media: MediaAdmin) => {
      const alt = media.alt[lang] ?? '';
      const item = { key: media.id, name: media.name, file: null, preview: media.url, share: 1 };
      setItems((now) => [...now, { ...item, media, problem: null, alt }]);
    },
    [lang],
  );

  const clear = useCallback(() => {
    stop.current.abort();
    stop.current = new AbortController();
    setItems((now) => {
      for (const { file, preview } of now) if (file) URL.revokeObjectURL(preview);
      return [];
    });
  }, []);
  useEffect(() => clear, [clear]);

  /** The library learns the words it lacks; a refusal of that is no reason to hold the text back. */
  const describe = useCallback(async () => {
    const lacking = items.filter(({ media, alt }) => media && alt.trim() !== '' && !media.alt[lang]);
    await Promise.allSettled(
      lacking.map(({ media, alt }) =>
        describePicture(media!, { alt: { ...media!.alt, [lang]: alt.trim() } }),
      ),
    );
  }, [items, lang]);

  return {
    items,
    addFiles,
    addMedia,
    clear,
    describe,
    send,
    setAlt: (key: string, alt: string) => change(key, { alt }),
    remove: (key: string) => setItems((now) => now.filter((item) => item.key !== key)),
  };
}
