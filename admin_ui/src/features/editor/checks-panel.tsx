/** What publishing would be told of the text, beside it; each finding leads to its line. */
import { Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { checksQuery } from '~/data/article-past';
import type { Finding } from '~/data/article-past';
import { Icon } from '~/ui/icon';
import { useLang, useTexts } from '~/ui/texts';

import type { State } from './article-session';
import { checkTexts } from './check-texts';
import classes from './side-panel.module.css';

interface Props {
  state: State;
  onLine: (line: number) => void;
  onField: () => void;
}

export function ChecksPanel({ state, onLine, onField }: Props) {
  const t = useTexts(checkTexts);
  const { lang } = useLang();
  const { article } = state;
  const wanted = checksQuery(article?.id ?? '', article?.revision ?? 0);
  const { data, error } = useQuery({ ...wanted, enabled: article !== null });
  const label = (code: string) => t(code in checkTexts.en ? (code as 'other') : 'other');
  const where = ({ line, field }: Finding) => (line && field === 'markdown' ? t('line', { n: line }) : '');
  if (error) return <Text c="var(--bad)">{error.message}</Text>;
  if (!data) return <Text c="dimmed">{t('notYet')}</Text>;
  if (data.findings.length === 0) return <Text c="dimmed">{t('none')}</Text>;
  return (
    <>
      {(['error', 'warning'] as const).map((level) => {
        const found = data.findings.filter((finding) => finding.level === level);
        return found.length === 0 ? null : (
          <section key={level} aria-label={t(level)} className={classes.group}>
            <h3 className={classes.caption}>{t(level)}</h3>
            <ul className={classes.list}>
              {found.map((finding, index) => (
                <li key={index}>
                  <UnstyledButton
                    className={classes.row}
                    onClick={() => (where(finding) ? onLine(finding.line!) : onField())}
                  >
                    <span className={classes.mark} data-level={level}>
                      <Icon name="warning" size={16} />
                    </span>
                    <span className={classes.words}>
                      <span>{label(finding.code)}</span>
                      {/* The server speaks English; the line says the rest. */}
                      {lang === 'en' && <span className={classes.about}>{finding.message}</span>}
                      <span className={classes.about}>{where(finding)}</span>
                    </span>
                  </UnstyledButton>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}
