/** Old addresses and where they lead; those of changed slugs stand here too, and can't be changed. */
import { Button, Menu } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';

import { listQuery } from '~/data/records';
import { exportAddress, EXPORTS, redirects } from '~/data/redirects';
import { Choices } from '~/ui/choices';
import { useListSearch } from '~/ui/list-search';
import { RecordList } from '~/ui/record-list';
import { useTexts } from '~/ui/texts';
import { useMay } from '~/ui/use-may';

import { RedirectRow } from './redirect-row';
import { redirectTexts } from './texts';

export function RedirectsPage() {
  const t = useTexts(redirectTexts);
  const may = useMay();
  const navigate = useNavigate();
  const [search] = useListSearch();
  const onNew = () => void navigate({ to: '/redirects/$id', params: { id: 'new' } });
  return (
    <RecordList
      title={t('title')}
      query={listQuery(redirects, search)}
      create={may('site:write') && { label: t('new'), onNew }}
      actions={
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <Button variant="default">{t('export')}</Button>
          </Menu.Target>
          <Menu.Dropdown>
            {EXPORTS.map((format) => (
              <Menu.Item key={format} component="a" href={exportAddress(format)} download>
                {t(format)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      }
      filters={
        <Choices
          label={t('filter')}
          name="source"
          choices={[
            { value: undefined, label: t('everything') },
            { value: 'manual', label: t('manual') },
            { value: 'automatic', label: t('automatic') },
          ]}
        />
      }
      empty={t('empty')}
      emptyHint={t('emptyHint')}
      row={(item) => <RedirectRow key={item.id ?? item.from_path} redirect={item} />}
    />
  );
}
