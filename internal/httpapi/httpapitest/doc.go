// Package httpapitest makes APIs for the tests of package httpapi and of the
// dialects below it, on a [Backend] that stands in for everything behind them,
// or on a [Service] over a Redis of its own. It sends requests to them and
// checks answers; each is held against the OpenAPI document as well.
package httpapitest
