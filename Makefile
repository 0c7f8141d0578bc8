# The few commands of the project. Each gets the pinned Z3 by itself; plain cargo commands work afterwards.
# `Z3_SYSTEM=1 make …` uses the system's Z3 (4.13.3 or later) in its place.

CARGO  ?= cargo
PYTHON ?= python3
# Such as --locked.
CARGO_FLAGS ?=

# There whatever CARGO_TARGET_DIR says, hence --target-dir below.
PROGRAM  = target/release/iamproof
POLICIES = .data/aws-managed-policies

.DEFAULT_GOAL := help
# A generated case has two or three requests.
CASES ?= 4200000
SHARD ?= 1/1

.PHONY: help prove test adapters build real crosscheck third bench race mutate check z3 policies mutants machine

help:            ## this list
	@sed -n 's/^\([a-z0-9]*\):[^#]*## /  make \1 # /p' Makefile | awk -F '#' '{ printf "%-18s%s\n", $$1, $$2 }'

prove: build     ## prove the laws, replay the corpus, cross-check the two readings
	$(PROGRAM) verify

test: z3         ## run all tests
	$(CARGO) test $(CARGO_FLAGS)

adapters:        ## test the adapters of other evaluators; moto and iam-simulate without the packages that they adapt
	$(PYTHON) tools/evaluators
	PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m unittest discover adapters/moto
	cd adapters/iam-rs && $(CARGO) fmt --check && $(CARGO) clippy --all-targets $(CARGO_FLAGS) -- -D warnings && $(CARGO) test $(CARGO_FLAGS)
	@if command -v node >/dev/null; then node --test adapters/iam-simulate/adapter.test.mjs; \
	else echo "adapters: node is not installed, adapters/iam-simulate is NOT tested"; fi

build: z3        ## build the program, target/release/iamproof
	$(CARGO) build --release --target-dir target $(CARGO_FLAGS)

real: build policies  ## fetch the AWS managed policies and verify them all
	$(PROGRAM) verify $(POLICIES)

crosscheck: build ## compare the readings on ten million generated decisions (CASES=N for fewer)
	$(PROGRAM) crosscheck --cases $(CASES) --confirm-every 10000 --classes-every 20000

third: build     ## compare with the third reading, tools/oracle: written cases, then generated ones
	$(PYTHON) tools/oracle corpus
	$(PROGRAM) crosscheck --cases 3000 --timeout 60 --evaluator '$(PYTHON) tools/oracle'

bench: build policies mutants ## run the benchmarks: criterion, then whole runs (tools/bench)
	$(CARGO) bench $(CARGO_FLAGS)
	$(PYTHON) tools/bench

race: build      ## time another evaluator beside ours: make race EVALUATOR='COMMAND …'
	@$(PYTHON) tools/race '$(EVALUATOR)'

mutate: z3       ## change the source in one place at a time; what no test notices? SHARD=1/4 for a part
	$(PYTHON) tools/mutate-code --shard $(SHARD)

check: z3        ## format, clippy, documentation; licences too where cargo-deny is installed
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets $(CARGO_FLAGS) -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --no-deps $(CARGO_FLAGS)
	@if command -v cargo-deny >/dev/null; then $(CARGO) deny check licenses bans sources; \
	else echo "check: cargo-deny is not installed, licences are not checked (cargo install cargo-deny)"; fi

z3: machine      ## fetch the pinned Z3 into .z3/ (Z3_SYSTEM=1: link the system's one)
	@$(PYTHON) tools/fetch-z3

policies: machine ## fetch the AWS managed policies into .data/
	@$(PYTHON) tools/fetch-policies

mutants: policies ## write mutants of the managed policies into .data/, for the benchmarks
	@$(PYTHON) tools/mutants

# What is missing is said in one line, before anything else could say it in twenty.
machine:
	@command -v $(CARGO) >/dev/null || { echo "make: no $(CARGO): install Rust 1.88 or later from https://rustup.rs" >&2; exit 1; }
	@command -v cc >/dev/null || { echo "make: no C compiler, which Rust links with: install one (Debian, Ubuntu: apt install gcc libc6-dev; macOS: xcode-select --install)" >&2; exit 1; }
	@command -v $(PYTHON) >/dev/null || { echo "make: no $(PYTHON): install Python 3.9 or later (Debian, Ubuntu: apt install python3)" >&2; exit 1; }
