/* The start-up code of this repository's firmware for the same board. */
#include "../../../../../../examples/cortex-m4/startup.c"
