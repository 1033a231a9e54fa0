/** Blocks of code of a language in a text in Markdown. */
export const codeBlocks = (text: string, language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^\`]*)^\`\`\`$`, 'gm'))].map(([, code = '']) => code)
