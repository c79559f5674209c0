// Package account knows who may use the service: which accounts there are and
// which tokens are theirs.
//
// There are two kinds of tokens. A plain one is a random string that is shown
// once; what is kept is its SHA-256, which needs no salt and no slow hash
// because a token cannot be guessed, see [NewToken]. The other kind is given
// out by an [Issuer] to the application of an account, in return for the
// application's id and secret. It is a JSON Web Token that expires:
//
//	id and secret → Generate → token → ByToken, until it expires or Revoke
//
// A JWT is worth something only while the [TokenStore] has it, so one that is
// revoked is worth nothing from the next request on, in every process, and one
// that was forged with a stolen key is worth nothing at all.
//
// The accounts of a process are fixed when it starts. The package knows
// neither HTTP, where tokens come from, nor the configuration file, where
// accounts do, nor Redis, where the ledger is kept.
package account
