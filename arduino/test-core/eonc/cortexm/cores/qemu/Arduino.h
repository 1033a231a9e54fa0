/* What sketches need of Arduino, for programs that QEMU runs. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* As cores for processors with one address space have it. */
#define PROGMEM
#define F(text) (text)
#define memcpy_P memcpy

#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define constrain(value, low, high) ((value) < (low) ? (low) : ((value) > (high) ? (high) : (value)))

#ifdef __cplusplus
extern "C" {
#endif

void setup(void);
void loop(void);
/* Time passes in calls of these alone, so that every run is the same. */
unsigned long millis(void);
unsigned long micros(void);
void delay(unsigned long milliseconds);
void delayMicroseconds(unsigned int microseconds);

#ifdef __cplusplus
}

/* The console. */
class SerialPort {
 public:
  void begin(unsigned long) {}
  void flush();
  explicit operator bool() const { return true; }
  void print(const char *text);
  void print(char letter);
  void print(int number) { print(static_cast<long>(number)); }
  void print(unsigned int number) { print(static_cast<unsigned long>(number)); }
  void print(long number);
  void print(unsigned long number);
  void print(double number, int digits = 2);
  void println() { print('\n'); }
  template <typename Value>
  void println(Value value) {
    print(value);
    println();
  }
  void println(double number, int digits) {
    print(number, digits);
    println();
  }
};

extern SerialPort Serial;
#endif
