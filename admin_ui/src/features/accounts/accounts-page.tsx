/** People: who may come in, who is asked in, and what each role may do. */
import { Page } from '~/ui/page';
import { useTexts } from '~/ui/texts';
import { useMay } from '~/ui/use-may';

import { AccountsSection } from './accounts-section';
import { FactorRule } from './factor-rule';
import { InvitationsSection } from './invitations-section';
import { PermissionTable } from './permission-table';
import { accountsTexts } from './texts';

export function AccountsPage() {
  const t = useTexts(accountsTexts);
  const may = useMay();
  return (
    <Page title={t('title')}>
      <AccountsSection />
      <InvitationsSection />
      {may('accounts:write') && <FactorRule />}
      <PermissionTable />
    </Page>
  );
}
