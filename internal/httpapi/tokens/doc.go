// Package tokens serves the calls by which applications get, renew and revoke
// tokens that expire.
package tokens
