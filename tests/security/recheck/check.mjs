// Reads [{source, flags}] as JSON from standard input; writes what recheck says of each, in order.
import { checkSync } from 'recheck'
import { readFileSync } from 'node:fs'

const options = { timeout: 20000, checker: 'auto', attackTimeout: 2000 }
const asked = JSON.parse(readFileSync(0, 'utf-8'))
const said = asked.map(({ source, flags }) => {
  const found = checkSync(source, flags, options)
  return {
    status: found.status,
    complexity: found.complexity?.summary ?? found.error?.kind ?? '',
    attack: found.attack?.pattern ?? '',
  }
})
process.stdout.write(JSON.stringify(said))
