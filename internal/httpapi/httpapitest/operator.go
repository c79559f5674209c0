package httpapitest

import "github.com/turnwise/turnwise/internal/account"

// OperatorToken is the token of the operator of every [Service].
const OperatorToken = "the-operator-has-this"

// operator implements edge.Operators over the accounts "ann" and "bob".
type operator struct{}

func (operator) Is(token string) bool { return token == OperatorToken }

func (operator) ByID(id string) (account.Account, bool) { return NewBackend().ByToken(id) }
