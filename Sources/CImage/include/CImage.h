#ifndef CIMAGE_H
#define CIMAGE_H

#include <stddef.h>
#include <stdint.h>

/// A decoded picture: `width * height` gray bytes, row by row from the top, to be freed with
/// `cimage_free`; or no pixels and the reason in `error`.
typedef struct {
  uint8_t *pixels;
  int width;
  int height;
  char error[256];
} cimage_picture;

/// Decode a JPEG or PNG file held in memory to 8-bit gray; return 1 on success.
/// Nothing longer than `cimage_longest_side` or larger than `cimage_most_pixels` is decoded.
int cimage_decode_jpeg(const uint8_t *bytes, size_t count, cimage_picture *picture);
int cimage_decode_png(const uint8_t *bytes, size_t count, cimage_picture *picture);
void cimage_free(uint8_t *pixels);

/// Encodes gray pixels as a baseline JPEG file of `quality` 1 to 100 in memory, to be freed with
/// `cimage_free`; returns 1 on success, 0 when the size cannot be encoded or memory is out.
int cimage_encode_jpeg(const uint8_t *pixels, int width, int height, int quality, uint8_t **bytes,
                       size_t *count);

/// Encodes colour pixels (`width * height` times red, green, blue) as a PNG file in memory, to be freed
/// with `cimage_free`; returns 1 on success, 0 when the size cannot be encoded or memory is out.
int cimage_encode_png(const uint8_t *pixels, int width, int height, uint8_t **bytes,
                      size_t *count);

enum { cimage_longest_side = 20000, cimage_most_pixels = 400000000 };

/// Resizes with a triangle filter as wide as the reduction (antialiased bilinear), horizontally
/// and then vertically with 8-bit values between; returns 0 when out of memory.
int cimage_resize(const uint8_t *pixels, int width, int height, uint8_t *resized, int new_width,
                  int new_height);

#endif
