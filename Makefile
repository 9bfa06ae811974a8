# Tests are built in release too, since they decode pictures,
# train and bootstrap. One set of flags, so that nothing is built twice.
SWIFT_FLAGS = -c release -debug-info-format none
PREFIX ?= $(HOME)/.local
BUILT = .build/release
LIBTORCH_ROOT = $(or $(LIBTORCH),.libtorch/torch)

.PHONY: build test soak soak-sample quickstart check install format clean bootstrap

build: bootstrap
	swift build $(SWIFT_FLAGS)

bootstrap:
	@scripts/bootstrap

test: bootstrap
	swift build $(SWIFT_FLAGS) --build-tests
	swift test $(SWIFT_FLAGS) --skip-build

# The long tests: many kills at random moments, and whatever else takes minutes.
soak: bootstrap
	swift build $(SWIFT_FLAGS) --build-tests
	CXR_SOAK=1 swift test $(SWIFT_FLAGS) --skip-build

# A small part of it.
soak-sample: bootstrap
	swift build $(SWIFT_FLAGS) --build-tests
	CXR_SOAK=1 CXR_SOAK_KILLS=20 swift test $(SWIFT_FLAGS) --skip-build --filter KillTests

# From a fresh clone to the first table.
quickstart:
	@scripts/quickstart $(SWIFT_FLAGS)

check:
	scripts/check

# Both programs in bin/, libtorch in lib/cxr-pipeline/, found by a path relative to the programs:
# the folder can be moved.
install: build
	install -d $(PREFIX)/bin $(PREFIX)/lib/cxr-pipeline/torch/lib
	install -s $(BUILT)/cxr-pipeline $(BUILT)/cxr-worker $(PREFIX)/bin/
	cd $(LIBTORCH_ROOT)/lib && cp -a libc10*.so* libtorch.so libtorch_c*.so* libtorch_global*.so* \
	  libgomp*.so* libshm.so $(abspath $(PREFIX))/lib/cxr-pipeline/torch/lib/
	if [ -d $(LIBTORCH_ROOT)/../nvidia ]; then \
	  cp -a $(LIBTORCH_ROOT)/../nvidia $(PREFIX)/lib/cxr-pipeline/; fi

format:
	swift format -i -r Package.swift Sources Tests Benchmarks

clean:
	rm -rf .build
