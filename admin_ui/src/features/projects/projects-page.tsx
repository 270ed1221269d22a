/** What was built, in the order in which readers see it. */
import { projects } from '~/data/desks';
import { listQuery } from '~/data/records';
import { DeskList } from '~/ui/desk-list';
import { few } from '~/ui/few';
import { useTexts } from '~/ui/texts';

import { projectTexts } from './texts';

export function ProjectsPage() {
  const t = useTexts(projectTexts);
  return (
    <DeskList
      name={projects.name}
      query={(filter) => listQuery(projects, filter)}
      bulk={projects.bulk}
      path="/projects/$id"
      writes="projects:write"
      publishes="projects:publish"
      purges="projects:purge"
      title={t('title')}
      newText={t('new')}
      empty={t('empty')}
      emptyHint={t('emptyHint')}
      meta={(item) => [
        t(item.project_status),
        few(item.technologies, 4),
        item.featured && t('featured'),
      ]}
    />
  );
}
