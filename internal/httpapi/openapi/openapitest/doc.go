// Package openapitest checks requests, answers and the types of bodies against
// the OpenAPI document. It is for tests.
package openapitest
