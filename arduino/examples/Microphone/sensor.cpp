/* SPDX-License-Identifier: MIT-0 */
#include "sensor.h"

#include <Arduino.h>

#if defined(ARDUINO_ARDUINO_NANO33BLE)
/* The microphone of a Nano 33 BLE Sense: 16000 samples a second, of which pairs become one. */
#include <PDM.h>

static const int CAPACITY = 2048; /* a power of two */
static volatile int16_t ring[CAPACITY];
static volatile unsigned written = 0;
static unsigned taken = 0;

static void receive() {
  static int16_t block[256];
  const int count = PDM.read(block, min(PDM.available(), static_cast<int>(sizeof(block)))) / 2;
  for (int i = 0; i + 1 < count; i += 2) {
    ring[written % CAPACITY] = static_cast<int16_t>((block[i] + block[i + 1]) / 2);
    written = written + 1;
  }
}

bool microphone_begin() {
  PDM.onReceive(receive);
  return PDM.begin(1, 2 * SAMPLE_RATE) != 0;
}

void microphone_read(int16_t *samples, int count) {
  for (int i = 0; i < count; ++i) {
    while (taken == written) {
    }
    samples[i] = ring[taken % CAPACITY];
    ++taken;
  }
}

#else
/* No board: a voice that says a word in each second. */
#include <math.h>

/* Resonances of the vocal tract in Hz, how loud the voice is, how long the sound lasts in samples. */
struct Sound {
  float formants[3];
  float level;
  int length;
};
static const Sound n = {{280, 1500, 2400}, 0.4f, 700};
static const Sound o = {{480, 900, 2450}, 1.0f, 1000};
static const Sound u = {{320, 850, 2300}, 0.8f, 850};
static const Sound nothing = {{300, 1500, 2500}, 0.0f, 800};
static const Sound *const words[][4] = {{&nothing, &nothing, &nothing, &nothing}, {&n, &o, &u, &nothing}};

static const int CLIP = 8000; /* samples from one word to the next */
static const int START = 2000;
static int place = 0;
static int word = 0;
static unsigned long noise = 1;
static float resonance[3][2];

bool microphone_begin() { return true; }

/* Noise from -1 to 1. */
static float hiss() {
  noise = noise * 1664525UL + 1013904223UL;
  return static_cast<float>((noise >> 16) & 0x7fff) / 16384.0f - 1.0f;
}

/* The voice `at` samples into a word: pulses through resonances that glide from one sound to the next. */
static float voice(int at) {
  int index = 0;
  while (index < 3 && at >= words[word][index]->length) {
    at -= words[word][index]->length;
    ++index;
  }
  const Sound &now = *words[word][index];
  const Sound &next = *words[word][index < 3 ? index + 1 : 3];
  const float rest = static_cast<float>(now.length - at);
  const float glide = fminf(1, fmaxf(0, 1 - rest / 320)); /* over the last 40 ms */
  const float level = at < now.length ? now.level + (next.level - now.level) * glide : 0;
  static float phase = 0;
  phase += 140.0f / SAMPLE_RATE;
  const float pulse = phase >= 1 ? level * 7.5f : 0;
  phase -= phase >= 1 ? 1 : 0;
  static const float gains[] = {1.0f, 0.6f, 0.3f};
  static const float widths[] = {90, 120, 180};
  float sum = 0;
  for (int i = 0; i < 3; ++i) {
    const float formant = now.formants[i] + (next.formants[i] - now.formants[i]) * glide;
    const float decay = expf(-6.2831853f * widths[i] / SAMPLE_RATE);
    const float value = pulse * (1 - decay) + 2 * decay * cosf(6.2831853f * formant / SAMPLE_RATE) * resonance[i][0] -
                        decay * decay * resonance[i][1];
    resonance[i][1] = resonance[i][0];
    resonance[i][0] = value;
    sum += gains[i] * value;
  }
  return sum;
}

void microphone_read(int16_t *samples, int count) {
  for (int i = 0; i < count; ++i) {
    const float sound = place < START ? 0 : voice(place - START);
    samples[i] = static_cast<int16_t>(2000 * sound + 60 * hiss());
    if (++place == CLIP) {
      place = 0;
      word = (word + 1) % 2;
    }
  }
}
#endif
