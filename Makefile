# What is typed often. Each target is one command that works without make too.

.PHONY: run demo test race lint fuzz bench ci

run: ## start the service on the embedded Redis
	go run ./cmd/worker

demo: ## start it and watch it work
	go run ./cmd/worker --demo

test: ## what must pass before anything else
	go test ./...

race: ## the same, the strict way
	go test -race -shuffle=on ./...

lint: ## with golangci-lint v2.15.0
	golangci-lint run ./...

fuzz: ## the request body, for a minute; CI fuzzes every target for seconds
	go test -run '^$$' -fuzz '^FuzzBody$$' -fuzztime 1m ./internal/httpapi/symbl

bench: ## Turnwise beside plain asynq
	go run ./cmd/enqueue bench

ci: ## everything that CI checks
	bash .ci/run
