// Package samples holds the programs in README.md and docs to what is said of
// them. It has tests alone.
//
// Receivers of webhooks are taken out of the text, run by what their language
// is run by, and sent what nobody should send them. A program that no test
// knows fails the build.
//
// A test that lacks node or python3 is skipped; with CI set it fails.
package samples
