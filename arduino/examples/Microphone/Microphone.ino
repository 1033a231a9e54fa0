/*
 * Listens for eight words: yes, no, up, down, left, right, stop, go.
 *
 * The library is made of the model models/keyword_cnn2d_int8.tflite:
 *   eonc compile models/keyword_cnn2d_int8.tflite --name keyword --target arduino --out keyword
 *
 * SPDX-License-Identifier: MIT-0
 */
#include <eonc_keyword.h>

#include "features.h"
#include "sensor.h"

static const char *const labels[] = {"silence", "unknown", "yes", "no", "up", "down", "left", "right", "stop", "go"};

static keyword_context context;
static float spectrogram[FRAMES * BANDS];

/* A real number as the network takes it. */
static int8_t quantize(float value) {
  const float steps = value / KEYWORD_INPUT_0_SCALE + KEYWORD_INPUT_0_ZERO_POINT;
  const long rounded = static_cast<long>(steps + (steps < 0 ? -0.5f : 0.5f));
  return static_cast<int8_t>(constrain(rounded, -128L, 127L));
}

/* One second of sound, as the energy in each band of each frame, less its mean. */
static void listen() {
  static int16_t sound[FRAME];
  float sum = 0;
  microphone_read(sound, FRAME - HOP);
  for (int frame = 0; frame < FRAMES; ++frame) {
    microphone_read(sound + FRAME - HOP, HOP);
    float *const bands = spectrogram + frame * BANDS;
    log_mel(sound, bands);
    for (int band = 0; band < BANDS; ++band) {
      sum += bands[band];
    }
    memmove(sound, sound + HOP, (FRAME - HOP) * sizeof(sound[0]));
  }
  const float mean = sum / (FRAMES * BANDS);
  int8_t *const input = keyword_input(&context, 0);
  for (int i = 0; i < FRAMES * BANDS; ++i) {
    input[i] = quantize(spectrogram[i] - mean);
  }
}

void setup() {
  Serial.begin(115200);
  while (!Serial) {
  }
  if (!microphone_begin()) {
    Serial.println(F("There is no microphone."));
  }
}

void loop() {
  listen();
  if (keyword_invoke(&context) != keyword_ok) {
    return;
  }

  const int8_t *const output = keyword_output(&context, 0);
  int best = 0;
  for (int i = 1; i < KEYWORD_OUTPUT_0_ELEMENTS; ++i) {
    best = output[i] > output[best] ? i : best;
  }
  Serial.print(labels[best]);
  Serial.print(F(" "));
  Serial.println(KEYWORD_OUTPUT_0_SCALE * (output[best] - KEYWORD_OUTPUT_0_ZERO_POINT), 2);
}
