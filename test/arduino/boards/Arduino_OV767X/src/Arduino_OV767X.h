/* What sketches call of the library of a camera. */
#pragma once

enum { QQVGA = 3, RGB565 = 2 };

class OV767X {
 public:
  int begin(int resolution, int format, int frames_per_second);
  void readFrame(void *buffer);
};

extern OV767X Camera;
