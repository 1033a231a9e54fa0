/*
 * Listens to a machine by an accelerometer, and says in which condition it is.
 *
 * The library is made of the model models/vibration_int8.tflite:
 *   eonc compile models/vibration_int8.tflite --name vibration --target arduino --out vibration
 *
 * SPDX-License-Identifier: MIT-0
 */
#include <eonc_vibration.h>

#include "features.h"
#include "sensor.h"

static const char *const labels[] = {"normal", "imbalance", "misalignment", "bearing"};

static vibration_context context;
static float radial[WINDOW];
static float axial[WINDOW];

/* A real number as the network takes it. */
static int8_t quantize(float value) {
  const float steps = value / VIBRATION_INPUT_0_SCALE + VIBRATION_INPUT_0_ZERO_POINT;
  const long rounded = static_cast<long>(steps + (steps < 0 ? -0.5f : 0.5f));
  return static_cast<int8_t>(constrain(rounded, -128L, 127L));
}

void setup() {
  Serial.begin(115200);
  while (!Serial) {
  }
  sensor_begin();
}

void loop() {
  sensor_read(radial, axial);

  float features[2 * FEATURES];
  features_of(radial, features);
  features_of(axial, features + FEATURES);
  int8_t *const input = vibration_input(&context, 0);
  for (int i = 0; i < VIBRATION_INPUT_0_ELEMENTS; ++i) {
    input[i] = quantize(features[i]);
  }
  if (vibration_invoke(&context) != vibration_ok) {
    return;
  }

  const int8_t *const output = vibration_output(&context, 0);
  int best = 0;
  for (int i = 1; i < VIBRATION_OUTPUT_0_ELEMENTS; ++i) {
    best = output[i] > output[best] ? i : best;
  }
  const float probability = VIBRATION_OUTPUT_0_SCALE * (output[best] - VIBRATION_OUTPUT_0_ZERO_POINT);
  Serial.print(labels[best]);
  Serial.print(F(" "));
  Serial.println(probability, 2);
}
