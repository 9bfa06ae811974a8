#include "Picture.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

// What must outlive a jump out of libpng lies in one place in memory, not in registers.
typedef struct {
  png_structp file;
  png_infop info;
  const uint8_t *bytes;
  size_t left;
  uint8_t *rows;
  int wants_deep;
  cimage_picture *picture;
} decoder;

static void leave(png_structp file, png_const_charp message) {
  decoder *d = png_get_error_ptr(file);
  cimage_fail(d->picture, "it is a damaged PNG file: %s", message);
  png_longjmp(file, 1);
}

// Warnings are about text and colour profiles, which say nothing about pixels.
static void be_silent(png_structp file, png_const_charp message) {
  (void)file;
  (void)message;
}

static void read_bytes(png_structp file, png_bytep out, size_t count) {
  decoder *d = png_get_io_ptr(file);
  if (count > d->left) png_error(file, "it ends too early");
  memcpy(out, d->bytes, count);
  d->bytes += count;
  d->left -= count;
}

// Transparency is dropped, not blended, and gamma left alone, as Pillow does.
static void to_gray(const uint8_t *row, int channels, uint8_t *gray, int width) {
  for (int x = 0; x < width; x++, row += channels)
    gray[x] = channels < 3 ? row[0] : cimage_luma(row[0], row[1], row[2]);
}

// Sixteen bits stand in the file with the higher byte first.
static unsigned deep_level(const uint8_t *bytes) { return (unsigned)bytes[0] << 8 | bytes[1]; }

// The same for levels of 16 bits, which `gray` gets as libpng scales them to 8.
static void to_deep_gray(const uint8_t *row, int channels, uint16_t *deep, uint8_t *gray,
                         int width) {
  for (int x = 0; x < width; x++, row += 2 * channels) {
    const unsigned first = deep_level(row);
    deep[x] = channels < 3 ? (uint16_t)first
                           : cimage_deep_luma(first, deep_level(row + 2), deep_level(row + 4));
    gray[x] = (uint8_t)((deep[x] * 255u + 32895u) >> 16);
  }
}

static int decode(decoder *d) {
  if (setjmp(png_jmpbuf(d->file))) return 0;
  png_set_read_fn(d->file, d, read_bytes);
  // Our own limit speaks, with a message of its own.
  png_set_user_limits(d->file, 0x7fffffff, 0x7fffffff);
  png_read_info(d->file, d->info);
  const unsigned long width = png_get_image_width(d->file, d->info);
  const unsigned long height = png_get_image_height(d->file, d->info);
  if (!cimage_allocate(d->picture, width, height)) return 0;
  if (png_get_color_type(d->file, d->info) == PNG_COLOR_TYPE_PALETTE) {
    png_set_palette_to_rgb(d->file);
  } else if (png_get_bit_depth(d->file, d->info) < 8) {
    png_set_expand_gray_1_2_4_to_8(d->file);
  }
  if (d->wants_deep && png_get_bit_depth(d->file, d->info) == 16) {
    d->picture->deep = malloc(width * height * sizeof *d->picture->deep);
    if (!d->picture->deep) return cimage_fail(d->picture, "there is no memory for its pixels");
  } else {
    png_set_scale_16(d->file);
  }
  const int passes = png_set_interlace_handling(d->file);
  png_read_update_info(d->file, d->info);
  const size_t stride = png_get_rowbytes(d->file, d->info);
  const int channels = png_get_channels(d->file, d->info);
  // An interlaced picture comes in passes, each over all rows.
  const size_t held = passes > 1 ? height : 1;
  d->rows = malloc(stride * held);
  if (!d->rows) return cimage_fail(d->picture, "there is no memory for its pixels");
  for (int pass = 0; pass < passes; pass++) {
    for (size_t y = 0; y < height; y++) {
      uint8_t *row = d->rows + (passes > 1 ? y * stride : 0);
      png_read_row(d->file, row, NULL);
      if (pass < passes - 1) continue;
      uint8_t *gray = d->picture->pixels + y * width;
      if (d->picture->deep) {
        to_deep_gray(row, channels, d->picture->deep + y * width, gray, (int)width);
      } else {
        to_gray(row, channels, gray, (int)width);
      }
    }
  }
  png_read_end(d->file, d->info);
  png_bytep exif = NULL;
  png_uint_32 count = 0;
  if (png_get_eXIf_1(d->file, d->info, &count, &exif) && exif)
    return cimage_orient(d->picture, cimage_exif_orientation(exif, count));
  return 1;
}

int cimage_decode_png(const uint8_t *bytes, size_t count, int wants_deep, cimage_picture *picture) {
  memset(picture, 0, sizeof *picture);
  decoder d = {.bytes = bytes, .left = count, .wants_deep = wants_deep, .picture = picture};
  d.file = png_create_read_struct(PNG_LIBPNG_VER_STRING, &d, leave, be_silent);
  if (d.file) d.info = png_create_info_struct(d.file);
  const int done = d.info ? decode(&d) : cimage_fail(picture, "there is no memory to decode it");
  png_destroy_read_struct(&d.file, &d.info, NULL);
  free(d.rows);
  if (!done) cimage_drop(picture);
  return done;
}
