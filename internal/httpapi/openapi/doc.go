// Package openapi holds the description of the HTTP API, an OpenAPI 3.1
// document, and a page to read it on.
//
//	/openapi.yaml   the file itself
//	/openapi.json   the same for programs that cannot read YAML
//	/docs           the page, Swagger UI over /openapi.json
//
// The document is written by hand. The tests of package httpapi and of the
// packages below it check every answer against it, by package openapitest.
//
// The page works without the Internet: the files that it loads are embedded, and
// named by relative addresses. The package imports nothing of ours. Package
// httpapi serves its files.
package openapi
