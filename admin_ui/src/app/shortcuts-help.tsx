import { Kbd } from '@mantine/core';

import { Dialog } from '~/ui/dialog';
import { useTexts } from '~/ui/texts';

import classes from './shortcuts-help.module.css';
import { appTexts } from './texts';

const SHORTCUTS = [
  ['N', 'helpNew'],
  ['Ctrl K', 'helpFind'],
  ['/', 'helpSearch'],
  ['J', 'helpDown'],
  ['K', 'helpUp'],
  ['Enter', 'helpOpen'],
  ['Alt ←', 'helpMove'],
  ['Ctrl S', 'helpSave'],
  ['Ctrl E', 'helpPreview'],
  ['Ctrl Shift E', 'helpWhole'],
  ['Ctrl Shift F', 'helpFocus'],
  ['Ctrl Enter', 'helpTick'],
  ['Tab', 'helpNest'],
  ['Esc Tab', 'helpLeave'],
  ['?', 'helpHelp'],
] as const;

export function ShortcutsHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useTexts(appTexts);
  return (
    <Dialog
      opened={isOpen}
      onClose={onClose}
      title={t('help')}
      size="sm"
      closeButtonProps={{ 'aria-label': t('closeMenu') }}
    >
      <dl className={classes.list}>
        {SHORTCUTS.map(([keys, text]) => (
          <div key={keys} className={classes.row}>
            <dt>
              {keys.split(' ').map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
