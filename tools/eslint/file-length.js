/** An ESLint rule: a file longer than its one option, in lines, tells more than one story. */
export const fileLength = {
  meta: {
    type: 'suggestion',
    docs: { description: 'Files are short' },
    messages: { long: '{{lines}} lines: files tell one story in at most {{limit}}' },
    schema: [{ type: 'integer', minimum: 1 }],
  },
  create(context) {
    const [limit] = context.options
    const lines = context.sourceCode.lines.length
    return {
      Program(node) {
        if (lines > limit) context.report({ node, messageId: 'long', data: { lines, limit } })
      },
    }
  },
}
