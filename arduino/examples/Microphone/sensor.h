/* A microphone. SPDX-License-Identifier: MIT-0 */
#pragma once

#include <stdint.h>

/* Samples a second. */
#define SAMPLE_RATE 8000

/* False if there is no microphone. */
bool microphone_begin();
/* Waits for the next samples. */
void microphone_read(int16_t *samples, int count);
