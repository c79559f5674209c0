package redisconn

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

const (
	serverPort   = "6379"
	sentinelPort = "26379"
)

// kind says how the Redis behind a URL is reached.
type kind int

const (
	single kind = iota
	sentinel
	cluster
)

// target is what a URL names.
type target struct {
	kind           kind
	tls            bool
	addrs          []string // host:port each, or one path of a socket
	user, password string
	master         string // of a sentinel
	sentinelUser   string
	sentinelPass   string
	db             int
}

// parse reads a URL as [Open] documents it. Its errors do not repeat any part
// that may be a password, not even one that stands in the wrong place.
func parse(raw string) (target, error) {
	scheme, rest, found := strings.Cut(raw, "://")
	if !found {
		return target{}, errors.New("it does not begin with a scheme such as redis://")
	}
	var t target
	switch scheme {
	case "redis", "rediss":
	case "unix":
		return parseSocket(rest)
	case "redis+sentinel", "rediss+sentinel":
		t.kind = sentinel
	case "redis+cluster", "rediss+cluster":
		t.kind = cluster
	default:
		return target{}, errors.New("its scheme is unknown; use redis, rediss, unix, redis+sentinel, rediss+sentinel, " +
			"redis+cluster or rediss+cluster")
	}
	t.tls = strings.HasPrefix(scheme, "rediss")
	return t, t.parse(rest)
}

// parse reads what follows the scheme. The hosts are taken apart first,
// because net/url has no notion of several.
func (t *target) parse(rest string) error {
	authority, path := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority, path = rest[:i], rest[i:]
	}
	hosts := authority
	credentials := ""
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		credentials, hosts = authority[:i+1], authority[i+1:]
	}
	u, err := url.Parse("redis://" + credentials + "host" + path)
	if err != nil || strings.Contains(path, "@") || u.Fragment != "" {
		return errors.New("it is malformed; special characters in the user name and in the password must be percent-encoded")
	}
	t.user = u.User.Username()
	t.password, _ = u.User.Password()
	if err := t.checkUser(); err != nil {
		return err
	}
	if err := t.parseHosts(hosts); err != nil {
		return err
	}
	if err := t.parsePath(strings.Trim(u.Path, "/")); err != nil {
		return err
	}
	return t.parseQuery(u.Query())
}

// checkUser refuses a user without a password, which would be sent to nobody.
func (t *target) checkUser() error {
	if t.user != "" && t.password == "" {
		return errors.New("it has a user and no password; a password alone has a colon in front of it, as in redis://:password@host")
	}
	return nil
}

func (t *target) parseHosts(hosts string) error {
	port := serverPort
	if t.kind == sentinel {
		port = sentinelPort
	}
	names := strings.Split(hosts, ",")
	if t.kind == single && len(names) > 1 {
		return errors.New("it names several hosts, which only redis+sentinel:// and redis+cluster:// may")
	}
	for i, name := range names {
		u, err := url.Parse("redis://" + name)
		if err != nil || u.Hostname() == "" {
			return fmt.Errorf("host %d is missing or malformed, want host or host:port", i+1)
		}
		p := u.Port()
		if p == "" {
			p = port
		}
		if n, err := strconv.Atoi(p); err != nil || n < 1 || n > 65535 {
			return fmt.Errorf("the port of host %d is not within 1 to 65535", i+1)
		}
		t.addrs = append(t.addrs, net.JoinHostPort(u.Hostname(), p))
	}
	return nil
}

// parsePath reads "", "db", and "master" or "master/db" for Sentinel.
func (t *target) parsePath(path string) error {
	db := path
	switch t.kind {
	case sentinel:
		t.master, db, _ = strings.Cut(path, "/")
		if t.master == "" {
			return errors.New("the name of the master is missing: redis+sentinel://host1,host2/master")
		}
	case cluster:
		if path != "" && path != "0" {
			return errors.New("a Cluster has no other database than 0")
		}
	case single:
	}
	return t.parseDB(db)
}

func (t *target) parseDB(db string) error {
	if db == "" {
		return nil
	}
	n, err := strconv.Atoi(db)
	if err != nil || n < 0 {
		return errors.New("the database, which is what follows the last slash, is not a number")
	}
	t.db = n
	return nil
}

func (t *target) parseQuery(q url.Values) error {
	if t.kind == sentinel {
		t.sentinelUser, t.sentinelPass = q.Get("sentinel_user"), q.Get("sentinel_password")
		q.Del("sentinel_user")
		q.Del("sentinel_password")
	}
	if q.Has("db") {
		return errors.New("the database stands behind the last slash, as in redis://host/4, and is no parameter")
	}
	if len(q) > 0 {
		return errors.New("it has unknown parameters; only redis+sentinel:// has any, which are sentinel_user and sentinel_password")
	}
	return nil
}

// parseSocket reads what follows unix://, a path and perhaps ?db=n.
func parseSocket(rest string) (target, error) {
	u, err := url.Parse("unix://" + rest)
	if err != nil || u.Host != "" || u.Path == "" || u.Fragment != "" {
		return target{}, errors.New("it is malformed, want unix:///path/to/socket")
	}
	t := target{addrs: []string{u.Path}, user: u.User.Username()}
	t.password, _ = u.User.Password()
	if err := t.checkUser(); err != nil {
		return target{}, err
	}
	q := u.Query()
	if err := t.parseDB(q.Get("db")); err != nil {
		return target{}, errors.New("the parameter db is not a number")
	}
	q.Del("db")
	return t, t.parseQuery(q)
}

// Redact returns the URL without what may be a secret: everything before the
// last @, the parameters, and all of it if it is no URL.
func Redact(rawURL string) string {
	scheme, rest, found := strings.Cut(rawURL, "://")
	if !found {
		return "[not a URL]"
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		rest = "redacted" + rest[i:]
	}
	rest, _, _ = strings.Cut(rest, "?")
	return scheme + "://" + rest
}
