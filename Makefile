# Parvis. The two commands a newcomer needs:
#   make run    see an interview happen, from a workbook to a CSV
#   make test   check everything
# The others: tour, bench, conformance, soak, fuzz, android, ios, clean.

SHELL := /bin/bash
# start-up on phones is three times faster with Fyne's newer threading, see fyne-io/fyne#6130
TAGS := migrated_fynedo
BUILD := build
export LANG := en_US.UTF-8

.PHONY: run build test tour bench conformance soak fuzz android ios check clean

run: ## installs what is missing, builds, and shows the whole line from workbook to CSV
	@.make/need build
	@.make/run

build: ## the four programs, into build/bin
	@mkdir -p $(BUILD)/bin
	go build -o $(BUILD)/bin/ ./app/central ./app/research
	go build -tags "$(TAGS)" -o $(BUILD)/bin/ ./app/field ./app/supervisor

test: ## everything: format, vet, staticcheck, all tests, with the race detector where no screen is drawn
	@.make/need build show postgres
	@.make/check
	@.make/tests

check: ## only format, vet and staticcheck
	@.make/check

tour: ## pictures of every screen in three sizes, under build/tour
	@.make/need build
	@rm -rf $(BUILD)/tour
	TOUR=$(CURDIR)/$(BUILD)/tour go test -count=1 -tags "$(TAGS)" -run '^TestTour' ./app/tour/
	@echo "pictures: $(BUILD)/tour"

bench: ## each line of the design's table of speeds that exists so far, beside its goal
	@.make/need build postgres
	@.make/bench

conformance: ## the questionnaire engine against the reference suites: make conformance VECTORS=DIR FORMS=DIR
	@VECTORS="$(VECTORS)" FORMS="$(FORMS)" .make/conformance

soak: ## long random work, for a night: the race detector where tests do without it, random exchanges and kills
	@.make/need build postgres
	go test -race -timeout 4h ./internal/centralstore ./app/central/program ./sync/agent
	SEEDS=100 go test -race -count=1 -timeout 4h ./sync/simulation
	SOAK=1 go test -count=1 -timeout 10h ./internal/quota/... ./internal/fieldstore/... ./sync/agent ./sync/endpoint ./sync/protocol
	SOAK=1 go test -count=1 -timeout 10h ./sync/simulation
	SOAK=1 go test -count=1 -timeout 10h -tags "$(TAGS) robot" -run Reopens ./app/mainjob

fuzz: ## every decoder on made-up bytes, FUZZTIME each (10m); ROOMS="./sync/endpoint" for some
	@FUZZTIME="$(FUZZTIME)" ROOMS="$(ROOMS)" .make/fuzz

android: ## an APK of the field app for arm64; needs ANDROID_NDK_HOME
	@.make/android

ios: ## the field app for iOS; needs a Mac with Xcode
	@.make/ios

clean:
	rm -rf $(BUILD)
