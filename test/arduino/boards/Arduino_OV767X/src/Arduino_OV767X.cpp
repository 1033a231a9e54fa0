#include "Arduino_OV767X.h"

OV767X Camera;

int OV767X::begin(int, int, int) { return 1; }
void OV767X::readFrame(void *) {}
