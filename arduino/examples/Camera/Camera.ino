/*
 * Says which shape is before a camera. The picture is pushed row by row, so that it never lies in memory whole.
 *
 * The library is made of the model models/vision_int8.tflite:
 *   eonc compile models/vision_int8.tflite --name vision --input stream --target arduino --out vision
 *
 * SPDX-License-Identifier: MIT-0
 */
#include <eonc_vision.h>

#include "sensor.h"

static const char *const labels[] = {"circle", "ring", "square", "triangle", "cross", "star"};

static vision_context context;

void setup() {
  Serial.begin(115200);
  while (!Serial) {
  }
  if (!camera_begin()) {
    Serial.println(F("There is no camera."));
  }
}

void loop() {
  camera_capture();
  vision_status status = vision_more;
  for (int y = 0; y < VISION_UNITS; ++y) {
    uint8_t pixels[VISION_UNIT_ELEMENTS];
    int8_t row[VISION_UNIT_ELEMENTS];
    camera_row(y, pixels);
    for (int i = 0; i < VISION_UNIT_ELEMENTS; ++i) {
      row[i] = static_cast<int8_t>(pixels[i] - 128);
    }
    status = vision_push(&context, row, 1);
  }
  if (status != vision_ok) {
    return;
  }

  const int8_t *const output = vision_output(&context, 0);
  int best = 0;
  for (int i = 1; i < VISION_OUTPUT_0_ELEMENTS; ++i) {
    best = output[i] > output[best] ? i : best;
  }
  Serial.print(labels[best]);
  Serial.print(F(" "));
  Serial.println(VISION_OUTPUT_0_SCALE * (output[best] - VISION_OUTPUT_0_ZERO_POINT), 2);
}
