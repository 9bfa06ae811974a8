#include "CImage.h"

// Wider registers where the processor has them; the sums are whole numbers, and so the same.
#if defined(__x86_64__) && defined(__linux__)
#define wide __attribute__((target_clones("avx2", "default")))
#else
#define wide
#endif

// 20,000 squares of 255 fit into 32 bits, and so does all else of a row.
wide void cimage_add_levels(const uint8_t *pixels, int width, int height, int stride,
                            cimage_sums *sums) {
  for (int y = 0; y < height; y++, pixels += stride) {
    uint32_t sum = 0, squares = 0, dark = 0, bright = 0;
    for (int x = 0; x < width; x++) {
      const uint32_t level = pixels[x];
      sum += level;
      squares += level * level;
      dark += level < 16;
      bright += level >= 240;
    }
    sums->count += (uint64_t)width;
    sums->sum += sum;
    sums->squares += squares;
    sums->dark += dark;
    sums->bright += bright;
  }
}
