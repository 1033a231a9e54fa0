/* What the network sees of a sound: a spectrogram. SPDX-License-Identifier: MIT-0 */
#pragma once

#include <stdint.h>

/* Samples of a frame (32 ms), and from one frame to the next (20 ms). */
#define FRAME 256
#define HOP 160
/* Frames of a spectrogram, and bands of a frame. */
#define FRAMES 49
#define BANDS 24

/* The energy of a frame in bands that the ear tells apart, from 80 to 4000 Hz, as logarithms. */
void log_mel(const int16_t *sound, float *bands);
