/** What readers wrote, newest first. */
import { gistOf, messagesQuery } from '~/data/contact';
import { Choices } from '~/ui/choices';
import { useListSearch } from '~/ui/list-search';
import { RecordList } from '~/ui/record-list';
import { RecordRow } from '~/ui/record-row';
import { StateBadge } from '~/ui/state-badge';
import { useTexts } from '~/ui/texts';
import { useClock } from '~/ui/use-clock';

import { contactTexts } from './texts';

export function MessagesPage() {
  const t = useTexts(contactTexts);
  const { ago } = useClock();
  const [search] = useListSearch();
  return (
    <RecordList
      title={t('title')}
      query={messagesQuery(search)}
      filters={
        <Choices
          label={t('filter')}
          name="state"
          choices={[
            { value: undefined, label: t('everything') },
            { value: 'new', label: t('new') },
            { value: 'spam', label: t('isSpam') },
          ]}
        />
      }
      empty={t('empty')}
      emptyHint={t('emptyHint')}
      row={(message) => (
        <RecordRow
          key={message.id}
          path="/messages/$id"
          id={message.id}
          title={message.name}
          badge={!message.is_read && <StateBadge tone="wait" label={t('new')} />}
          meta={[gistOf(message), ago(message.received_at)]}
        />
      )}
    />
  );
}
