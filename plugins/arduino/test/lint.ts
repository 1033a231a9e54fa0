/**
 * The rules that Arduino's linter, `arduino-lint`, checks on libraries, by its identifiers, at its level "strict". Left
 * out are those whose answer is not in the library: LP013, LP017, LP018, LP022 and LP048 compare its name, version and
 * dependencies with the index of Arduino's Library Manager, LP042 loads its `url`, and LS004 looks for submodules of a Git
 * repository, which an output is none of. LS005, no symbolic links, is checked where the files are read, in lint.test.ts.
 */

/** A library: the name of its folder, and its files by their paths. */
export interface Library {
  readonly folder: string
  readonly files: ReadonlyMap<string, string>
}

export interface LintRule {
  /** Its identifiers in arduino-lint. */
  readonly id: string
  readonly text: string
  readonly holds: (library: Library) => boolean
  /** The library with a fault that this rule finds. */
  readonly broken: (library: Library) => Library
}

const FIELDS = [
  ...['name', 'version', 'author', 'maintainer', 'sentence', 'paragraph', 'category', 'url', 'architectures'],
  ...['includes', 'depends', 'dot_a_linkage', 'precompiled', 'ldflags', 'license'],
]
const CATEGORIES = [
  ...['Display', 'Communication', 'Signal Input/Output', 'Sensors', 'Device Control', 'Timing'],
  ...['Data Storage', 'Data Processing', 'Other'],
]
const PROPERTIES = 'library.properties'
const SPECIFIED_NAME = /^[a-zA-Z0-9][a-zA-Z0-9 _.-]*$/
const MISSPELT = /\b(recieve|seperate|occured|teh|lenght|adress|wich|memmory|becuase)\b/i

/** The fields of library.properties. */
export function fieldsOf({ files }: Library): ReadonlyMap<string, string> {
  const lines = (files.get(PROPERTIES) ?? '').split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.split('=')[0] ?? '', line.split('=').slice(1).join('=')]))
}

const field = (library: Library, name: string): string => fieldsOf(library).get(name) ?? ''
const paths = ({ files }: Library): readonly string[] => [...files.keys()]
const folders = (library: Library): readonly string[] => [
  ...new Set(
    paths(library).flatMap((path) =>
      path
        .split('/')
        .slice(0, -1)
        .map((_, i, all) => all.slice(0, i + 1).join('/')),
    ),
  ),
]
const rootFolders = (library: Library): readonly string[] => folders(library).filter((path) => !path.includes('/'))
const rootFiles = (library: Library): readonly string[] => paths(library).filter((path) => !path.includes('/'))
const sketches = (library: Library): readonly string[] => paths(library).filter((path) => /\.(ino|pde)$/.test(path))
const sources = (library: Library): readonly string[] =>
  [...library.files].filter(([path]) => /\.(ino|pde|c|cpp|h|S)$/.test(path)).map(([, text]) => text)

const withFile = (library: Library, path: string, text = ''): Library => ({
  ...library,
  files: new Map([...library.files, [path, text]]),
})
const moved = (library: Library, from: RegExp, to: string): Library => ({
  ...library,
  files: new Map([...library.files].map(([path, text]) => [path.replace(from, to), text])),
})
const without = (library: Library, pattern: RegExp): Library => ({
  ...library,
  files: new Map([...library.files].filter(([path]) => !pattern.test(path))),
})
/** The library with another value of a field; undefined: without the field. */
const withField = (library: Library, name: string, value: string | undefined): Library => {
  const fields = new Map(fieldsOf(library))
  if (value === undefined) fields.delete(name)
  else fields.set(name, value)
  return withFile(library, PROPERTIES, [...fields].map(([key, text]) => `${key}=${text}\n`).join(''))
}

/** A rule about a value, and a value that breaks it. */
const aboutField = (
  id: string,
  name: string,
  text: string,
  holds: (value: string, library: Library) => boolean,
  bad: string | undefined,
): LintRule => ({
  id,
  text: `${name}: ${text}`,
  holds: (library) => holds(field(library, name), library),
  broken: (library) => withField(library, name, bad),
})

const present = (id: string, name: string): readonly LintRule[] => [
  { ...aboutField(id, name, 'is there', () => true, undefined), holds: (library) => fieldsOf(library).has(name) },
]
const filled = (id: string, name: string): LintRule => aboutField(id, name, 'is not empty', (value) => value !== '', '')
const notArduino = (id: string, name: string): LintRule =>
  aboutField(id, name, 'does not name Arduino', (value) => !/arduino/i.test(value), 'Arduino people')

const STRUCTURE: readonly LintRule[] = [
  {
    id: 'LS001',
    text: 'it is a library: there is a header',
    holds: (library) => paths(library).some((path) => /^(src\/)?[^/]+\.h(pp|h)?$/.test(path)),
    broken: (library) => without(library, /\.h$/),
  },
  {
    id: 'LS002',
    text: 'the name of the folder has 63 characters at most',
    holds: ({ folder }) => folder.length <= 63,
    broken: (library) => ({ ...library, folder: 'a'.repeat(64) }),
  },
  {
    id: 'LS003',
    text: 'the name of the folder has no prohibited character',
    holds: ({ folder }) => /^[a-zA-Z0-9_][a-zA-Z0-9_.-]*$/.test(folder),
    broken: (library) => ({ ...library, folder: 'a b' }),
  },
  {
    id: 'LS006',
    text: 'there is no .development file',
    holds: (library) => !library.files.has('.development'),
    broken: (library) => withFile(library, '.development'),
  },
  {
    id: 'LS007',
    text: 'there is no .exe file',
    holds: (library) => !paths(library).some((path) => /\.exe$/i.test(path)),
    broken: (library) => withFile(library, 'extras/tool.exe'),
  },
  {
    id: 'LS008',
    text: 'a header is named as the library is',
    holds: (library) => library.files.has(`src/${field(library, 'name')}.h`),
    broken: (library) => moved(library, /^src\/eonc_(\w+)\.h$/, 'src/other.h'),
  },
  {
    id: 'LS009',
    text: 'the folder src is named exactly so',
    holds: (library) => !rootFolders(library).some((name) => /^src$/i.test(name) && name !== 'src'),
    broken: (library) => withFile(library, 'SRC/a.h'),
  },
  {
    id: 'LS010',
    text: 'there is no folder utility beside src',
    holds: (library) => !rootFolders(library).includes('utility'),
    broken: (library) => withFile(library, 'utility/a.h'),
  },
  {
    id: 'LS011 LS012',
    text: 'a folder for extras is named extras',
    holds: (library) => !rootFolders(library).some((name) => /^extras?$/i.test(name) && name !== 'extras'),
    broken: (library) => withFile(library, 'extra/a.txt'),
  },
]

const PROPERTIES_FILE: readonly LintRule[] = [
  {
    id: 'LP001',
    text: 'there is a library.properties',
    holds: (library) => library.files.has(PROPERTIES),
    broken: (library) => without(library, /^library\.properties$/),
  },
  {
    id: 'LP002 LP003',
    text: 'no other file has a name like it',
    holds: (library) =>
      !rootFiles(library).some((name) => /^librar(y|ies)[.-]?propert(y|ies)$/i.test(name) && name !== PROPERTIES),
    broken: (library) => withFile(library, 'Library.properties'),
  },
  {
    id: 'LP004',
    text: 'there is one in the root alone',
    holds: (library) => paths(library).filter((path) => path.endsWith(PROPERTIES)).length === 1,
    broken: (library) => withFile(library, `src/${PROPERTIES}`),
  },
  {
    id: 'LP005',
    text: 'each line is a field and its value',
    holds: ({ files }) => (files.get(PROPERTIES) ?? '').split('\n').every((line) => line === '' || /^\w+=/.test(line)),
    broken: (library) => withFile(library, PROPERTIES, 'name\n'),
  },
  {
    id: 'LP006',
    text: 'each field is one that the format has',
    holds: (library) => [...fieldsOf(library).keys()].every((name) => FIELDS.includes(name)),
    broken: (library) => withField(library, 'architecture', '*'),
  },
]

const VALUES: readonly LintRule[] = [
  ...present('LP007', 'name'),
  filled('LP008', 'name'),
  aboutField('LP009', 'name', 'has 63 characters at most', (value) => value.length <= 63, 'a'.repeat(64)),
  aboutField('LP010', 'name', 'has 16 characters at most', (value) => value.length <= 16, 'a'.repeat(17)),
  aboutField('LP011', 'name', 'has no prohibited character', (value) => SPECIFIED_NAME.test(value), 'a/b'),
  aboutField('LP012 LP014', 'name', 'does not name Arduino', (value) => !/arduino/i.test(value), 'arduino_kws'),
  aboutField('LP015', 'name', 'has no spaces', (value) => !value.includes(' '), 'a b'),
  aboutField('LP016', 'name', 'does not say that it is a library', (value) => !/library/i.test(value), 'kws_library'),
  ...present('LP019', 'version'),
  aboutField('LP020 LP021', 'version', 'is a semantic version', (value) => /^\d+\.\d+\.\d+$/.test(value), '1.0'),
  ...present('LP023', 'author'),
  filled('LP024', 'author'),
  ...present('LP025', 'maintainer'),
  filled('LP026', 'maintainer'),
  notArduino('LP027 LP057', 'maintainer'),
  { ...filled('LP028 LP029 LP030', 'email'), holds: (library) => !fieldsOf(library).has('email') },
  ...present('LP031', 'sentence'),
  filled('LP032', 'sentence'),
  aboutField('LP033', 'sentence', 'has no common misspelling', (value) => !MISSPELT.test(value), 'They recieve.'),
  ...present('LP034', 'paragraph'),
  aboutField('LP035', 'paragraph', 'has no common misspelling', (value) => !MISSPELT.test(value), 'Teh end.'),
  {
    id: 'LP036',
    text: 'the paragraph does not repeat the sentence',
    holds: (library) => !field(library, 'paragraph').includes(field(library, 'sentence')),
    broken: (library) => withField(library, 'paragraph', `${field(library, 'sentence')} And more.`),
  },
  ...present('LP037', 'category'),
  aboutField('LP038 LP039', 'category', 'is one that there is', (value) => CATEGORIES.includes(value), 'Uncategorized'),
  ...present('LP040', 'url'),
  filled('LP056', 'url'),
  aboutField('LP041', 'url', 'is a URL', (value) => /^https?:\/\/[^\s/]+/.test(value), 'here'),
  ...present('LP043', 'architectures'),
  filled('LP044', 'architectures'),
  aboutField(
    'LP045 LP046',
    'architectures',
    'are known, in lower case',
    (value) => /^(\*|[a-z0-9_,]+)$/.test(value),
    'AVR',
  ),
  aboutField('LP047 LP058', 'depends', 'is a list', (value) => value === '' || !/[^\w .,()<>=&|!-]/.test(value), 'a;b'),
  aboutField('LP049 LP050', 'dot_a_linkage', 'is true or false', (value) => /^(true|false|)$/.test(value), 'yes'),
  {
    ...filled('LP051', 'includes'),
    holds: (library) => !fieldsOf(library).has('includes') || field(library, 'includes') !== '',
  },
  {
    id: 'LP052',
    text: 'includes: they are there',
    holds: (library) =>
      field(library, 'includes')
        .split(',')
        .every((header) => library.files.has(`src/${header.trim()}`)),
    broken: (library) => withField(library, 'includes', 'absent.h'),
  },
  aboutField(
    'LP053 LP054',
    'precompiled',
    'is true, full or false',
    (value) => /^(true|full|false|)$/.test(value),
    'yes',
  ),
  {
    ...filled('LP055', 'ldflags'),
    holds: (library) => !fieldsOf(library).has('ldflags') || field(library, 'ldflags') !== '',
  },
]

const CODE: readonly LintRule[] = [
  {
    id: 'LC001 SC001',
    text: 'Arduino.h is included by its name exactly',
    holds: (library) =>
      sources(library)
        .flatMap((text) => [...text.matchAll(/#include\s*[<"](arduino\.h)[>"]/gi)])
        .every(([, name]) => name === 'Arduino.h'),
    broken: (library) => withFile(library, 'src/a.h', '#include <arduino.h>\n'),
  },
  {
    id: 'LD001',
    text: 'there is a README',
    holds: (library) => rootFiles(library).some((name) => /^readme\.(md|txt|adoc)$/i.test(name)),
    broken: (library) => without(library, /^README\.md$/),
  },
  {
    id: 'LD002',
    text: 'there is a licence',
    holds: (library) => rootFiles(library).some((name) => /^(un)?licen[cs]e(\.(md|txt))?$/i.test(name)),
    broken: (library) => without(library, /^LICENSE$/),
  },
  {
    id: 'LD003',
    text: 'sketches stand in examples or extras',
    holds: (library) => sketches(library).every((path) => /^(examples|extras)\//.test(path)),
    broken: (library) => withFile(library, 'src/a/a.ino'),
  },
  {
    id: 'LD004',
    text: 'there are examples',
    holds: (library) => sketches(library).some((path) => path.startsWith('examples/')),
    broken: (library) => without(library, /^examples/),
  },
  {
    id: 'LD005 LD006',
    text: 'their folder is named examples',
    holds: (library) => !rootFolders(library).some((name) => /^examples?$/i.test(name) && name !== 'examples'),
    broken: (library) => withFile(library, 'Examples/a/a.ino'),
  },
  {
    id: 'SS001 SS004',
    text: 'a sketch is named as its folder is, and ends in .ino',
    holds: (library) => sketches(library).every((path) => /(?:^|\/)([^/]+)\/\1\.ino$/.test(path)),
    broken: (library) => withFile(library, 'examples/a/b.ino'),
  },
  {
    id: 'SS002 SS003',
    text: 'the name of a sketch has no prohibited character, and 63 at most',
    holds: (library) => sketches(library).every((path) => /\/[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,62}\.ino$/.test(path)),
    broken: (library) => withFile(library, 'examples/a b/a b.ino'),
  },
]

/** All rules, sorted as arduino-lint's own documentation has them. */
export const LINT_RULES: readonly LintRule[] = [...STRUCTURE, ...PROPERTIES_FILE, ...VALUES, ...CODE]
