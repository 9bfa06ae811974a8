#include "CImage.h"

// jpeglib.h needs FILE.
#include <stdio.h>

#include <jpeglib.h>
#include <setjmp.h>
#include <stdlib.h>

typedef struct {
  struct jpeg_error_mgr errors;
  struct jpeg_compress_struct file;
  jmp_buf escape;
  unsigned char *bytes;
  unsigned long count;
} encoder;

static void leave(j_common_ptr info) { longjmp(((encoder *)info->err)->escape, 1); }

static void be_silent(j_common_ptr info) { (void)info; }

static int encode(encoder *e, const uint8_t *pixels, int width, int height, int quality) {
  e->file.err = jpeg_std_error(&e->errors);
  e->errors.error_exit = leave;
  e->errors.output_message = be_silent;
  if (setjmp(e->escape)) return 0;
  jpeg_create_compress(&e->file);
  jpeg_mem_dest(&e->file, &e->bytes, &e->count);
  e->file.image_width = (JDIMENSION)width;
  e->file.image_height = (JDIMENSION)height;
  e->file.input_components = 1;
  e->file.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&e->file);
  jpeg_set_quality(&e->file, quality, TRUE);
  jpeg_start_compress(&e->file, TRUE);
  while (e->file.next_scanline < e->file.image_height) {
    // libjpeg reads the row only; its type is older than const.
    JSAMPROW row = (JSAMPROW)(pixels + (size_t)e->file.next_scanline * (size_t)width);
    jpeg_write_scanlines(&e->file, &row, 1);
  }
  jpeg_finish_compress(&e->file);
  return 1;
}

int cimage_encode_jpeg(const uint8_t *pixels, int width, int height, int quality, uint8_t **bytes,
                       size_t *count) {
  encoder *e = calloc(1, sizeof *e);
  if (!e) return 0;
  const int done = encode(e, pixels, width, height, quality);
  jpeg_destroy_compress(&e->file);
  if (done) {
    *bytes = e->bytes;
    *count = e->count;
  } else {
    free(e->bytes);
  }
  free(e);
  return done;
}
