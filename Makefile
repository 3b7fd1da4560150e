# The commands of everyday work, on top of CMake. `make run` and `make test` do all set-up
# themselves; scripts/setup asks the package archive only for what is missing.
BUILD = build
PREFIX = /usr/local
FUZZ_SECONDS = 60
MODEL = models/korea/korea.dtn
MEASURED = test/referee/korea-first.dtn
PEERS = $(BUILD)/peers-venv
RECORD = bench/results/amd-epyc.json
CMAKE = cmake -G Ninja -S .
C_FILES = $(wildcard src/*/*.[ch] include/*.h examples/*.c bench/*.[ch] web/engine/*.[ch] test/*/*.[ch])

.PHONY: all run test bench bench-compare bench-peers fuzz sanitize threads check-all format install clean help

all: ## build build/detente, with the page of `detente report`
	@scripts/setup build
	@scripts/setup page || echo "going on without the page of 'detente report'"
	@$(CMAKE) -B $(BUILD) >/dev/null
	@cmake --build $(BUILD) --target detente_program

run: ## build and run the main job: the Korea model under every policy
	@scripts/setup build
	@test -f $(BUILD)/build.ninja || $(CMAKE) -B $(BUILD)
	@cmake --build $(BUILD) --target detente_program
	@echo '$$ $(BUILD)/detente run $(MODEL)'
	@$(BUILD)/detente run $(MODEL)
	@echo "done: every policy of $(MODEL) is solved"

test: ## build and run every test that hasn't passed since anything changed; ALL=1: every test
	@scripts/setup test
	@scripts/run-tests $(BUILD)

bench: ## measure all, or BENCH='NAME NAME'; writes build/bench.json
	@scripts/setup test
	@$(CMAKE) -B $(BUILD)/release -DCMAKE_BUILD_TYPE=Release -DDETENTE_BENCH=ON -DDETENTE_PAGE=OFF >/dev/null
	@cmake --build $(BUILD)/release --target bench detente_program
	@$(BUILD)/release/bench/bench --model $(MEASURED) --json $(BUILD)/bench.json --against $(RECORD) \
	    --revision "$$(git describe --always --dirty 2>/dev/null)" $(BENCH)
	@test -n "$(BENCH)" || { python=$(PEERS)/bin/python; test -x $$python || python=python3; \
	    DETENTE=$(BUILD)/release/detente $$python bench/peers/run.py $(MEASURED) $(BUILD)/bench.json; }

bench-compare: ## two builds in turn, OLD=PROGRAM and NEW=PROGRAM; COMMANDS="'run {model}' …"
	@test -n "$(OLD)" || { echo "which OLD? make bench-compare OLD=PROGRAM [NEW=PROGRAM]"; exit 2; }
	@bench/compare --model $(MEASURED) $(OLD) $(or $(NEW),$(BUILD)/release/detente) $(COMMANDS)

bench-peers: ## install what `make bench` compares with: NumPy, Numba, sgamesolver
	@scripts/setup peers
	@bench/peers/install $(PEERS)

fuzz: ## fuzz the parser and the whole of check, FUZZ_SECONDS each
	@scripts/setup all
	@scripts/run-fuzz $(BUILD)/fuzz $(FUZZ_SECONDS)

sanitize: ## every test with address, leak and undefined-behaviour sanitizers
	@scripts/setup all
	@scripts/run-tests $(BUILD)/sanitize -DCMAKE_C_COMPILER=clang -DDETENTE_SANITIZE=address,undefined

threads: ## the tests that start threads, with ThreadSanitizer
	@scripts/setup all
	@scripts/run-tests $(BUILD)/threads --label threads -DCMAKE_C_COMPILER=clang -DDETENTE_SANITIZE=thread

check-all: ## all that guards the code: tests, format, warnings, sanitizers, fuzzing
	@.ci/run

format: ## lay out the C files
	@scripts/setup all
	@clang-format -i $(C_FILES)

install: all ## install program, library, header and pkg-config file under PREFIX
	@cmake --install $(BUILD) --prefix $(PREFIX)

clean: ## remove what was built
	@rm -rf $(BUILD)

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20
