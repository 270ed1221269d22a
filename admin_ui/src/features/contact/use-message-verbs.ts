/** What can be done with a message; opening one marks it as read. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

import { eraseSender, markMessage, messageQuery, removeMessage } from '~/data/contact';
import type { ContactMark, ContactMessage } from '~/data/contact';
import { remember } from '~/data/remember';
import { useMay } from '~/ui/use-may';

export type Ending = 'remove' | 'erase';

export function useMessageVerbs(message: ContactMessage) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const canWrite = useMay()('contact:write');
  const { queryKey } = messageQuery(message.id);
  // Somebody else may have marked it in between: what they made of it is shown then.
  const onError = () => queryClient.invalidateQueries({ queryKey });
  // One after the other, each on what the one before left: opening it marks it, too.
  const scope = { id: `message ${message.id}` };
  const current = () => queryClient.getQueryData<ContactMessage>(queryKey) ?? message;
  const marking = useMutation({
    scope,
    mutationFn: (marks: ContactMark) => markMessage(current(), marks),
    onSuccess: async (marked) => {
      remember(queryClient, queryKey, marked);
      await queryClient.invalidateQueries({ queryKey: ['contact', 'list'] });
    },
    onError,
  });
  const ending = useMutation({
    scope,
    mutationFn: (verb: Ending) =>
      verb === 'erase' ? eraseSender(message.email) : removeMessage(current()),
    onSuccess: async () => {
      await navigate({ to: '/messages' });
      queryClient.removeQueries({ queryKey: ['contact', 'one'] });
      await queryClient.invalidateQueries({ queryKey: ['contact', 'list'] });
    },
    onError,
  });

  const { mutate: mark } = marking;
  const isOpened = useRef(false);
  useEffect(() => {
    // Once: whoever marks it as unread then is not contradicted.
    if (isOpened.current) return;
    isOpened.current = true;
    if (canWrite && !message.is_read) mark({ is_read: true });
  }, [canWrite, mark, message.is_read]);

  return {
    canWrite,
    mark,
    end: ending.mutate,
    isBusy: marking.isPending || ending.isPending,
    error: marking.error ?? ending.error,
  };
}
