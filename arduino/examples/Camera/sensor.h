/* A camera that gives small pictures. SPDX-License-Identifier: MIT-0 */
#pragma once

#include <stdint.h>

/* Rows and columns of a picture. */
#define PICTURE_SIZE 32

/* False if there is no camera. */
bool camera_begin();
/* Takes a picture. */
void camera_capture();
/* Row `y` of the picture: red, green and blue of each pixel, 0 to 255. */
void camera_row(int y, uint8_t *pixels);
