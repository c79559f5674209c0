// Package evaluation measures the analysis on conversations that testdata has
// with their labels. It holds nothing but tests:
//
//	go test ./internal/analysis/evaluation -run Table -v
//
// prints the whole table: precision, recall and F1 of each function, how many
// assignees and due dates are right, the ends of sentences and the questions where
// marks are absent, for both parts and every language.
package evaluation
