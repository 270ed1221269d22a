/** The table that the server itself reads, for people. */
import { PERMISSIONS, reachOf, ROLES } from '~/data/permissions';
import { Section } from '~/ui/section';
import { useTexts } from '~/ui/texts';

import classes from './accounts.module.css';
import { accountsTexts } from './texts';

export function PermissionTable() {
  const t = useTexts(accountsTexts);
  return (
    <Section title={t('permissions')} hint={t('permissionsHint')}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard */}
      <div className={classes.scroll} role="group" aria-label={t('permissions')} tabIndex={0}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('permission')}</th>
              {ROLES.map((role) => (
                <th key={role} scope="col">
                  {t(role)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {PERMISSIONS.map((permission) => (
              <tr key={permission}>
                <th scope="row">{permission}</th>
                {ROLES.map((role) => {
                  const reach = reachOf(role, permission) ?? 'no';
                  return (
                    <td key={role} data-reach={reach}>
                      {t(reach)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
