#include "CImage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

// The arithmetic is that of Pillow's `Image.resize`, BILINEAR or BICUBIC: weights computed in double
// precision, normalised to one, rounded to 22 bits after the point.
enum { precision = 22 };

typedef struct {
  int taps;        // room for the weights of each output pixel
  int *first;      // the first input pixel that counts
  int *count;      // how many count
  int32_t *weight; // [size, taps]
  double *share;   // the same, not rounded
} filter;

static void free_filter(filter *f) {
  free(f->first);
  free(f->count);
  free(f->weight);
  free(f->share);
}

// Keys' cubic convolution with a = -0.5 (IEEE ASSP 29, 1981).
static double cubic(double x) {
  const double a = -0.5;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

static int make_filter(filter *f, int in, int out, int kind) {
  const double scale = (double)in / out;
  const double stretch = scale < 1 ? 1 : scale;
  const double reach = stretch * (kind == cimage_bicubic ? 2 : 1);
  f->taps = (int)ceil(reach) * 2 + 1;
  f->first = malloc((size_t)out * sizeof *f->first);
  f->count = malloc((size_t)out * sizeof *f->count);
  f->weight = calloc((size_t)out * (size_t)f->taps, sizeof *f->weight);
  f->share = calloc((size_t)out * (size_t)f->taps, sizeof *f->share);
  if (!f->first || !f->count || !f->weight || !f->share) {
    free_filter(f);
    return 0;
  }
  for (int i = 0; i < out; i++) {
    const double centre = (i + 0.5) * scale;
    int low = (int)(centre - reach + 0.5);
    int high = (int)(centre + reach + 0.5);
    if (low < 0) low = 0;
    if (high > in) high = in;
    double *w = f->share + (size_t)i * (size_t)f->taps;
    double sum = 0;
    for (int x = low; x < high; x++) {
      const double distance = fabs((x - centre + 0.5) * (1 / stretch));
      w[x - low] = kind == cimage_bicubic ? cubic(distance) : distance < 1 ? 1 - distance : 0;
      sum += w[x - low];
    }
    for (int x = 0; x < high - low; x++) {
      w[x] = sum != 0 ? w[x] / sum : 0;
      f->weight[(size_t)i * (size_t)f->taps + (size_t)x] =
          (int32_t)((w[x] < 0 ? -0.5 : 0.5) + w[x] * (1 << precision));
    }
    f->first[i] = low;
    f->count[i] = high - low;
  }
  return 1;
}

static uint8_t rounded(int32_t sum) {
  const int32_t value = sum >> precision;
  return value > 255 ? 255 : value < 0 ? 0 : (uint8_t)value;
}

// The same integers, with wider registers where the processor has them.
#if defined(__x86_64__) && defined(__linux__)
#define wide __attribute__((target_clones("avx2", "default")))
#else
#define wide
#endif

typedef uint8_t sixteen __attribute__((vector_size(16)));

// Writes 16 columns of 16 rows as rows: four times the first half of the rows is interleaved with the
// second.
static void transpose_block(const uint8_t *in, size_t in_stride, uint8_t *out, size_t out_stride) {
  sixteen row[16], mixed[16];
  for (size_t i = 0; i < 16; i++) memcpy(&row[i], in + i * in_stride, 16);
  for (int round = 0; round < 4; round++) {
    for (int i = 0; i < 8; i++) {
      mixed[2 * i] = __builtin_shufflevector(row[i], row[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20,
                                             5, 21, 6, 22, 7, 23);
      mixed[2 * i + 1] = __builtin_shufflevector(row[i], row[i + 8], 8, 24, 9, 25, 10, 26, 11, 27,
                                                 12, 28, 13, 29, 14, 30, 15, 31);
    }
    memcpy(row, mixed, sizeof row);
  }
  for (size_t i = 0; i < 16; i++) memcpy(out + i * out_stride, &row[i], 16);
}

// Writes columns as rows.
static void transpose(const uint8_t *in, size_t in_stride, size_t rows, size_t columns, uint8_t *out,
                      size_t out_stride) {
  const size_t whole_rows = rows / 16 * 16, whole_columns = columns / 16 * 16;
  for (size_t r = 0; r < whole_rows; r += 16)
    for (size_t c = 0; c < whole_columns; c += 16)
      transpose_block(in + r * in_stride + c, in_stride, out + c * out_stride + r, out_stride);
  for (size_t r = 0; r < rows; r++)
    for (size_t c = r < whole_rows ? whole_columns : 0; c < columns; c++)
      out[c * out_stride + r] = in[r * in_stride + c];
}

// Sums whole rows, so that the inner loop runs over neighbours in memory.
wide static void resize_columns(const filter *f, const uint8_t *in, int width, int stride,
                                uint8_t *out, int new_height) {
  enum { block = 32 };
  const int whole = width / block * block;
  for (int y = 0; y < new_height; y++) {
    const uint8_t *first = in + (size_t)f->first[y] * (size_t)stride;
    const int32_t *weight = f->weight + (size_t)y * (size_t)f->taps;
    uint8_t *resized = out + (size_t)y * (size_t)width;
    // The sums of a block stay in registers.
    for (int start = 0; start < whole; start += block) {
      int32_t sum[block];
      for (int x = 0; x < block; x++) sum[x] = 1 << (precision - 1);
      for (int k = 0; k < f->count[y]; k++) {
        const uint8_t *row = first + (size_t)k * (size_t)stride + start;
        for (int x = 0; x < block; x++) sum[x] += row[x] * weight[k];
      }
      for (int x = 0; x < block; x++) resized[start + x] = rounded(sum[x]);
    }
    for (int x = whole; x < width; x++) {
      int32_t sum = 1 << (precision - 1);
      for (int k = 0; k < f->count[y]; k++)
        sum += first[(size_t)k * (size_t)stride + x] * weight[k];
      resized[x] = rounded(sum);
    }
  }
}

// Turns rows into columns, strip by strip, since columns are neighbours in memory. Returns 0 when out of
// memory.
static int resize_rows(const filter *f, const uint8_t *in, int width, int stride, int height,
                       uint8_t *out, int new_width) {
  enum { strip = 64 };
  uint8_t *turned = calloc((size_t)width, strip);
  uint8_t *resized = malloc((size_t)new_width * strip);
  const int done = turned && resized;
  for (int y = 0; done && y < height; y += strip) {
    const size_t rows = (size_t)(height - y < strip ? height - y : strip);
    transpose(in + (size_t)y * (size_t)stride, (size_t)stride, rows, (size_t)width, turned, strip);
    resize_columns(f, turned, strip, strip, resized, new_width);
    transpose(resized, strip, (size_t)new_width, rows, out + (size_t)y * (size_t)new_width,
              (size_t)new_width);
  }
  free(turned);
  free(resized);
  return done;
}

int cimage_resize(const uint8_t *pixels, int width, int height, int stride, uint8_t *resized,
                  int new_width, int new_height, int kind) {
  if (width < 1 || height < 1 || new_width < 1 || new_height < 1 || stride < width) return 0;
  uint8_t *between = NULL;
  if (width != new_width) {
    filter across;
    if (!make_filter(&across, width, new_width, kind)) return 0;
    between = malloc((size_t)height * (size_t)new_width);
    const int done =
        between && resize_rows(&across, pixels, width, stride, height, between, new_width);
    free_filter(&across);
    if (!done) {
      free(between);
      return 0;
    }
  }
  const uint8_t *source = between ? between : pixels;
  const int source_stride = between ? new_width : stride;
  int done = 1;
  if (height == new_height) {
    for (int y = 0; y < height; y++)
      memcpy(resized + (size_t)y * (size_t)new_width, source + (size_t)y * (size_t)source_stride,
             (size_t)new_width);
  } else {
    filter down;
    done = make_filter(&down, height, new_height, kind);
    if (done) {
      resize_columns(&down, source, new_width, source_stride, resized, new_height);
      free_filter(&down);
    }
  }
  free(between);
  return done;
}

// Resizing by a filter that leaves a side as it is gives the same pixels, so both always run.
int cimage_resize_deep(const uint16_t *pixels, int width, int height, int stride,
                       uint16_t *resized, int new_width, int new_height, int kind) {
  if (width < 1 || height < 1 || new_width < 1 || new_height < 1 || stride < width) return 0;
  filter across, down;
  if (!make_filter(&across, width, new_width, kind)) return 0;
  if (!make_filter(&down, height, new_height, kind)) {
    free_filter(&across);
    return 0;
  }
  float *between = malloc((size_t)height * (size_t)new_width * sizeof *between);
  for (int y = 0; between && y < height; y++) {
    const uint16_t *row = pixels + (size_t)y * (size_t)stride;
    for (int x = 0; x < new_width; x++) {
      const double *share = across.share + (size_t)x * (size_t)across.taps;
      double sum = 0;
      for (int k = 0; k < across.count[x]; k++) sum += row[across.first[x] + k] * share[k];
      between[(size_t)y * (size_t)new_width + (size_t)x] = (float)sum;
    }
  }
  for (int y = 0; between && y < new_height; y++) {
    const double *share = down.share + (size_t)y * (size_t)down.taps;
    for (int x = 0; x < new_width; x++) {
      double sum = 0;
      for (int k = 0; k < down.count[y]; k++)
        sum += between[(size_t)(down.first[y] + k) * (size_t)new_width + (size_t)x] * share[k];
      const double level = sum + 0.5;
      resized[(size_t)y * (size_t)new_width + (size_t)x] =
          level < 0 ? 0 : level > 65535 ? 65535 : (uint16_t)level;
    }
  }
  free_filter(&across);
  free_filter(&down);
  const int done = between != NULL;
  free(between);
  return done;
}
