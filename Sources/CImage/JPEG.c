#include "Picture.h"

// jpeglib.h needs FILE.
#include <stdio.h>

#include <jpeglib.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

// What must outlive a jump out of libjpeg lies in one place in memory, not in registers.
typedef struct {
  struct jpeg_error_mgr errors;
  struct jpeg_decompress_struct file;
  jmp_buf escape;
  char message[JMSG_LENGTH_MAX];
  int past_header;
  JSAMPLE *row;
} decoder;

static void leave(j_common_ptr info) {
  decoder *d = (decoder *)info->err;
  info->err->format_message(info, d->message);
  longjmp(d->escape, 1);
}

// libjpeg patches damage with gray and goes on; a radiograph with invented pixels is refused. Once
// the header is read every warning is about damage.
static void warn(j_common_ptr info, int level) {
  if (level < 0 && ((decoder *)info->err)->past_header) leave(info);
}

static void be_silent(j_common_ptr info) { (void)info; }

// Adobe's CMYK is stored inverted, so that a stored value is the share of light that passes.
static void cmyk_to_gray(const JSAMPLE *row, uint8_t *gray, int width) {
  for (int x = 0; x < width; x++, row += 4) {
    const unsigned key = row[3];
    unsigned light[3];
    for (int c = 0; c < 3; c++) {
      const unsigned ink = (255u - row[c]) * key + 128;
      const unsigned taken = ((ink >> 8) + ink) >> 8;
      light[c] = key > taken ? key - taken : 0;
    }
    gray[x] = cimage_luma(light[0], light[1], light[2]);
  }
}

static void read_rows(decoder *d, cimage_picture *picture) {
  const int width = picture->width;
  while (d->file.output_scanline < d->file.output_height) {
    uint8_t *gray = picture->pixels + (size_t)d->file.output_scanline * (size_t)width;
    JSAMPROW row = d->row ? d->row : gray;
    jpeg_read_scanlines(&d->file, &row, 1);
    if (d->file.output_components == 4) {
      cmyk_to_gray(row, gray, width);
    } else if (d->file.output_components == 3) {
      for (int x = 0; x < width; x++)
        gray[x] = cimage_luma(row[3 * x], row[3 * x + 1], row[3 * x + 2]);
    }
  }
}

static int orientation(const struct jpeg_decompress_struct *file) {
  for (jpeg_saved_marker_ptr m = file->marker_list; m; m = m->next) {
    if (m->marker == JPEG_APP0 + 1 && m->data_length > 6 && memcmp(m->data, "Exif\0", 6) == 0)
      return cimage_exif_orientation(m->data + 6, m->data_length - 6);
  }
  return 1;
}

// How many times smaller a picture can be decoded for `target`.
static unsigned reduction(const struct jpeg_decompress_struct *file, int target) {
  const unsigned long width = file->image_width, height = file->image_height;
  const unsigned long side = width < height ? width : height, wanted = (unsigned long)target;
  if (target < 1) return 1;
  if (side >= 8 * 4 * wanted) return 8;
  if (side >= 4 * 2 * wanted) return 4;
  return 7 * side >= 8 * 2 * wanted ? 2 : 1;
}

static int decode(decoder *d, const uint8_t *bytes, size_t count, int target,
                  cimage_picture *picture) {
  d->file.err = jpeg_std_error(&d->errors);
  d->errors.error_exit = leave;
  d->errors.emit_message = warn;
  d->errors.output_message = be_silent;
  if (setjmp(d->escape)) {
    if (d->message[0] >= 'A' && d->message[0] <= 'Z') d->message[0] += 'a' - 'A';
    return cimage_fail(picture, "it is a damaged JPEG file: %s", d->message);
  }
  jpeg_create_decompress(&d->file);
  jpeg_mem_src(&d->file, bytes, count);
  jpeg_save_markers(&d->file, JPEG_APP0 + 1, 0xffff);
  jpeg_read_header(&d->file, TRUE);
  d->past_header = 1;
  switch (d->file.num_components) {
  case 1: d->file.out_color_space = JCS_GRAYSCALE; break;
  case 3: d->file.out_color_space = JCS_RGB; break;
  case 4: d->file.out_color_space = JCS_CMYK; break;
  default:
    return cimage_fail(picture, "it is a JPEG file of %d components", d->file.num_components);
  }
  // The limits are those of the picture, however small it is decoded.
  if (!cimage_check_size(picture, d->file.image_width, d->file.image_height)) return 0;
  d->file.scale_denom = reduction(&d->file, target);
  jpeg_calc_output_dimensions(&d->file);
  if (!cimage_allocate(picture, d->file.output_width, d->file.output_height)) return 0;
  picture->full_width = (int)d->file.image_width;
  picture->full_height = (int)d->file.image_height;
  jpeg_start_decompress(&d->file);
  if (d->file.output_components > 1) {
    d->row = malloc((size_t)d->file.output_width * (size_t)d->file.output_components);
    if (!d->row) return cimage_fail(picture, "there is no memory for its pixels");
  }
  read_rows(d, picture);
  // The markers are gone once libjpeg has finished.
  const int held = orientation(&d->file);
  jpeg_finish_decompress(&d->file);
  return cimage_orient(picture, held);
}

int cimage_decode_jpeg(const uint8_t *bytes, size_t count, int target, cimage_picture *picture) {
  memset(picture, 0, sizeof *picture);
  decoder *d = calloc(1, sizeof *d);
  if (!d) return cimage_fail(picture, "there is no memory to decode it");
  const int done = decode(d, bytes, count, target, picture);
  jpeg_destroy_decompress(&d->file);
  free(d->row);
  free(d);
  if (!done) cimage_drop(picture);
  return done;
}
