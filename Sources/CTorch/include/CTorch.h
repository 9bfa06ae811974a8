// The C face of libtorch: opaque handles, plain numbers, one way to fail.
//
// A function that gives a handle returns NULL when it fails; one that gives nothing returns 0, and
// -1 when it fails. `ct_last_error` then holds the reason, for the calling thread. Every handle
// that is returned belongs to the caller. To add an operation of a listed form, add its name to the
// list, its header to the .cpp file beside it, and a line of Swift.

#ifndef CTORCH_H
#define CTORCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CT_EXPORT __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ct_tensor_box *ct_tensor;
typedef struct ct_generator_box *ct_generator;
typedef struct ct_script_box *ct_script;

/// The message of the last failure on this thread.
CT_EXPORT const char *ct_last_error(void);

// Element types carry libtorch's own numbers; a device is -1 for the CPU, else the index of a GPU.

// MARK: Tensors
CT_EXPORT ct_tensor ct_from_bytes(const void *bytes, size_t length, const int64_t *shape,
                                  size_t rank, int dtype);
CT_EXPORT ct_tensor ct_full(const int64_t *shape, size_t rank, double value, int dtype, int device);
CT_EXPORT ct_tensor ct_arange(int64_t end, int device);
CT_EXPORT ct_tensor ct_zeros_like(ct_tensor input);
CT_EXPORT void ct_free(ct_tensor tensor);
CT_EXPORT int64_t ct_rank(ct_tensor tensor);
CT_EXPORT int64_t ct_size(ct_tensor tensor, int64_t dimension);
CT_EXPORT int64_t ct_element_count(ct_tensor tensor);
CT_EXPORT size_t ct_byte_count(ct_tensor tensor);
CT_EXPORT int ct_dtype(ct_tensor tensor);
CT_EXPORT int ct_device(ct_tensor tensor);
CT_EXPORT bool ct_is_channels_last(ct_tensor tensor);
CT_EXPORT int ct_to_bytes(ct_tensor tensor, void *bytes, size_t length);
CT_EXPORT int ct_item(ct_tensor tensor, double *value);
CT_EXPORT ct_tensor ct_to_device(ct_tensor tensor, int device);
CT_EXPORT ct_tensor ct_to_dtype(ct_tensor tensor, int dtype);
CT_EXPORT ct_tensor ct_to_format(ct_tensor tensor, bool channels_last);
CT_EXPORT int ct_copy_(ct_tensor destination, ct_tensor source);
CT_EXPORT int ct_fill_(ct_tensor tensor, double value);
CT_EXPORT int ct_add_(ct_tensor tensor, double value);

// MARK: Element by element
#define CT_UNARY(X) \
  X(neg) X(abs) X(exp) X(log) X(sqrt) X(square) X(round) X(floor) X(tanh) X(sigmoid) X(relu) \
  X(silu) X(hardswish) X(logical_not) X(isnan) X(isfinite)
#define CT_BINARY(X) \
  X(add) X(sub) X(mul) X(div) X(maximum) X(minimum) X(eq) X(ne) X(lt) X(le) X(gt) X(ge) \
  X(logical_and) X(logical_or) X(matmul)
#define CT_BINARY_NUMBER(X) X(add) X(sub) X(mul) X(div) X(pow) X(eq) X(ne) X(lt) X(le) X(gt) X(ge)

#define CT_DECLARE(op) CT_EXPORT ct_tensor ct_##op(ct_tensor input);
CT_UNARY(CT_DECLARE)
#undef CT_DECLARE
#define CT_DECLARE(op) CT_EXPORT ct_tensor ct_##op(ct_tensor left, ct_tensor right);
CT_BINARY(CT_DECLARE)
#undef CT_DECLARE
#define CT_DECLARE(op) CT_EXPORT ct_tensor ct_##op##_number(ct_tensor left, double right);
CT_BINARY_NUMBER(CT_DECLARE)
#undef CT_DECLARE

// In place, so that a large picture is not held twice; autograd throws where the old value is
// needed.
CT_EXPORT ct_tensor ct_relu_(ct_tensor input);
CT_EXPORT ct_tensor ct_accumulate_(ct_tensor input, ct_tensor other);

CT_EXPORT ct_tensor ct_clamp(ct_tensor input, double low, double high);
CT_EXPORT ct_tensor ct_where(ct_tensor condition, ct_tensor yes, ct_tensor no);
CT_EXPORT ct_tensor ct_masked_fill(ct_tensor input, ct_tensor mask, double value);
CT_EXPORT ct_tensor ct_gelu(ct_tensor input, bool tanh_approximation);
CT_EXPORT ct_tensor ct_softmax(ct_tensor input, int64_t dimension);
CT_EXPORT ct_tensor ct_log_softmax(ct_tensor input, int64_t dimension);

// MARK: Reductions (no dimension means all of them)
#define CT_REDUCTION(X) X(sum) X(mean) X(amax) X(amin) X(norm)
#define CT_DECLARE(op) \
  CT_EXPORT ct_tensor ct_##op(ct_tensor input, const int64_t *dimensions, size_t count, bool keep);
CT_REDUCTION(CT_DECLARE)
#undef CT_DECLARE
CT_EXPORT ct_tensor ct_argmax(ct_tensor input, int64_t dimension);
CT_EXPORT int ct_equal(ct_tensor left, ct_tensor right, bool *equal);

// MARK: Shape
CT_EXPORT ct_tensor ct_reshape(ct_tensor input, const int64_t *shape, size_t rank);
CT_EXPORT ct_tensor ct_as_strided(ct_tensor input, const int64_t *shape, const int64_t *strides,
                                  size_t rank, int64_t offset);
CT_EXPORT ct_tensor ct_permute(ct_tensor input, const int64_t *order, size_t rank);
CT_EXPORT ct_tensor ct_expand(ct_tensor input, const int64_t *shape, size_t rank);
CT_EXPORT ct_tensor ct_flatten(ct_tensor input, int64_t first, int64_t last);
CT_EXPORT ct_tensor ct_squeeze(ct_tensor input, int64_t dimension);
CT_EXPORT ct_tensor ct_unsqueeze(ct_tensor input, int64_t dimension);
CT_EXPORT ct_tensor ct_narrow(ct_tensor input, int64_t dimension, int64_t start, int64_t length);
CT_EXPORT ct_tensor ct_flip(ct_tensor input, const int64_t *dimensions, size_t count);
CT_EXPORT ct_tensor ct_roll(ct_tensor input, const int64_t *shifts, const int64_t *dimensions,
                            size_t count);
CT_EXPORT ct_tensor ct_pad(ct_tensor input, const int64_t *amounts, size_t count);
CT_EXPORT ct_tensor ct_index_select(ct_tensor input, int64_t dimension, ct_tensor index);
CT_EXPORT ct_tensor ct_gather(ct_tensor input, int64_t dimension, ct_tensor index);
CT_EXPORT ct_tensor ct_cat(const ct_tensor *tensors, size_t count, int64_t dimension);
CT_EXPORT ct_tensor ct_stack(const ct_tensor *tensors, size_t count, int64_t dimension);

// MARK: Layers (pairs are height, width; `weight`, `bias` and what else is optional may be NULL)
CT_EXPORT ct_tensor ct_linear(ct_tensor input, ct_tensor weight, ct_tensor bias);
CT_EXPORT ct_tensor ct_conv2d(ct_tensor input, ct_tensor weight, ct_tensor bias,
                              const int64_t stride[2], const int64_t padding[2],
                              const int64_t dilation[2], int64_t groups);
CT_EXPORT ct_tensor ct_batch_norm(ct_tensor input, ct_tensor weight, ct_tensor bias,
                                  ct_tensor running_mean, ct_tensor running_var, bool training,
                                  double momentum, double epsilon);
CT_EXPORT ct_tensor ct_layer_norm(ct_tensor input, const int64_t *shape, size_t rank,
                                  ct_tensor weight, ct_tensor bias, double epsilon);
CT_EXPORT ct_tensor ct_max_pool2d(ct_tensor input, const int64_t kernel[2], const int64_t stride[2],
                                  const int64_t padding[2], bool ceil_mode);
CT_EXPORT ct_tensor ct_avg_pool2d(ct_tensor input, const int64_t kernel[2], const int64_t stride[2],
                                  const int64_t padding[2], bool ceil_mode, bool count_padding);
CT_EXPORT ct_tensor ct_adaptive_avg_pool2d(ct_tensor input, const int64_t size[2]);
CT_EXPORT ct_tensor ct_resize_bicubic(ct_tensor input, const int64_t size[2]);
CT_EXPORT ct_tensor ct_attention(ct_tensor query, ct_tensor key, ct_tensor value, ct_tensor bias);
CT_EXPORT ct_tensor ct_dropout(ct_tensor input, double probability, bool whole_samples,
                               ct_generator generator);

// MARK: Losses, one value per sample or element
CT_EXPORT ct_tensor ct_cross_entropy(ct_tensor logits, ct_tensor target, ct_tensor class_weights,
                                     int64_t ignored, double label_smoothing);
CT_EXPORT ct_tensor ct_binary_cross_entropy(ct_tensor logits, ct_tensor target, ct_tensor weight,
                                            ct_tensor positive_weight);

// MARK: Networks exported from Python; names live as long as the network
CT_EXPORT ct_script ct_script_load(const char *path, int device);
CT_EXPORT void ct_script_free(ct_script script);
CT_EXPORT size_t ct_script_count(ct_script script);
CT_EXPORT const char *ct_script_name(ct_script script, size_t index);
CT_EXPORT bool ct_script_is_parameter(ct_script script, size_t index);
CT_EXPORT ct_tensor ct_script_tensor(ct_script script, size_t index);
CT_EXPORT ct_tensor ct_script_forward(ct_script script, ct_tensor input, bool training);

// MARK: Random draws
CT_EXPORT ct_generator ct_generator_make(uint64_t seed, int device);
CT_EXPORT ct_generator ct_generator_of_device(uint64_t seed, int device);
CT_EXPORT void ct_generator_free(ct_generator generator);
CT_EXPORT ct_tensor ct_generator_state(ct_generator generator);
CT_EXPORT int ct_generator_restore(ct_generator generator, ct_tensor state);
CT_EXPORT int ct_uniform_(ct_tensor tensor, double low, double high, ct_generator generator);
CT_EXPORT int ct_normal_(ct_tensor tensor, double mean, double deviation, ct_generator generator);
CT_EXPORT int ct_bernoulli_(ct_tensor tensor, double probability, ct_generator generator);
CT_EXPORT ct_tensor ct_randperm(int64_t count, ct_generator generator);

// MARK: Gradients and autocast (both are settings of the calling thread)
CT_EXPORT bool ct_requires_grad(ct_tensor tensor);
CT_EXPORT int ct_set_requires_grad(ct_tensor tensor, bool wanted);
CT_EXPORT int ct_retain_grad(ct_tensor tensor);
CT_EXPORT ct_tensor ct_detach(ct_tensor tensor);
CT_EXPORT int ct_backward(ct_tensor tensor, bool keep_graph);
CT_EXPORT bool ct_has_grad(ct_tensor tensor);
CT_EXPORT ct_tensor ct_grad(ct_tensor tensor);
CT_EXPORT int ct_clear_grad(ct_tensor tensor);
CT_EXPORT bool ct_set_grad_enabled(bool enabled);

typedef struct {
  bool enabled;
  int dtype;
} ct_autocast;
CT_EXPORT int ct_autocast_enter(int device, bool enabled, int dtype, ct_autocast *before);
CT_EXPORT void ct_autocast_leave(int device, ct_autocast before);

// MARK: Optimizer steps, fused; parameters without a gradient are left alone
CT_EXPORT int ct_adam_step(const ct_tensor *parameters, const ct_tensor *first_moments,
                           const ct_tensor *second_moments, const ct_tensor *steps, size_t count,
                           double learning_rate, double beta1, double beta2, double weight_decay,
                           double epsilon, bool decoupled);
CT_EXPORT int ct_sgd_step(const ct_tensor *parameters, const ct_tensor *buffers, size_t count,
                          double learning_rate, double momentum, double weight_decay,
                          bool nesterov);

// MARK: The library as a whole
CT_EXPORT const char *ct_version(void);
CT_EXPORT int ct_cuda_count(void);
CT_EXPORT bool ct_supports_bfloat16(int device);
CT_EXPORT int ct_threads(void);
CT_EXPORT int ct_set_threads(int count);
CT_EXPORT void ct_keep_freed_memory(void);
CT_EXPORT int ct_set_deterministic(bool wanted);
CT_EXPORT int ct_synchronize(int device);

#ifdef __cplusplus
}
#endif

#endif
