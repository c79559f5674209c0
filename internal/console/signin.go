package console

import (
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/turnwise/turnwise/internal/cache"
)

// signInPage shows the form. A ticket in the address signs in by itself.
func (c *Console) signInPage(w http.ResponseWriter, r *http.Request) {
	x := &exchange{w: w, r: r}
	if token, ok := c.single.take(r.URL.Query().Get("ticket")); ok {
		c.setCookie(w, r, token)
		http.Redirect(w, r, Root, http.StatusSeeOther)
		return
	}
	if _, err := c.session(r); err == nil {
		http.Redirect(w, r, c.next(r.URL.Query().Get("next")), http.StatusSeeOther)
		return
	}
	c.showSignIn(x, http.StatusOK, "")
}

// signInView is what the form shows.
type signInView struct {
	Next    string
	Mistake string
}

func (c *Console) showSignIn(x *exchange, status int, mistake string) {
	c.render(x, status, "signin", "Sign in", signInView{Next: c.next(x.r.FormValue("next")), Mistake: mistake})
}

// next returns where to go after signing in: a page of the console's, whatever was
// asked for.
func (c *Console) next(asked string) string {
	u, err := url.Parse(asked)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, Root) || strings.ContainsAny(asked, "\\\r\n") {
		return Root
	}
	return (&url.URL{Path: u.Path, RawQuery: u.RawQuery}).String()
}

// toSignIn sends who is not signed in to the form, and from there back to the page. What
// only a script asks for is refused.
func (c *Console) toSignIn(x *exchange) {
	if x.r.Header.Get("HX-Request") != "" {
		http.Error(x.w, "The session has ended. Load the page again to sign in.", http.StatusUnauthorized)
		return
	}
	to := Root + "sign-in"
	if x.r.Method == http.MethodGet {
		to += "?next=" + url.QueryEscape(x.r.URL.RequestURI())
	}
	http.Redirect(x.w, x.r, to, http.StatusSeeOther)
}

// signIn begins a session.
func (c *Console) signIn(w http.ResponseWriter, r *http.Request) {
	x := &exchange{w: w, r: r}
	token := strings.TrimSpace(r.PostFormValue("token"))
	if !c.guesses.allowed(r.RemoteAddr) {
		c.audit(x, "sign in", refuse(http.StatusTooManyRequests, "too many wrong tokens"))
		c.showSignIn(x, http.StatusTooManyRequests, "There were too many wrong tokens from your address. Wait a minute.")
		return
	}
	err := errSignedOut
	if token != "" && len(token) <= maxToken {
		x.session, err = c.lookUp(r.Context(), token)
	}
	switch {
	case errors.Is(err, errSignedOut):
		c.guesses.wrong(r.RemoteAddr)
		c.audit(x, "sign in", refuse(http.StatusUnauthorized, "unknown token"))
		c.showSignIn(x, http.StatusUnauthorized, "No account has this token. The worker prints its token when it starts without accounts; else whoever runs it has one for you.")
	case err != nil:
		c.refuse(x, err)
	default:
		c.audit(x, "sign in", nil)
		c.setCookie(w, r, token)
		http.Redirect(w, r, c.next(r.PostFormValue("next")), http.StatusSeeOther)
	}
}

// signOut ends a session in this browser.
func (c *Console) signOut(w http.ResponseWriter, r *http.Request) {
	x := &exchange{w: w, r: r}
	if s, err := c.session(r); err == nil {
		x.session = s
		c.audit(x, "sign out", nil)
	}
	c.setCookie(w, r, "")
	http.Redirect(w, r, Root+"sign-in", http.StatusSeeOther)
}

// home leads to the overview of the account; the operator to that of the only one, or to
// the jobs of all.
func (c *Console) home(w http.ResponseWriter, r *http.Request) {
	x := &exchange{w: w, r: r}
	s, err := c.session(r)
	if errors.Is(err, errSignedOut) {
		http.Redirect(w, r, Root+"sign-in", http.StatusSeeOther)
		return
	}
	if err != nil {
		c.refuse(x, err)
		return
	}
	id := s.account
	if all := c.Accounts.All(); s.operator && len(all) == 1 {
		id = all[0].ID
	} else if s.operator {
		http.Redirect(w, r, allBase+"/jobs", http.StatusSeeOther)
		return
	}
	x.account.ID = id
	_ = x.see("")
}

// A tickets hands out addresses that sign in once.
type tickets struct {
	mu   sync.Mutex
	open map[string]ticket
}

type ticket struct {
	token string
	until time.Time
}

// ticketLife is how long it takes a browser to open, at most.
const ticketLife = 2 * time.Minute

func newTickets() *tickets { return &tickets{open: map[string]ticket{}} }

// take returns the token of a ticket, which is worth nothing from then on.
func (t *tickets) take(code string) (token string, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	found, ok := t.open[code]
	delete(t.open, code)
	return found.token, ok && time.Now().Before(found.until)
}

// Ticket returns a path that signs in with a token, once and soon.
func (c *Console) Ticket(token string) string {
	code := newCode()
	c.single.mu.Lock()
	defer c.single.mu.Unlock()
	c.single.open[code] = ticket{token, time.Now().Add(ticketLife)}
	return Root + "sign-in?ticket=" + code
}

// How many wrong tokens an address may send at once, and how long it takes until one
// more may be sent.
const (
	guessesMost     = 20
	guessesInterval = 3 * time.Second
	guessesAt       = 4096 // addresses that are remembered
)

// A guesses slows those who try tokens. Right ones are free.
type guesses struct {
	mu   sync.Mutex
	left *cache.LRU[netip.Addr, *rate.Limiter]
}

func newGuesses() *guesses { return &guesses{left: cache.NewLRU[netip.Addr, *rate.Limiter](guessesAt)} }

// of returns what is left to an address, of IPv6 to its network. The caller holds the
// lock.
func (g *guesses) of(remote string) *rate.Limiter {
	at, _ := netip.ParseAddrPort(remote) // in this process all are one
	addr := at.Addr().Unmap().WithZone("")
	if addr.Is6() {
		network, _ := addr.Prefix(64) // that length fits
		addr = network.Addr()
	}
	l, known := g.left.Get(addr)
	if !known {
		l = rate.NewLimiter(rate.Every(guessesInterval), guessesMost)
		g.left.Put(addr, l, 1)
	}
	return l
}

func (g *guesses) allowed(remote string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.of(remote).Tokens() >= 1
}

func (g *guesses) wrong(remote string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.of(remote).Allow()
}
