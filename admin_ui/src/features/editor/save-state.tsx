/** Whether the text is safe, in words; spoken politely when that changes. Never behind what is typed. */
import { UnstyledButton } from '@mantine/core';

import { Icon } from '~/ui/icon';
import { useTexts } from '~/ui/texts';

import type { ArticleSession } from './article-session';
import classes from './save-state.module.css';
import { saveTexts } from './save-texts';
import { useAtOnce } from './use-article-session';

interface Props {
  session: ArticleSession;
  onCompare: () => void;
}

export function SaveState({ session, onCompare }: Props) {
  const t = useTexts(saveTexts);
  const phase = useAtOnce(session, (state) => state.phase);
  const problem = useAtOnce(session, (state) => state.problem);
  const isThere = useAtOnce(session, (state) => state.article !== null);
  const why = problem?.errors[0]?.message ?? problem?.message ?? '';
  return (
    <span className={classes.state} data-phase={phase}>
      {phase === 'saved' && isThere && <Icon name="check" size={15} />}
      {phase === 'offline' && <Icon name="cloudOff" size={16} />}
      {(phase === 'refused' || phase === 'conflict') && <Icon name="warning" size={16} />}
      <span role="status" className={classes.words}>
        {phase === 'saved' ? isThere && t('saved') : t(phase, { why })}
      </span>
      {phase === 'conflict' && (
        <UnstyledButton className={classes.compare} onClick={onCompare}>
          {t('resolve')}
        </UnstyledButton>
      )}
    </span>
  );
}
