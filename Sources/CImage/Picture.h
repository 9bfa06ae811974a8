#ifndef CIMAGE_PICTURE_H
#define CIMAGE_PICTURE_H

#include "CImage.h"

/// Gray by ITU-R 601 in the integers that Pillow uses.
static inline uint8_t cimage_luma(unsigned r, unsigned g, unsigned b) {
  return (uint8_t)((r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16);
}

/// The same for levels of 16 bits.
static inline uint16_t cimage_deep_luma(uint64_t r, uint64_t g, uint64_t b) {
  return (uint16_t)((r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16);
}

/// Records why decoding failed, as for `printf`; the first reason stays. Returns 0.
int cimage_fail(cimage_picture *picture, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/// Checks the size against the limits; returns 1 where it keeps them.
int cimage_check_size(cimage_picture *picture, unsigned long width, unsigned long height);

/// Checks the size against the limits and makes room for the pixels; returns 1 on success.
int cimage_allocate(cimage_picture *picture, unsigned long width, unsigned long height);

/// Frees what `cimage_allocate` and a decoder made room for.
void cimage_drop(cimage_picture *picture);

/// Turns the picture as the EXIF orientation (1 to 8) says it was held; returns 1 on success.
int cimage_orient(cimage_picture *picture, int orientation);

/// The orientation in a TIFF header as EXIF stores it; 1 where there is none.
int cimage_exif_orientation(const uint8_t *tiff, size_t count);

#endif
