# csrun: rootless containers. `make help` lists the targets.
SHELL   := /bin/bash
PREFIX  ?= /usr/local
DESTDIR ?=

SOURCES := $(shell find src images -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.json' -o -name '*.txt' \) \
             -not -path '*/obj/*' -not -path '*/bin/*' 2>/dev/null) \
           $(wildcard Directory.*.props global.json .editorconfig scripts/build.sh scripts/native-tfm.sh)
# A root file system for `csrun run busybox`, made where the distribution's busybox-static is installed.
BUSYBOX := $(if $(wildcard scripts/make-busybox-image.sh),$(shell command -v busybox 2>/dev/null))

.DEFAULT_GOAL := all
.PHONY: all run setup images test bench install uninstall lint clean help

all: bin/csrun images ## build bin/csrun and the embedded busybox image

bin/csrun: $(SOURCES)
	@scripts/build.sh

images: bin/images/.made ## make the busybox image tarball (bin/images)

bin/images/.made: $(wildcard scripts/make-busybox-image.sh) $(wildcard images/busybox*)
	@mkdir -p bin/images
	@if [ -n "$(BUSYBOX)" ]; then scripts/make-busybox-image.sh && touch $@; \
	 else echo "csrun: no busybox image: busybox-static is not installed"; fi

setup: ## install what building and running need (asks nothing; says what it did)
	@scripts/setup.sh

run: ## from nothing to a container: set up, build, csrun run alpine id
	@scripts/setup.sh
	@$(MAKE) --no-print-directory all
	@scripts/first-run.sh

test: all ## run every test this machine and user can run
	@scripts/test.sh

bench: all ## measure against bwrap, crun, runc and podman, and as root what ID maps cost and engines wait for; writes bench/RESULTS*.md
	@bench/startup.sh
	@if [ "$$(id -u)" = 0 ]; then bench/idmaps.sh && bench/lifecycle.sh; else echo "csrun: bench/idmaps.sh and bench/lifecycle.sh need root: left out"; fi

install: all ## install under PREFIX (default /usr/local), below DESTDIR
	@scripts/install.sh "$(DESTDIR)$(PREFIX)"

uninstall: ## remove what install put there
	@scripts/install.sh --remove "$(DESTDIR)$(PREFIX)"

lint: ## check format, analyzers (both frameworks) and shell scripts
	@scripts/lint.sh

clean: ## remove everything that was built
	rm -rf bin artifacts bench/out
	find src tests -type d \( -name obj -o -name bin \) -prune -exec rm -rf {} +

help: ## show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
