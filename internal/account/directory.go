package account

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
)

// A Directory finds accounts. It does not change, so it may be shared.
type Directory struct {
	accounts []Account
	byID     map[string]int
	tokens   []candidate
}

// candidate is a token that lets its bearer in.
type candidate struct {
	hash    digest
	account int // index into accounts
}

// NewDirectory returns a Directory of the given accounts. It reports every
// mistake in them, as [errors.Join] does: one error each.
func NewDirectory(entries ...Entry) (*Directory, error) {
	d := &Directory{byID: make(map[string]int, len(entries))}
	owners := make(map[digest]int)
	var mistakes []error
	for i, e := range entries {
		if own := e.mistakes(); len(own) > 0 {
			for _, err := range own {
				mistakes = append(mistakes, fmt.Errorf("accounts[%d]: %w", i, err))
			}
			continue
		}
		if first, taken := d.byID[e.ID]; taken {
			mistakes = append(mistakes, fmt.Errorf("accounts[%d]: the id %s is that of accounts[%d] already", i, e.ID, first))
			continue
		}
		d.byID[e.ID] = i
		for j, h := range e.TokenHashes {
			hash, _ := parseHash(h) // validated above
			if first, taken := owners[hash]; taken && first != i {
				mistakes = append(mistakes, fmt.Errorf("accounts[%d]: token_hashes[%d] is a token of accounts[%d] already", i, j, first))
			}
			owners[hash] = i
			d.tokens = append(d.tokens, candidate{hash: hash, account: i})
		}
	}
	if len(mistakes) > 0 {
		return nil, errors.Join(mistakes...)
	}
	for _, e := range entries {
		d.accounts = append(d.accounts, e.Account)
	}
	return d, nil
}

// ByToken returns the account that the token belongs to. The time it takes
// depends on the number of tokens, not on which one matches, nor on how much
// of one does.
func (d *Directory) ByToken(token string) (Account, bool) {
	sum := sha256.Sum256([]byte(token))
	found := -1
	for _, c := range d.tokens {
		same := subtle.ConstantTimeCompare(sum[:], c.hash[:])
		found = subtle.ConstantTimeSelect(same, c.account, found)
	}
	if found < 0 {
		return Account{}, false
	}
	return d.accounts[found], true
}

// ByID returns the account with the id.
func (d *Directory) ByID(id string) (Account, bool) {
	i, found := d.byID[id]
	if !found {
		return Account{}, false
	}
	return d.accounts[i], true
}
