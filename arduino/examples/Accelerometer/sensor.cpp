/* SPDX-License-Identifier: MIT-0 */
#include "sensor.h"

#include <Arduino.h>

#if defined(PIN_A0) && defined(PIN_A1)
/* An analog accelerometer with 300 mV for each g, such as an ADXL335, on A0 (across the shaft) and A1 (along it). */
static const float VOLTS = 3.3f;
static const float VOLTS_PER_G = 0.3f;

void sensor_begin() {}

static float acceleration(int pin) { return (analogRead(pin) / 1023.0f - 0.5f) * VOLTS / VOLTS_PER_G; }

void sensor_read(float *radial, float *axial) {
  const unsigned long period = 1000000UL / SAMPLE_RATE;
  unsigned long next = micros();
  for (int i = 0; i < WINDOW; ++i, next += period) {
    while (static_cast<long>(micros() - next) < 0) {
    }
    radial[i] = acceleration(PIN_A0);
    axial[i] = acceleration(PIN_A1);
  }
}

#else
/* No board: a machine that turns 25 times a second, and gets another fault with each window. */
#include <math.h>

static int condition = 0; /* 0 normal, 1 imbalance, 2 misalignment, 3 bearing */
static unsigned long noise = 1;

void sensor_begin() {}

/* A sine wave of `order` times the speed. */
static float tone(int i, float order, float level) {
  return level * sinf(6.2831853f * (order * 25.0f * static_cast<float>(i) / SAMPLE_RATE + 0.13f * order));
}

/* Noise of about this level. */
static float hiss(float level) {
  float sum = 0;
  for (int i = 0; i < 4; ++i) {
    noise = noise * 1664525UL + 1013904223UL;
    sum += static_cast<float>((noise >> 16) & 0x7fff) / 16384.0f - 1.0f;
  }
  return level * 0.87f * sum;
}

/* A ball hits the pitted race 4.5 times a turn, and the housing rings. */
static float ringing(int i) {
  const float turns = static_cast<float>(i) / SAMPLE_RATE * 25.0f * 4.5f;
  const float since = (turns - floorf(turns)) / (4.5f * 25.0f);
  return expf(-500.0f * since) * sinf(6.2831853f * 1000.0f * since);
}

void sensor_read(float *radial, float *axial) {
  for (int i = 0; i < WINDOW; ++i) {
    radial[i] = tone(i, 1, 0.10f) + tone(i, 2, 0.04f) + tone(i, 3, 0.02f) + hiss(0.06f);
    axial[i] = tone(i, 1, 0.04f) + tone(i, 2, 0.02f) + tone(i, 3, 0.01f) + hiss(0.06f);
    if (condition == 1) {
      radial[i] += tone(i, 1, 0.45f);
      axial[i] += tone(i, 1, 0.06f);
    } else if (condition == 2) {
      radial[i] += tone(i, 1, 0.15f) + tone(i, 2, 0.25f);
      axial[i] += tone(i, 1, 0.15f) + tone(i, 2, 0.30f) + tone(i, 3, 0.08f);
    } else if (condition == 3) {
      radial[i] += 0.30f * ringing(i);
      axial[i] += 0.12f * ringing(i);
    }
  }
  condition = (condition + 1) % 4;
}
#endif
