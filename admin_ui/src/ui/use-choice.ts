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

/** What is chosen in one view of a list: another filter or page begins with nothing. */
export function useChoice(view: string): Choice {
  const [chosen, choose] = useState<readonly Choosable[]>([]);
  const [seen, see] = useState(view);
  if (seen !== view) {
    see(view);
    choose([]);
  }
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
