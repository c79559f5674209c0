package redisconn

import (
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()

	tests := []struct {
		url  string
		want target
	}{
		{"redis://localhost", target{addrs: []string{"localhost:6379"}}},
		{"redis://localhost/", target{addrs: []string{"localhost:6379"}}},
		{"redis://10.0.0.1:7000/3", target{addrs: []string{"10.0.0.1:7000"}, db: 3}},
		{"redis://[::1]", target{addrs: []string{"[::1]:6379"}}},
		{"redis://:p%40ss@h", target{addrs: []string{"h:6379"}, password: "p@ss"}},
		{"redis://me:p@ss@h", target{addrs: []string{"h:6379"}, user: "me", password: "p@ss"}},
		{"rediss://h:1", target{addrs: []string{"h:1"}, tls: true}},
		{"unix:///run/redis.sock", target{addrs: []string{"/run/redis.sock"}}},
		{"unix://me:pw@/run/redis.sock?db=2", target{addrs: []string{"/run/redis.sock"}, user: "me", password: "pw", db: 2}},
		{"redis+sentinel://h1,h2:7,h3/main", target{
			kind: sentinel, addrs: []string{"h1:26379", "h2:7", "h3:26379"}, master: "main",
		}},
		{"rediss+sentinel://me:pw@h1:1,h2:2/main/4?sentinel_password=sp&sentinel_user=su", target{
			kind: sentinel, tls: true, addrs: []string{"h1:1", "h2:2"}, master: "main", db: 4,
			user: "me", password: "pw", sentinelUser: "su", sentinelPass: "sp",
		}},
		{"redis+cluster://h1,[::1]:7", target{kind: cluster, addrs: []string{"h1:6379", "[::1]:7"}}},
		{"rediss+cluster://:pw@h1/0", target{kind: cluster, tls: true, addrs: []string{"h1:6379"}, password: "pw"}},
	}
	for _, tt := range tests {
		t.Run(tt.url, func(t *testing.T) {
			t.Parallel()

			got, err := parse(tt.url)
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("parse = %+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}

func TestOpenRefusesWithoutRepeatingTheSecret(t *testing.T) {
	t.Parallel()

	tests := []struct{ url, want string }{
		{"canary", "begin with a scheme"},
		{"http://:canary@h", "scheme is unknown"},
		{"redis://", "host 1 is missing"},
		{"redis://:canary@", "host 1 is missing"},
		{"redis://:canary@h:x", "host 1 is missing or malformed"},
		{"redis://:canary@h:0", "port of host 1"},
		{"redis://:canary@h:70000", "port of host 1"},
		{"redis://:can/ary@h", "percent-encoded"},
		{"redis://:can%zzary@h", "percent-encoded"},
		{"redis://:can#ary@h", "percent-encoded"},
		{"redis://:can?ary@h", "percent-encoded"},
		{"redis://:canary@h1,h2", "several hosts"},
		{"redis://:canary@h/x", "not a number"},
		{"redis://:canary@h/-1", "not a number"},
		{"redis://h?password=canary", "unknown parameters"},
		{"redis://h/0?db=4", "the database stands behind the last slash, as in redis://host/4, and is no parameter"},
		{"redis+sentinel://h/main?db=4", "behind the last slash"},
		{"redis://canary@h", "a password alone has a colon in front of it, as in redis://:password@host"},
		{"redis://canary:@h", "it has a user and no password"},
		{"unix://canary@/s", "a password alone has a colon in front"},
		{"redis+sentinel://:canary@h1,h2", "name of the master is missing"},
		{"redis+sentinel://:canary@h1,/main", "host 2 is missing"},
		{"redis+sentinel://:canary@h1/main/x", "not a number"},
		{"redis+cluster://:canary@h1,h2/1", "no other database"},
		{"unix://canary", "unix:///path"},
		{"unix://:canary@/s?db=x", "not a number"},
		{"unix://:canary@/s?x=1", "unknown parameters"},
	}
	for _, tt := range tests {
		t.Run(tt.url, func(t *testing.T) {
			t.Parallel()

			_, err := Open(tt.url)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("Open: %v, want an error with %q", err, tt.want)
			}
			for _, part := range []string{"canary", "can/", "can%", "can#", "can?", "ary"} {
				if strings.Contains(strings.ReplaceAll(err.Error(), "unix://canary", ""), part) {
					t.Errorf("the error contains the secret: %v", err)
				}
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, url := range []string{"redis://u:p@h:1/2", "unix:///s?db=1", "redis+sentinel://a,b/m/1", "redis+cluster://[::1],b:2"} {
		f.Add(url)
	}
	f.Fuzz(func(t *testing.T, url string) {
		if got, err := parse(url); err == nil && len(got.addrs) == 0 {
			t.Errorf("parse(%q) names no address: %+v", url, got)
		}
	})
}

func TestRedact(t *testing.T) {
	t.Parallel()

	tests := []struct{ url, want string }{
		{"redis://h:1/2", "redis://h:1/2"},
		{"redis://me:pw@h:1/2", "redis://redacted@h:1/2"},
		{"redis://:a/b@c@h", "redis://redacted@h"},
		{"unix:///s?password=pw", "unix:///s"},
		{"redis+sentinel://:pw@h1,h2/m?sentinel_password=x", "redis+sentinel://redacted@h1,h2/m"},
		{"pw", "[not a URL]"},
		{"", "[not a URL]"},
	}
	for _, tt := range tests {
		t.Run(tt.url, func(t *testing.T) {
			t.Parallel()

			if got := Redact(tt.url); got != tt.want {
				t.Errorf("Redact(%q) = %q, want %q", tt.url, got, tt.want)
			}
		})
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()

	for _, tt := range []struct {
		url string
		tls bool
	}{{"redis://h", false}, {"rediss://h", true}, {"rediss+cluster://h", true}, {"rediss+sentinel://h/m", true}} {
		parsed, err := parse(tt.url)
		if err != nil {
			t.Fatal(err)
		}
		o := parsed.options()
		if (o.TLSConfig != nil) != tt.tls {
			t.Errorf("%s: encrypted is %t, want %t", tt.url, o.TLSConfig != nil, tt.tls)
		}
		if o.MaxRetries != -1 || !o.ContextTimeoutEnabled || o.ReadTimeout != timeout || o.PoolSize < 128 {
			t.Errorf("%s: options %+v are not those that the service relies on", tt.url, o)
		}
	}
}
