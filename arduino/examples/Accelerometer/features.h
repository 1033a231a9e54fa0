/* What the network sees of an axis of acceleration. SPDX-License-Identifier: MIT-0 */
#pragma once

/* Features of an axis. */
#define FEATURES 12

/* Level, crest factor, kurtosis, and the shares of the energy in nine bands of a window, as logarithms. */
void features_of(const float *signal, float *features);
