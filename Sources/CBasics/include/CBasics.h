#ifndef CBASICS_H
#define CBASICS_H

#include <stddef.h>
#include <stdint.h>

/// A running SHA-256 computation of libcrypto; NULL when out of memory.
typedef struct cbasics_sha256 cbasics_sha256;

cbasics_sha256 *cbasics_sha256_new(void);
void cbasics_sha256_update(cbasics_sha256 *hash, const void *bytes, size_t count);
/// Writes 32 bytes and frees the computation.
void cbasics_sha256_finish(cbasics_sha256 *hash, uint8_t *digest);

/// Inflates a whole gzip file (several members allowed) held in memory.
/// Returns a buffer to free with `cbasics_free`, or NULL when the data is damaged or cut short,
/// or when it would grow beyond `limit` bytes.
uint8_t *cbasics_gunzip(const uint8_t *bytes, size_t count, size_t limit, size_t *inflated);
/// Inflates raw deflate data, as a zip file holds it, into `size` bytes at `output`; returns 1 when it
/// fills them exactly.
int cbasics_inflate(const uint8_t *bytes, size_t count, uint8_t *output, size_t size);
void cbasics_free(void *pointer);

#endif
