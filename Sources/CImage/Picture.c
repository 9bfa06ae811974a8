#include "Picture.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int cimage_fail(cimage_picture *picture, const char *format, ...) {
  if (picture->error[0] == 0) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(picture->error, sizeof picture->error, format, arguments);
    va_end(arguments);
  }
  return 0;
}

void cimage_free(void *pixels) { free(pixels); }

void cimage_drop(cimage_picture *picture) {
  free(picture->pixels);
  free(picture->deep);
  picture->pixels = NULL;
  picture->deep = NULL;
}

int cimage_check_size(cimage_picture *picture, unsigned long width, unsigned long height) {
  if (width == 0 || height == 0) return cimage_fail(picture, "it has no pixels");
  if (width > cimage_longest_side || height > cimage_longest_side ||
      width * height > cimage_most_pixels)
    return cimage_fail(picture, "it claims to be %lu x %lu pixels, more than is read", width,
                       height);
  return 1;
}

int cimage_allocate(cimage_picture *picture, unsigned long width, unsigned long height) {
  if (!cimage_check_size(picture, width, height)) return 0;
  picture->pixels = malloc(width * height);
  if (!picture->pixels) return cimage_fail(picture, "there is no memory for its pixels");
  picture->width = picture->full_width = (int)width;
  picture->height = picture->full_height = (int)height;
  return 1;
}

int cimage_orient(cimage_picture *picture, int orientation) {
  if (orientation < 2 || orientation > 8) return 1;
  const size_t width = (size_t)picture->width, height = (size_t)picture->height;
  uint8_t *turned = malloc(width * height);
  uint16_t *deep = picture->deep ? malloc(width * height * sizeof *deep) : NULL;
  if (!turned || (picture->deep && !deep)) {
    free(turned);
    free(deep);
    return cimage_fail(picture, "there is no memory for its pixels");
  }
  // From 5 on rows and columns are exchanged.
  const int exchanged = orientation >= 5;
  const size_t new_width = exchanged ? height : width;
  const size_t new_height = exchanged ? width : height;
  const int from_right = orientation == 2 || orientation == 3 || orientation == 7 ||
                         orientation == 8;
  const int from_bottom = orientation == 3 || orientation == 4 || orientation == 6 ||
                          orientation == 7;
  for (size_t y = 0; y < new_height; y++) {
    for (size_t x = 0; x < new_width; x++) {
      size_t column = exchanged ? y : x, row = exchanged ? x : y;
      if (from_right) column = width - 1 - column;
      if (from_bottom) row = height - 1 - row;
      turned[y * new_width + x] = picture->pixels[row * width + column];
      if (deep) deep[y * new_width + x] = picture->deep[row * width + column];
    }
  }
  cimage_drop(picture);
  picture->pixels = turned;
  picture->deep = deep;
  picture->width = (int)new_width;
  picture->height = (int)new_height;
  if (exchanged) {
    const int full_width = picture->full_width;
    picture->full_width = picture->full_height;
    picture->full_height = full_width;
  }
  return 1;
}

static unsigned long number(const uint8_t *bytes, int size, int little) {
  unsigned long value = 0;
  for (int i = 0; i < size; i++) value = value << 8 | bytes[little ? size - 1 - i : i];
  return value;
}

int cimage_exif_orientation(const uint8_t *tiff, size_t count) {
  if (count < 8 || (tiff[0] != 'I' && tiff[0] != 'M') || tiff[1] != tiff[0]) return 1;
  const int little = tiff[0] == 'I';
  const size_t start = number(tiff + 4, 4, little);
  if (start > count || count - start < 2) return 1;
  const size_t entries = number(tiff + start, 2, little);
  for (size_t i = 0; i < entries; i++) {
    const size_t entry = start + 2 + 12 * i;
    if (entry + 12 > count) return 1;
    if (number(tiff + entry, 2, little) != 0x0112) continue;
    const unsigned long value = number(tiff + entry + 8, 2, little);
    return value >= 1 && value <= 8 ? (int)value : 1;
  }
  return 1;
}
