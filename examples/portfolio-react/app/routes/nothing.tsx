import { emptyHead } from '~/lib/head';
import { Nothing } from '~/ui/nothing';

export function meta() {
  return emptyHead();
}

export default Nothing;
