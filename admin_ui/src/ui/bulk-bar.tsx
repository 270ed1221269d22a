/** What to do with the chosen rows, and afterwards what became of each. */
import { Button, Menu } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import type { Bulker, BulkVerb } from '~/data/desks';
import { problemOfItem } from '~/data/problem';

import { Alarm } from './alarm';
import classes from './bulk-bar.module.css';
import { Confirm } from './confirm';
import { MenuDropdown } from './menu-dropdown';
import { recordTexts } from './record-texts';
import { useTexts } from './texts';
import type { Choice } from './use-choice';

interface Props {
  name: string;
  choice: Choice;
  titles: Map<string, string>;
  bulk: Bulker;
  verbs: readonly BulkVerb[];
}

interface Told {
  title: string;
  isDone: boolean;
  why: string;
}

export function BulkBar({ name, choice, titles, bulk, verbs }: Props) {
  const t = useTexts(recordTexts);
  const queryClient = useQueryClient();
  const [isAsked, ask] = useState(false);
  const [told, tell] = useState<Told[]>([]);
  const act = useMutation({
    mutationFn: (verb: BulkVerb) => bulk({ verb, items: [...choice.chosen] }),
    onSuccess: async ({ results }) => {
      tell(
        results.map(({ id, status, problem }) => {
          const refusal = problem && problemOfItem(problem);
          return {
            title: titles.get(id) || t('untitled'),
            isDone: status < 300,
            why: refusal?.errors[0]?.message ?? refusal?.message ?? '',
          };
        }),
      );
      choice.clear();
      await queryClient.invalidateQueries({ queryKey: [name] });
    },
  });
  const count = choice.chosen.length;
  return (
    <>
      <div role="status">
        {told.length > 0 && (
          <section className={classes.results} aria-label={t('results')}>
            <ul>
              {told.map(({ title, isDone, why }, index) => (
                <li key={index} data-bad={!isDone || undefined}>
                  <strong>{title}</strong> {isDone ? t('result_ok') : t('result_not', { why })}
                </li>
              ))}
            </ul>
            <Button size="compact-sm" variant="default" onClick={() => tell([])}>
              {t('close')}
            </Button>
          </section>
        )}
      </div>
      <Alarm error={act.error} />
      {count > 0 && (
        <div className={classes.bar}>
          <span>{t('chosen', { n: count })}</span>
          <Menu position="bottom-start" shadow="md">
            <Menu.Target>
              <Button size="compact-sm" loading={act.isPending}>
                {t('apply', { n: count })}
              </Button>
            </Menu.Target>
            <MenuDropdown>
              {verbs.map((verb) => (
                <Menu.Item
                  key={verb}
                  {...(verb === 'purge' && { c: 'var(--bad)' })}
                  onClick={() => (verb === 'purge' ? ask(true) : act.mutate(verb))}
                >
                  {t(`bulk_${verb}`)}
                </Menu.Item>
              ))}
            </MenuDropdown>
          </Menu>
          <Button size="compact-sm" variant="subtle" color="gray" onClick={choice.clear}>
            {t('endChoice')}
          </Button>
        </div>
      )}
      <Confirm
        isOpen={isAsked}
        title={t('purge')}
        text={t('purgeAsk')}
        yes={t('purge')}
        no={t('cancel')}
        isDangerous
        onYes={() => {
          ask(false);
          act.mutate('purge');
        }}
        onNo={() => ask(false)}
      />
    </>
  );
}
