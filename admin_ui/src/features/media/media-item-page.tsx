/** One file of the library: what it says, where it looks, where it is used. */
import { useQuery } from '@tanstack/react-query';

import { isPicture, media, mediaUsage, thumbOf } from '~/data/media';
import type { MediaAdmin } from '~/data/media';
import { Fields } from '~/ui/fields';
import { RecordScreen } from '~/ui/record-screen';
import { Section } from '~/ui/section';
import { useTexts } from '~/ui/texts';
import { Usage } from '~/ui/usage';
import { useMay } from '~/ui/use-may';

import { FocalPoint } from './focal-point';
import { MediaActions } from './media-actions';
import { blankMedia, readMedia, sentMedia } from './media-fields';
import { MediaWords } from './media-words';
import { libraryTexts } from './texts';

export function MediaItemPage() {
  const t = useTexts(libraryTexts);
  const may = useMay();
  const canWrite = may('media:write');
  return (
    <RecordScreen
      store={media}
      idOf={(stored) => stored.id}
      path="/media/$id"
      backTo="/media"
      backText={t('all')}
      title={(value) => value.name}
      blank={blankMedia}
      read={readMedia}
      sent={sentMedia}
      isReadOnly={!canWrite}
    >
      {(form, stored) => (
        <>
          {stored && isPicture(stored) && (
            <FocalPoint
              src={thumbOf(stored, 1200)}
              point={form.value.focal_point}
              isDisabled={!canWrite}
              onChange={(focal_point) => form.set({ focal_point })}
            />
          )}
          <Section title={t('about')}>
            <MediaWords form={form} />
            <Fields
              form={form}
              inPairs
              of={[
                { name: 'name', label: t('name') },
                { name: 'credit', label: t('credit') },
                { name: 'tags', label: t('tags'), as: 'words', isWide: true },
              ]}
            />
          </Section>
          {stored && (
            <>
              <Section title={t('used')}>
                <Uses item={stored} />
              </Section>
              {canWrite && (
                <Section title={t('address')} hint={t('variants', { n: stored.variants.length })}>
                  <MediaActions item={stored} />
                </Section>
              )}
            </>
          )}
        </>
      )}
    </RecordScreen>
  );
}

function Uses({ item }: { item: MediaAdmin }) {
  const { data } = useQuery({
    queryKey: ['media', 'usage', item.id],
    queryFn: () => mediaUsage(item.id),
  });
  return data ? <Usage uses={data} /> : null;
}
