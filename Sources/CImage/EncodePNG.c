#include "CImage.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

int cimage_encode_png(const uint8_t *pixels, int width, int height, uint8_t **bytes,
                      size_t *count) {
  if (width < 1 || height < 1) return 0;
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = (png_uint_32)width;
  image.height = (png_uint_32)height;
  image.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  uint8_t *file = malloc(size);
  if (!file) return 0;
  if (!png_image_write_to_memory(&image, file, &size, 0, pixels, 0, NULL)) {
    free(file);
    return 0;
  }
  *bytes = file;
  *count = size;
  return 1;
}
