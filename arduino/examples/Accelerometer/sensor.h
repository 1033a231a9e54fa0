/* Two axes of acceleration. SPDX-License-Identifier: MIT-0 */
#pragma once

/* Samples of a window, and how many a second there are. */
#define WINDOW 512
#define SAMPLE_RATE 3200

void sensor_begin();
/* Reads a window of the acceleration across the shaft and along it, in g. */
void sensor_read(float *radial, float *axial);
