/** A link to one thing of any kind; the kinds' addresses are all made the same way. */
import { Link } from '@tanstack/react-router';
import type { LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';

export type RecordPath =
  | '/articles/$articleId'
  | '/pages/$id'
  | '/profiles/$profileId'
  | '/projects/$id'
  | '/series/$id'
  | '/tags/$id'
  | '/redirects/$id'
  | '/media/$id'
  | '/messages/$id'
  | '/webhooks/$id';

export type ListPath = '/pages' | '/projects' | '/series' | '/tags' | '/redirects' | '/media' | '/webhooks';

interface Props {
  path: RecordPath;
  id: string;
  className?: string | undefined;
  children: ReactNode;
}

export function paramsOf(path: RecordPath, id: string): Record<string, string> {
  return { [path.slice(path.indexOf('$') + 1)]: id };
}

export function RecordLink({ path, id, className, children }: Props) {
  const target = { to: path, params: paramsOf(path, id) } as unknown as LinkProps;
  return (
    <Link {...target} className={className}>
      {children}
    </Link>
  );
}
