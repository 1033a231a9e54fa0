#ifndef FAKE_WEIGHTS_H
#define FAKE_WEIGHTS_H

#include <stdint.h>

extern const int32_t fake_weights[16];

#endif
