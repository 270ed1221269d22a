/** Who may do what: the server's own table, so that nobody is shown a door that will not open. */
import type { Permission, Role } from '~/api';
import { permissions } from '~/api/permissions.gen';

export type { Permission, Role } from '~/api';
export type Reach = 'any' | 'own' | null;

const table: Record<Permission, Record<Role, Reach>> = permissions;

export const ROLES = Object.keys(table.read) as Role[];
export const PERMISSIONS = Object.keys(table) as Permission[];

export const reachOf = (role: Role, permission: Permission): Reach => table[permission][role];
export const may = (role: Role, permission: Permission): boolean => reachOf(role, permission) !== null;
