package redisconn_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/redis/redisconn"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// wantDiagnosis makes the first contact with a Redis, which must go wrong, and
// looks for the sentence that says why.
func wantDiagnosis(t *testing.T, url, want string) {
	t.Helper()
	begun := time.Now()
	_, err := redisconn.Inspect(t.Context(), open(t, url))
	if err == nil {
		t.Fatal("Inspect found a Redis")
	}
	got := redisconn.Diagnose(t.Context(), url, err).Error()
	if !strings.Contains(got, want) {
		t.Errorf("Diagnose = %s, want %s", got, want)
	}
	if strings.Contains(got, "canary") {
		t.Errorf("Diagnose tells a password: %s", got)
	}
	if took := time.Since(begun); took > 10*time.Second { // each has 2s, and a busy machine takes its time
		t.Errorf("it took %v to find that out", took)
	}
}

// What keeps the first contact from being made is told with its cause.
func TestDiagnose(t *testing.T) {
	t.Parallel()

	p, locked, hung := redistest.Server(t), redistest.Server(t), redistest.Server(t)
	if err := locked.Client().ConfigSet(t.Context(), "requirepass", "x").Err(); err != nil {
		t.Fatal(err)
	}
	hung.Stop()
	web, secureWeb := httptest.NewServer(http.NotFoundHandler()), httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(web.Close)
	t.Cleanup(secureWeb.Close)
	plainWeb, tlsWeb := strings.TrimPrefix(web.URL, "http://"), strings.TrimPrefix(secureWeb.URL, "https://")
	authority := newAuthority(t)
	good := authority.front(t, p.Addr, certificate{host: "127.0.0.1"})
	tests := []struct{ name, url, want string }{
		{"TLS that is not expected", "rediss://" + p.Addr, "does not speak TLS; use redis:// instead of rediss://"},
		{"TLS that is expected", "redis://" + good, "speaks TLS; use rediss:// instead of redis://"},
		{"TLS that a Cluster expects", "redis+cluster://" + good, "speaks TLS; use rediss+cluster:// instead of redis+cluster://"},
		{"authority unknown", "rediss://" + good, "signed by an authority that this machine does not trust"},
		{"certificate of another host", "rediss://" + authority.front(t, p.Addr, certificate{host: "redis.test"}), "not valid for the host 127.0.0.1"},
		{"certificate expired", "rediss://" + authority.front(t, p.Addr, certificate{host: "127.0.0.1", expired: true}), "has expired"},
		{"nobody there", "redis://127.0.0.1:1", "Nobody answers at 127.0.0.1:1"},
		{"nobody there, with TLS", "rediss://127.0.0.1:1", "Nobody answers at 127.0.0.1:1"},
		{"none of a Cluster there", "redis+cluster://127.0.0.1:1,127.0.0.1:2", "Nobody answers at 127.0.0.1:1, 127.0.0.1:2"},
		{"host unknown", "redis://nosuch.invalid", "The host nosuch.invalid of TURNWISE_REDIS_URL"},
		{"silent", "redis://" + hung.Addr, "Redis at " + hung.Addr + " does not answer."},
		{"silent, with TLS", "rediss://" + hung.Addr, "The TLS connection to Redis at " + hung.Addr + " fails"},
		{"no Redis", "redis://" + plainWeb, "What answers at " + plainWeb + " is no Redis"},
		{"no Redis, TLS expected", "rediss://" + plainWeb, "What answers at " + plainWeb + " is no Redis"},
		{"no Redis, TLS not expected", "redis://" + tlsWeb, "What answers at " + tlsWeb + " is no Redis"},
		{"no Cluster", "redis+cluster://" + p.Addr, "Redis is no Cluster; use redis://"},
		{"password missing", "redis://" + locked.Addr, "wants a password (NOAUTH)"},
		{"password wrong", "redis://:canary@" + locked.Addr, "refuses the user or the password (WRONGPASS)"},
		{"no Sentinel", "redis+sentinel://" + p.Addr + "/main", "Redis at " + p.Addr + " is no Sentinel"},
		{"no Sentinel there", "redis+sentinel://127.0.0.1:1,127.0.0.1:2/main", "Nobody answers at 127.0.0.1:1, 127.0.0.1:2; is Sentinel running"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			wantDiagnosis(t, tt.url, tt.want)
		})
	}
}

// Sentinels and the master that they name each have their own reasons.
func TestDiagnoseOfSentinels(t *testing.T) {
	t.Parallel()

	s := redistest.Sentinel(t, time.Minute)
	at := strings.TrimSuffix(strings.TrimPrefix(s.URL, "redis+sentinel://"), "/main")
	lock := func(t *testing.T, p *redistest.Process, rule string) {
		t.Helper()
		if err := p.Client().Do(t.Context(), "ACL", "SETUSER", "default", rule).Err(); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("TLS that is not expected", func(t *testing.T) {
		wantDiagnosis(t, "rediss+sentinel://"+at+"/main", "does not speak TLS; use redis+sentinel:// instead of rediss+sentinel://")
	})
	t.Run("TLS that is expected", func(t *testing.T) {
		front := newAuthority(t).front(t, s.Sentinels[0].Addr, certificate{host: "127.0.0.1"})
		wantDiagnosis(t, "redis+sentinel://"+front+"/main", "Sentinel at "+front+" speaks TLS; use rediss+sentinel:// instead of redis+sentinel://")
	})
	t.Run("certificate of a Sentinel", func(t *testing.T) {
		front := newAuthority(t).front(t, s.Sentinels[0].Addr, certificate{host: "127.0.0.1"})
		wantDiagnosis(t, "rediss+sentinel://"+front+"/main", "The certificate of Sentinel at "+front+" is signed by an authority")
	})
	t.Run("name of the master wrong", func(t *testing.T) {
		wantDiagnosis(t, "redis+sentinel://"+at+"/mine", "The Sentinels know no master named mine; correct the name")
	})
	t.Run("password of the servers", func(t *testing.T) {
		lock(t, s.Master, ">x")
		wantDiagnosis(t, s.URL, "Redis wants a password (NOAUTH)")
		wantDiagnosis(t, "redis+sentinel://:canary@"+at+"/main", "Redis refuses the user or the password (WRONGPASS)")
		if err := s.Master.Client().Do(t.Context(), "AUTH", "x").Err(); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("one Sentinel hangs", func(t *testing.T) {
		s.Sentinels[0].Stop()
		defer s.Sentinels[0].Cont()
		begun := time.Now()
		if _, err := redisconn.Inspect(t.Context(), open(t, "redis+sentinel://:x@"+at+"/main")); err != nil {
			t.Errorf("Inspect with two of three Sentinels: %v", err)
		}
		if took := time.Since(begun); took > 5*time.Second { // half a second, and a busy machine takes its time
			t.Errorf("the first contact took %v", took)
		}
		wantDiagnosis(t, "redis+sentinel://:x@"+at+"/mine", "The Sentinels know no master named mine")
	})
	t.Run("password of the Sentinels", func(t *testing.T) {
		for _, p := range s.Sentinels {
			lock(t, p, ">y")
		}
		wantDiagnosis(t, "redis+sentinel://:x@"+at+"/main", "The Sentinels want a password (NOAUTH)")
		wantDiagnosis(t, "redis+sentinel://:x@"+at+"/main?sentinel_password=canary", "The Sentinels refuse the user or the password (WRONGPASS)")
		if _, err := redisconn.Inspect(t.Context(), open(t, "redis+sentinel://:x@"+at+"/main?sentinel_password=y")); err != nil {
			t.Errorf("Inspect with both passwords: %v", err)
		}
	})
	t.Run("master away", func(t *testing.T) {
		s.Master.Kill()
		wantDiagnosis(t, "redis+sentinel://:x@"+at+"/main?sentinel_password=y", "Nobody answers at "+s.Master.Addr+"; is Redis running")
	})
	t.Run("all Sentinels hang", func(t *testing.T) {
		for _, p := range s.Sentinels {
			p.Stop()
		}
		wantDiagnosis(t, s.URL, "Sentinel at "+s.Sentinels[0].Addr+" does not answer")
	})
}

// An authority that SSL_CERT_FILE names is trusted, as the sentence about
// unknown ones says. A process reads it once, so this needs one of its own.
func TestTrustedAuthority(t *testing.T) {
	t.Parallel()

	if url := os.Getenv("REDISCONN_TEST_TRUSTED"); url != "" {
		if _, err := redisconn.Inspect(t.Context(), open(t, url)); err != nil {
			t.Errorf("Inspect: %v", err)
		}
		wantDiagnosis(t, os.Getenv("REDISCONN_TEST_MUTUAL"), "wants a certificate of its clients")
		return
	}
	p, authority := redistest.Server(t), newAuthority(t)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTrustedAuthority$")
	cmd.Env = append(os.Environ(), "SSL_CERT_FILE="+authority.file(t),
		"REDISCONN_TEST_TRUSTED=rediss://"+authority.front(t, p.Addr, certificate{host: "127.0.0.1"}),
		"REDISCONN_TEST_MUTUAL=rediss://"+authority.front(t, p.Addr, certificate{host: "127.0.0.1", mutual: true}))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
