#include "CImage.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

static png_uint_32 format(int channels, int bits) {
  if (channels == 3 && bits == 8) return PNG_FORMAT_RGB;
  if (channels == 1 && bits == 8) return PNG_FORMAT_GRAY;
  // What libpng calls linear is sixteen bits as they are given.
  return PNG_FORMAT_LINEAR_Y;
}

int cimage_encode_png(const uint8_t *pixels, int width, int height, int channels, int bits,
                      uint8_t **bytes, size_t *count) {
  if (width < 1 || height < 1) return 0;
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = (png_uint_32)width;
  image.height = (png_uint_32)height;
  image.format = format(channels, bits);
  uint16_t *deep = NULL;
  if (image.format == PNG_FORMAT_LINEAR_Y) {
    const size_t pixelCount = (size_t)width * (size_t)height;
    deep = malloc(pixelCount * sizeof *deep);
    if (!deep) return 0;
    for (size_t i = 0; i < pixelCount; i++) deep[i] = (uint16_t)(pixels[i] * 257);
  }
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  uint8_t *file = malloc(size);
  const int done = file && png_image_write_to_memory(
    &image, file, &size, 0, deep ? (const void *)deep : pixels, 0, NULL);
  free(deep);
  if (!done) {
    free(file);
    return 0;
  }
  *bytes = file;
  *count = size;
  return 1;
}
