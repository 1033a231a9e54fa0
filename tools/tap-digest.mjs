/**
 * Makes a digest of a TAP stream as it comes: a line for each test file, and all that a file which failed has to say.
 * @param print called with each line of the digest
 * @returns a function to call with each line of the stream
 */
export function tapDigest(print) {
  let file = []
  let failed = false
  return (line) => {
    const [, not, name] = /^(not )?ok \d+ - (.*)$/.exec(line) ?? []
    if (name !== undefined) {
      failed = not !== undefined
      print(`${failed ? 'FAILED' : 'passed'} ${name.replace(/ # time=([\d.]+)ms$/, inSeconds)}`)
      file.filter(failed ? isNews : isSkip).forEach(print)
      file = []
    } else if (line.startsWith('    ')) {
      file.push(line)
    } else if (isOutside(line) || (failed && isCause(line))) {
      print(line)
    }
  }
}

function inSeconds(_, milliseconds) {
  return ` (${(milliseconds / 1000).toFixed(1)} s)`
}

/** Neither a test that passed nor the frame around the tests. */
function isNews(line) {
  return line.trim() !== '' && !/^ *(ok \d+|\d+\.\.\d+|# time=)/.test(line)
}

function isSkip(line) {
  return /^ *ok .* # (SKIP|TODO)\b/i.test(line)
}

/** How the process of a test file ended, among much that is known of every one. */
function isCause(line) {
  return line.startsWith('  ') && !/^ +(---|\.\.\.|- .*|(stdio|cwd|externalID|command|args|jobId):.*)$/.test(line)
}

/** Said by tap about the whole run, such as the coverage. That it is incomplete is no error here, though tap says so. */
function isOutside(line) {
  return /^\S/.test(line) && !/^(TAP version|1\.\.\d+|# (Subtest|time|\{|ERROR: incomplete \w+ coverage))/.test(line)
}
