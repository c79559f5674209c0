// Package compat checks what clients of Symbl's and Attention's APIs rely on. It
// has only tests.
//
// The worker under test is cmd/worker, built and run as anybody would; all that
// is known of it is its address and a token:
//
//	samples of the vendors' pages      run by bash, node and python3
//	published npm packages, unmodified ─┬─►  worker  ─►  external analyzer of the tests
//	requests of the tests ──────────────┘         └─►  webhook receiver of the tests
//
// Each answer is checked against a table of its fields: what is documented, what
// is added, and what is left out. docs/compatibility.md says the same in words,
// and the tests fail where it says less or something else.
//
// A test that lacks node, npm, python3 or its requests package, or a registry
// to install from, is skipped; with CI set it fails.
package compat
