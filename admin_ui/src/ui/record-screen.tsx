/** A screen over one stored thing of any kind: loads it, or starts a new one, and saves its form. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { recordQuery } from '~/data/records';
import type { Store } from '~/data/records';
import { remember } from '~/data/remember';

import { BackLink } from './back-link';
import { EmptyState } from './empty-state';
import { Page } from './page';
import { paramsOf } from './record-link';
import type { ListPath, RecordPath } from './record-link';
import { recordTexts } from './record-texts';
import { SaveBar } from './save-bar';
import { useTexts } from './texts';
import { useFormKey } from './use-form-key';
import { useRecordForm } from './use-record-form';
import type { RecordForm } from './use-record-form';
import { useLeading } from './use-leading';

export interface Screen<T extends { revision: number }, F extends object> {
  store: Store<T, unknown>;
  idOf: (stored: T) => string;
  path: RecordPath & `${ListPath}/$id`;
  backTo: ListPath;
  backText: string;
  title: (value: F) => string;
  blank: F;
  read: (stored: T) => F;
  sent: (value: F) => Record<string, unknown>;
  /** How the server calls a field where it calls it otherwise. */
  paths?: Partial<Record<keyof F & string, string>>;
  /** What can be done with it besides saving. */
  actions?: (stored: T, form: RecordForm<F>) => ReactNode;
  /** Told of every version that the server answers with. */
  onSaved?: (saved: T) => void;
  isReadOnly?: boolean;
  /** Whether it holds somebody's words: what is unsaved outlives the page then. */
  isKept?: boolean;
  children: (form: RecordForm<F>, stored: T | null) => ReactNode;
}

export function RecordScreen<T extends { revision: number }, F extends object>(screen: Screen<T, F>) {
  const t = useTexts(recordTexts);
  const { id = 'new' } = useParams({ strict: false });
  const isNew = id === 'new';
  const [key, keep] = useFormKey(id);
  const { data, error } = useQuery({ ...recordQuery(screen.store, id), enabled: !isNew });
  if (error && !data) return <EmptyState isPage title={t('couldNotLoad')} hint={error.message} />;
  if (!isNew && !data) return null;
  return <Form key={key} stored={data ?? null} onAddress={keep} {...screen} />;
}

type FormProps<T extends { revision: number }, F extends object> = Screen<T, F> & {
  stored: T | null;
  /** Told of the address that it is about to get. */
  onAddress: (id: string) => void;
};

function Form<T extends { revision: number }, F extends object>(props: FormProps<T, F>) {
  const { stored, store, idOf, path, blank, read, sent } = props;
  const lead = useLeading();
  const queryClient = useQueryClient();
  const form = useRecordForm<F, T>({
    stored,
    read,
    blank,
    address: props.isKept ? path.replace('$id', stored ? idOf(stored) : 'new') : undefined,
    title: props.title,
    ...(props.paths && { paths: props.paths }),
    send: (value, held, key) =>
      held ? store.change(idOf(held), held.revision, sent(value)) : store.start(sent(value), key),
    onStored: (saved) => {
      const id = idOf(saved);
      remember(queryClient, recordQuery(store, id).queryKey, saved);
      void queryClient.invalidateQueries({ queryKey: [store.name, 'list'] });
      props.onSaved?.(saved);
      if (stored && idOf(stored) === id) return;
      props.onAddress(id);
      const target = { to: path, params: paramsOf(path, id), replace: true, ignoreBlocker: true };
      void lead(target as never);
    },
  });
  return (
    <Page
      title={props.title(form.value)}
      before={<BackLink to={props.backTo} label={props.backText} />}
      actions={
        <>
          {stored && props.actions?.(stored, form)}
          {!props.isReadOnly && <SaveBar form={form} />}
        </>
      }
    >
      {props.children(form, stored)}
    </Page>
  );
}
