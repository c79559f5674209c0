package account

import (
	"crypto/sha256"
	"crypto/subtle"
)

// An Operator looks after all accounts of a directory, by a token that is of none of
// them.
type Operator struct {
	*Directory

	token digest
}

// NewOperator returns the Operator who has the token, which must not be empty.
func NewOperator(d *Directory, token string) *Operator {
	return &Operator{d, sha256.Sum256([]byte(token))}
}

// Is reports whether the token is the operator's. The time it takes does not tell how
// much of it is right.
func (o *Operator) Is(token string) bool {
	given := sha256.Sum256([]byte(token))
	return subtle.ConstantTimeCompare(given[:], o.token[:]) == 1
}
