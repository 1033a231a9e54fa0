#include "Arduino.h"

#include <stdio.h>

SerialPort Serial;

void SerialPort::flush() { fflush(stdout); }
void SerialPort::print(const char *text) { fputs(text, stdout); }
void SerialPort::print(char letter) { putchar(letter); }
void SerialPort::print(long number) { printf("%ld", number); }
void SerialPort::print(unsigned long number) { printf("%lu", number); }
void SerialPort::print(double number, int digits) { printf("%.*f", digits, number); }

static unsigned long now = 0; /* in microseconds */

unsigned long micros() { return now; }
unsigned long millis() { return now / 1000; }
void delay(unsigned long milliseconds) { now += 1000 * milliseconds; }
void delayMicroseconds(unsigned int microseconds) { now += microseconds; }

/* How often a sketch runs its loop, which could go on for ever. */
#ifndef EONC_TEST_LOOPS
#define EONC_TEST_LOOPS 1
#endif

int main() {
  setup();
  for (int i = 0; i < EONC_TEST_LOOPS; ++i) {
    loop();
  }
  Serial.flush();
  return 0;
}
