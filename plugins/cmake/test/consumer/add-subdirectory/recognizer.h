#ifndef RECOGNIZER_H
#define RECOGNIZER_H

#include <stdint.h>

int recognize(const int8_t *features, int8_t *scores);

#endif
