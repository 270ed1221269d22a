// The part of the OpenAPI document that a frontend reads: content routes, and only the shapes they use.
const CONTENT = '/api/v1/';
const HIDDEN = ['/api/v1/admin/', '/api/v1/openapi.json'];

function references(value, found = new Set()) {
  if (Array.isArray(value)) value.forEach((item) => references(item, found));
  else if (value !== null && typeof value === 'object') {
    for (const [name, item] of Object.entries(value)) {
      if (name === '$ref' && typeof item === 'string') found.add(item);
      else references(item, found);
    }
  }
  return found;
}

/** Everything that `paths` needs, and what that needs in turn. */
function components(document, paths) {
  const kept = {};
  const open = [...references(paths)];
  while (open.length > 0) {
    const [, , group, name] = open.pop().split('/');
    if (kept[group]?.[name] !== undefined) continue;
    kept[group] = { ...kept[group], [name]: document.components[group][name] };
    open.push(...references(kept[group][name]));
  }
  // In the order of the document: a generated file that moves about can't be compared.
  for (const [group, known] of Object.entries(kept)) {
    const names = Object.keys(document.components[group]).filter((name) => name in known);
    kept[group] = Object.fromEntries(names.map((name) => [name, known[name]]));
  }
  return kept;
}

export function publicPart(document) {
  const paths = Object.fromEntries(
    Object.entries(document.paths).filter(
      ([path]) => path.startsWith(CONTENT) && !HIDDEN.some((hidden) => path.startsWith(hidden)),
    ),
  );
  return { openapi: document.openapi, info: document.info, paths, components: components(document, paths) };
}
