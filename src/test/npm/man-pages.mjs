// Makes a manual page of each AsciiDoc file in a directory, beside it: PAGE.adoc becomes PAGE.1.
// usage: node man-pages.mjs NODE_MODULES DIRECTORY
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const [modules, directory] = process.argv.slice(2)
const { convertFile } = createRequire(resolve(modules, 'of.js'))('@asciidoctor/core')
for (const name of readdirSync(directory).filter(name => name.endsWith('.adoc'))) {
  await convertFile(join(directory, name), {
    backend: 'manpage',
    doctype: 'manpage',
    safe: 'unsafe',
    standalone: true,
    // Without the date of the conversion.
    attributes: { reproducible: '' },
  })
}
