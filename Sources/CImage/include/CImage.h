#ifndef CIMAGE_H
#define CIMAGE_H

#include <stddef.h>
#include <stdint.h>

/// A decoded picture: `width * height` gray bytes, row by row from the top, and the same with all
/// sixteen bits in `deep`, where the file has as many and they were wanted; both to be freed with
/// `cimage_free`. Or no pixels and the reason in `error`. The file's own size stands in `full_width`
/// and `full_height`, where the picture was decoded at a smaller one.
typedef struct {
  uint8_t *pixels;
  uint16_t *deep;
  int width;
  int height;
  int full_width;
  int full_height;
  char error[256];
} cimage_picture;

/// Decode a JPEG or PNG file held in memory to 8-bit gray; return 1 on success.
/// Nothing longer than `cimage_longest_side` or larger than `cimage_most_pixels` is decoded.
///
/// A JPEG file that will be resized to `target` pixels (0 for none) is decoded at a half, a quarter or
/// an eighth of its size where its shorter side then is 8/7, 2 or 4 times as long or longer: so the
/// result stays within 0.5 gray levels on average of what the whole picture gives.
int cimage_decode_jpeg(const uint8_t *bytes, size_t count, int target, cimage_picture *picture);
int cimage_decode_png(const uint8_t *bytes, size_t count, int wants_deep, cimage_picture *picture);
void cimage_free(void *pixels);

/// Encodes gray pixels as a baseline JPEG file of `quality` 1 to 100 in memory, to be freed with
/// `cimage_free`; returns 1 on success, 0 when the size cannot be encoded or memory is out.
int cimage_encode_jpeg(const uint8_t *pixels, int width, int height, int quality, uint8_t **bytes,
                       size_t *count);

/// Encodes pixels of 1 channel (gray) or 3 (red, green, blue) as a PNG file of 8 bits in memory, or gray
/// ones of 16 bits, a level g as 257 g; to be freed with `cimage_free`. Returns 1 on success, 0 when the
/// size cannot be encoded or memory is out.
int cimage_encode_png(const uint8_t *pixels, int width, int height, int channels, int bits,
                      uint8_t **bytes, size_t *count);

enum { cimage_longest_side = 20000, cimage_most_pixels = 400000000 };

/// The filters: a triangle, and Keys' cubic with a = -0.5.
enum { cimage_bilinear = 0, cimage_bicubic = 1 };

/// Resizes with a filter as wide as the reduction (antialiased), horizontally and then vertically with
/// 8-bit values between; rows of the input are `stride` bytes apart. Returns 0 when out of memory.
int cimage_resize(const uint8_t *pixels, int width, int height, int stride, uint8_t *resized,
                  int new_width, int new_height, int filter);

/// The same for levels of 16 bits, with values of single precision between.
int cimage_resize_deep(const uint16_t *pixels, int width, int height, int stride,
                       uint16_t *resized, int new_width, int new_height, int filter);

/// Sums over the gray levels of a part of a picture.
typedef struct {
  uint64_t count, sum, squares;
  uint64_t dark;   // below 16
  uint64_t bright; // 240 or more
} cimage_sums;

/// Adds `height` rows of `width` pixels, `stride` bytes apart, to `sums`; a row has `cimage_longest_side`
/// pixels at most.
void cimage_add_levels(const uint8_t *pixels, int width, int height, int stride, cimage_sums *sums);

#endif
