/** Whether the text is safe, in words; spoken politely when that changes. */
import { UnstyledButton } from '@mantine/core';

import { Icon } from '~/ui/icon';
import { useTexts } from '~/ui/texts';

import type { State } from './article-session';
import classes from './save-state.module.css';
import { saveTexts } from './save-texts';

interface Props {
  state: State;
  onCompare: () => void;
}

export function SaveState({ state, onCompare }: Props) {
  const t = useTexts(saveTexts);
  const { phase, problem } = state;
  const why = problem?.errors[0]?.message ?? problem?.message ?? '';
  return (
    <span className={classes.state} data-phase={phase}>
      {phase === 'saved' && state.article && <Icon name="check" size={15} />}
      {phase === 'offline' && <Icon name="cloudOff" size={16} />}
      {(phase === 'refused' || phase === 'conflict') && <Icon name="warning" size={16} />}
      <span role="status" className={classes.words}>
        {phase === 'saved' ? state.article && t('saved') : t(phase, { why })}
      </span>
      {phase === 'conflict' && (
        <UnstyledButton className={classes.compare} onClick={onCompare}>
          {t('resolve')}
        </UnstyledButton>
      )}
    </span>
  );
}
