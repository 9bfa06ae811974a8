#include "CBasics.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct cbasics_sha256 {
  EVP_MD_CTX *context;
};

cbasics_sha256 *cbasics_sha256_new(void) {
  cbasics_sha256 *hash = malloc(sizeof *hash);
  if (hash == NULL) return NULL;
  hash->context = EVP_MD_CTX_new();
  if (hash->context == NULL || EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL) != 1) {
    EVP_MD_CTX_free(hash->context);
    free(hash);
    return NULL;
  }
  return hash;
}

void cbasics_sha256_update(cbasics_sha256 *hash, const void *bytes, size_t count) {
  EVP_DigestUpdate(hash->context, bytes, count);
}

void cbasics_sha256_finish(cbasics_sha256 *hash, uint8_t *digest) {
  unsigned int length = 0;
  EVP_DigestFinal_ex(hash->context, digest, &length);
  EVP_MD_CTX_free(hash->context);
  free(hash);
}

uint8_t *cbasics_gunzip(const uint8_t *bytes, size_t count, size_t limit, size_t *inflated) {
  size_t capacity = count * 4 + 4096, used = 0;
  if (capacity > limit) capacity = limit;
  uint8_t *output = malloc(capacity > 0 ? capacity : 1);
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (output == NULL || inflateInit2(&stream, 15 + 16) != Z_OK) {
    free(output);
    return NULL;
  }
  size_t consumed = 0;
  int status = Z_OK;
  int good = 0;
  for (;;) {
    if (used == capacity) {
      if (capacity >= limit) break;
      size_t larger = capacity > limit / 2 ? limit : capacity * 2;
      uint8_t *grown = realloc(output, larger);
      if (grown == NULL) break;
      output = grown;
      capacity = larger;
    }
    size_t input = count - consumed, room = capacity - used;
    stream.next_in = (Bytef *)(bytes + consumed);
    stream.avail_in = (uInt)(input > 1u << 30 ? 1u << 30 : input);
    stream.next_out = output + used;
    stream.avail_out = (uInt)(room > 1u << 30 ? 1u << 30 : room);
    uInt input_before = stream.avail_in, output_before = stream.avail_out;
    status = inflate(&stream, Z_NO_FLUSH);
    consumed += input_before - stream.avail_in;
    used += output_before - stream.avail_out;
    if (status == Z_STREAM_END) {
      if (consumed == count) {
        good = 1;
        break;
      }
      if (inflateReset(&stream) != Z_OK) break;
    } else if (status != Z_OK) {
      break;
    }
  }
  inflateEnd(&stream);
  if (!good) {
    free(output);
    return NULL;
  }
  *inflated = used;
  return output;
}

int cbasics_inflate(const uint8_t *bytes, size_t count, uint8_t *output, size_t size) {
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (count > 1u << 30 || size > 1u << 30 || inflateInit2(&stream, -15) != Z_OK) return 0;
  stream.next_in = (Bytef *)bytes;
  stream.avail_in = (uInt)count;
  stream.next_out = output;
  stream.avail_out = (uInt)size;
  const int status = inflate(&stream, Z_FINISH);
  const int full = status == Z_STREAM_END && stream.total_out == size;
  inflateEnd(&stream);
  return full;
}

void cbasics_free(void *pointer) { free(pointer); }
