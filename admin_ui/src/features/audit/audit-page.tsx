/** Who did what, newest first. */
import { Button } from '@mantine/core';

import { auditQuery } from '~/data/audit';
import { useListSearch } from '~/ui/list-search';
import { RecordList } from '~/ui/record-list';
import { useTexts } from '~/ui/texts';

import { AuditRow } from './audit-row';
import { auditTexts } from './texts';

export function AuditPage() {
  const t = useTexts(auditTexts);
  const [search, change] = useListSearch();
  return (
    <RecordList
      title={t('title')}
      query={auditQuery(search)}
      actions={
        search.item && (
          <Button variant="default" onClick={() => change({ item: '' })}>
            {t('everything')}
          </Button>
        )
      }
      empty={t('empty')}
      row={(entry) => <AuditRow key={entry.id} entry={entry} />}
    />
  );
}
