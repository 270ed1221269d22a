import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';

import { forgetForm } from '~/data/form-copies';
import type { Permission } from '~/data/permissions';
import { purge, restore } from '~/data/trash';
import type { Trashed } from '~/data/trash';
import { Alarm } from '~/ui/alarm';
import { Confirm } from '~/ui/confirm';
import { RecordLink } from '~/ui/record-link';
import type { RecordPath } from '~/ui/record-link';
import { useTexts } from '~/ui/texts';
import { useClock } from '~/ui/use-clock';
import { useMay } from '~/ui/use-may';

import { trashTexts } from './texts';
import classes from './trash.module.css';

const PATHS: Record<Trashed['kind'], RecordPath> = {
  articles: '/articles/$articleId',
  pages: '/pages/$id',
  projects: '/projects/$id',
};
const PURGES: Record<Trashed['kind'], Permission> = {
  articles: 'articles:purge',
  pages: 'pages:purge',
  projects: 'projects:purge',
};

export function TrashRow({ item }: { item: Trashed }) {
  const t = useTexts(trashTexts);
  const { ago } = useClock();
  const may = useMay();
  const queryClient = useQueryClient();
  const [isAsked, ask] = useDisclosure();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: [item.kind] });
  const restoration = useMutation({ mutationFn: () => restore(item), onSuccess });
  const removal = useMutation({
    mutationFn: () => purge(item),
    onSuccess: () => {
      forgetForm(localStorage, `/${item.kind}/${item.id}`); // nothing is left that it could change
      return onSuccess();
    },
  });
  const title = item.title || t('untitled');
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <RecordLink path={PATHS[item.kind]} id={item.id}>
          <bdi>{title}</bdi>
        </RecordLink>
        <div className={classes.meta}>{t('trashed', { when: ago(item.updated_at) })}</div>
      </div>
      <Button
        size="xs"
        variant="default"
        aria-label={`${t('restore')}: ${title}`}
        loading={restoration.isPending}
        onClick={() => restoration.mutate()}
      >
        {t('restore')}
      </Button>
      {may(PURGES[item.kind]) && (
        <Button
          size="xs"
          variant="light"
          color="red"
          aria-label={`${t('purge')}: ${title}`}
          loading={removal.isPending}
          onClick={ask.open}
        >
          {t('purge')}
        </Button>
      )}
      <Alarm error={restoration.error ?? removal.error} />
      <Confirm
        isOpen={isAsked}
        title={t('purge')}
        text={t('purgeAsk', { title })}
        yes={t('purge')}
        no={t('cancel')}
        isDangerous
        onYes={() => {
          ask.close();
          removal.mutate();
        }}
        onNo={ask.close}
      />
    </li>
  );
}
