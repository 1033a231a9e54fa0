/* SPDX-License-Identifier: MIT-0 */
#include "sensor.h"

#include <Arduino.h>

#if defined(ARDUINO_ARDUINO_NANO33BLE)
/* An OV7670 on the Arduino Tiny Machine Learning Shield. */
#include <Arduino_OV767X.h>

static const int WIDTH = 160;
static const int HEIGHT = 120;
static uint8_t frame[WIDTH * HEIGHT * 2]; /* RGB565, the byte with red first */

bool camera_begin() { return Camera.begin(QQVGA, RGB565, 1) != 0; }

void camera_capture() { Camera.readFrame(frame); }

void camera_row(int y, uint8_t *pixels) {
  /* the square in the middle, of which each pixel takes the nearest */
  const int top = y * HEIGHT / PICTURE_SIZE;
  for (int x = 0; x < PICTURE_SIZE; ++x) {
    const int left = (WIDTH - HEIGHT) / 2 + x * HEIGHT / PICTURE_SIZE;
    const uint8_t *const pixel = frame + 2 * (top * WIDTH + left);
    *pixels++ = static_cast<uint8_t>(pixel[0] & 0xf8);
    *pixels++ = static_cast<uint8_t>((pixel[0] << 5 | pixel[1] >> 3) & 0xfc);
    *pixels++ = static_cast<uint8_t>(pixel[1] << 3);
  }
}

#else
/* No board: pictures of the shapes, one after the other. */
#include <math.h>

static int shape = -1; /* 0 circle, 1 ring, 2 square, 3 triangle, 4 cross, 5 star */

bool camera_begin() { return true; }

void camera_capture() { shape = (shape + 1) % 6; }

/* Below 0 inside the shape of radius 1 around the origin, above 0 outside. */
static float distance(float x, float y) {
  const float radius = sqrtf(x * x + y * y);
  const float wide = fmaxf(fabsf(x), fabsf(y));
  const float narrow = fminf(fabsf(x), fabsf(y));
  switch (shape) {
    case 0:
      return radius - 0.85f;
    case 1:
      return fabsf(radius - 0.72f) - 0.2f;
    case 2:
      return wide - 0.75f;
    case 3:
      return fmaxf(x, fmaxf(-0.5f * x + 0.866f * y, -0.5f * x - 0.866f * y)) - 0.5f;
    case 4:
      return fmaxf(narrow - 0.24f, wide - 0.9f);
    default: {
      /* the edge of a star runs from a tip at radius 1 to a notch at 0.45, in ten sectors that mirror each other */
      const float fifth = 6.2831853f / 5;
      const float turns = atan2f(y, x) / fifth + 0.5f;
      const float sector = fabsf(turns - floorf(turns) - 0.5f) * fifth;
      const float notch_x = 0.45f * cosf(fifth / 2);
      const float notch_y = 0.45f * sinf(fifth / 2);
      const float across = (radius * cosf(sector) - 1) * notch_y + radius * sinf(sector) * (1 - notch_x);
      return across / sqrtf(notch_y * notch_y + (1 - notch_x) * (1 - notch_x));
    }
  }
}

void camera_row(int y, uint8_t *pixels) {
  static const float back[] = {60, 70, 90};
  static const float front[] = {220, 200, 90};
  const float size = 10;
  for (int x = 0; x < PICTURE_SIZE; ++x) {
    const float inside = distance((static_cast<float>(x) - 15.5f) / size, (static_cast<float>(y) - 15.5f) / size);
    const float cover = fminf(1, fmaxf(0, 0.5f - inside * size));
    for (int colour = 0; colour < 3; ++colour) {
      *pixels++ = static_cast<uint8_t>(back[colour] + (front[colour] - back[colour]) * cover);
    }
  }
}
#endif
