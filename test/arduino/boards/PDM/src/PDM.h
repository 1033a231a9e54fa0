/* What sketches call of the library of a microphone. */
#pragma once

class PDMClass {
 public:
  int begin(int channels, int sample_rate);
  int available();
  int read(void *buffer, int bytes);
  void onReceive(void (*function)(void));
};

extern PDMClass PDM;
