/** Which rows of a list are chosen, with the revision that each was seen at. */
import { useState } from 'react';

export interface Choosable {
  id: string;
  revision: number;
}

export interface Choice {
  chosen: readonly Choosable[];
  of: (item: Choosable) => { isChosen: boolean; onChoose: (isChosen: boolean) => void };
  clear: () => void;
}

export function useChoice(): Choice {
  const [chosen, choose] = useState<readonly Choosable[]>([]);
  return {
    chosen,
    of: ({ id, revision }) => ({
      isChosen: chosen.some((other) => other.id === id),
      onChoose: (isChosen) =>
        choose((before) => {
          const others = before.filter((other) => other.id !== id);
          return isChosen ? [...others, { id, revision }] : others;
        }),
    }),
    clear: () => choose([]),
  };
}
