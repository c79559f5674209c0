// Package openapi holds the description of the HTTP API, an OpenAPI 3.1
// document, and a page to read it on.
//
//	/openapi.yaml   as it was written
//	/openapi.json   the same, for programs that take no YAML
//	/docs           the page, Swagger UI over /openapi.json
//
// The document is written by hand. That it is true is for the tests of package
// httpapi to show: they hold every answer that any of them gets against it.
//
// The page works without the Internet: whatever it loads is embedded, stands
// beside it, and is named by relative addresses. The package imports nothing of
// ours; what it holds, package httpapi serves.
package openapi
