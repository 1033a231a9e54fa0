#include "recognizer.h"

#include <string.h>

#include "keyword.h"

static keyword_context context;

int recognize(const int8_t *features, int8_t *scores) {
  memcpy(keyword_input(&context, 0), features, KEYWORD_INPUT_0_BYTES);
  const keyword_status status = keyword_invoke(&context);
  if (status != keyword_ok) return (int)status;
  memcpy(scores, keyword_output(&context, 0), KEYWORD_OUTPUT_0_BYTES);
  return 0;
}
