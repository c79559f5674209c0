package account

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
)

// A Directory finds accounts. It does not change, so it may be shared.
type Directory struct {
	accounts []Account
	byID     map[string]int
	tokens   []candidate
	secrets  []appSecret
	apps     map[string]int // by app id: index into accounts
}

// candidate is a token that lets its bearer in.
type candidate struct {
	hash    digest
	account int // index into accounts
}

// appSecret is a secret that lets an application ask for tokens.
type appSecret struct {
	app     digest
	secret  digest
	account int // index into accounts
}

// NewDirectory returns a Directory of the given accounts. It reports every
// mistake in them, as [errors.Join] does: one error each.
func NewDirectory(entries ...Entry) (*Directory, error) {
	d := &Directory{byID: make(map[string]int, len(entries)), apps: make(map[string]int)}
	owners := make(map[digest]int)
	var mistakes []error
	for i, e := range entries {
		own := e.mistakes()
		if len(own) == 0 {
			own = d.add(i, e, owners)
		}
		for _, err := range own {
			mistakes = append(mistakes, fmt.Errorf("accounts[%d]: %w", i, err))
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

// enter adds the entry at index i, which is sound by itself, and returns what
// it has in common with those before it but must not have.
func (d *Directory) add(i int, e Entry, owners map[digest]int) []error {
	if first, taken := d.byID[e.ID]; taken {
		return []error{fmt.Errorf("the id %s is that of accounts[%d] already", e.ID, first)}
	}
	d.byID[e.ID] = i
	var mistakes []error
	for j, h := range e.TokenHashes {
		hash, _ := parseHash(h) // validated before
		if first, taken := owners[hash]; taken && first != i {
			mistakes = append(mistakes, fmt.Errorf("token_hashes[%d] is a token of accounts[%d] already", j, first))
		}
		owners[hash] = i
		d.tokens = append(d.tokens, candidate{hash: hash, account: i})
	}
	if e.AppID == "" {
		return mistakes
	}
	if first, taken := d.apps[e.AppID]; taken {
		return append(mistakes, fmt.Errorf("the app_id %s is that of accounts[%d] already", e.AppID, first))
	}
	d.apps[e.AppID] = i
	for _, h := range e.AppSecretHashes {
		hash, _ := parseHash(h)
		d.secrets = append(d.secrets, appSecret{app: sha256.Sum256([]byte(e.AppID)), secret: hash, account: i})
	}
	return mistakes
}

// ByToken returns the account that the plain token belongs to. The time it
// takes depends on the number of tokens, not on which one matches, nor on how
// much of one does.
func (d *Directory) ByToken(token string) (Account, bool) {
	sum := sha256.Sum256([]byte(token))
	found := -1
	for _, c := range d.tokens {
		same := subtle.ConstantTimeCompare(sum[:], c.hash[:])
		found = subtle.ConstantTimeSelect(same, c.account, found)
	}
	return d.at(found)
}

// byCredentials returns the account whose application has the id and the
// secret. What [Directory.ByToken] says of time holds here too: it does not
// tell whether the id alone exists.
func (d *Directory) byCredentials(c Credentials) (Account, bool) {
	app, secret := sha256.Sum256([]byte(c.AppID)), sha256.Sum256([]byte(c.AppSecret))
	found := -1
	for _, s := range d.secrets {
		same := subtle.ConstantTimeCompare(app[:], s.app[:]) & subtle.ConstantTimeCompare(secret[:], s.secret[:])
		found = subtle.ConstantTimeSelect(same, s.account, found)
	}
	return d.at(found)
}

// byApp returns the account whose application has the id.
func (d *Directory) byApp(id string) (Account, bool) {
	i, found := d.apps[id]
	if !found {
		return Account{}, false
	}
	return d.at(i)
}

// ByID returns the account with the id.
func (d *Directory) ByID(id string) (Account, bool) {
	i, found := d.byID[id]
	if !found {
		return Account{}, false
	}
	return d.at(i)
}

// All returns the accounts in their order.
func (d *Directory) All() []Account { return slices.Clone(d.accounts) }

// HasApps reports whether any account has an application.
func (d *Directory) HasApps() bool { return len(d.apps) > 0 }

// at returns the account at an index, and false for a negative one.
func (d *Directory) at(i int) (Account, bool) {
	if i < 0 {
		return Account{}, false
	}
	return d.accounts[i], true
}
