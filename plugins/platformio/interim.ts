import { type ModelFacts, renderTemplate, type SourceFile } from 'eonc'
const t = (n: string): URL => new URL(`templates/${n}.ejs`, import.meta.url)
const C_TYPES: Record<string, string> = {
  float32: 'float',
  int8: 'int8_t',
  int32: 'int32_t',
  uint8: 'uint8_t',
  int16: 'int16_t',
  bool: 'uint8_t',
}
export const cType = (type: string): string => C_TYPES[type] ?? 'void'
export const factsText = (facts: ModelFacts): string => renderTemplate(t('interim-facts.md'), facts)
export const kernelsText = (facts: ModelFacts): string => renderTemplate(t('interim-kernels.md'), facts)
export interface SourceSet {
  readonly name: string
  readonly compiler: string
  readonly files: readonly SourceFile[]
  readonly models: readonly ModelFacts[]
}
export const newer = ({
  files,
  facts,
}: {
  readonly files: readonly SourceFile[]
  readonly facts: ModelFacts
}): SourceSet => ({ name: facts.name, compiler: facts.compiler, files, models: [facts] })
