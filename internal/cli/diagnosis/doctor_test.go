package diagnosis_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/diagnosis"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

func TestVersion(t *testing.T) {
	t.Parallel()

	f := clitest.NewAPI(t)
	if got := f.Run(t, "", "version"); got.Code != exit.OK || strings.TrimSpace(got.Stdout) == "" || len(f.Calls) > 0 {
		t.Errorf("version = %+v, want a word and no call", got)
	}
	var document struct{ Version string }
	if got := f.Run(t, "", "version", "-o", "json"); json.Unmarshal([]byte(got.Stdout), &document) != nil || document.Version == "" {
		t.Errorf("version for programs = %+v", got)
	}
}

var figures = regexp.MustCompile(`answers in [0-9.]+(µs|ms|s)|127\.0\.0\.1:\d+`)

// TestDoctor checks what is found and what is advised, to the letter but for times and
// ports.
func TestDoctor(t *testing.T) {
	t.Parallel()

	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusMethodNotAllowed) }))
	t.Cleanup(receiver.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	const asked = "redis: --redis-url asks Redis itself, where it can be reached\ndurability: --redis-url asks Redis itself, where it can be reached\n"
	tests := []struct {
		name   string
		args   []string
		refuse []clitest.Refusal
		code   int
		want   string
	}{
		{
			name: "well", code: exit.OK,
			want: "server      ok       it answers in X\ntoken       ok       the API takes it\nclock       ok       that of the server says the same\n" +
				"redis       ok       the API reaches it\ndurability  unknown  the API does not say\ndurability: --redis-url asks Redis itself, where it can be reached\n",
		},
		{
			name: "nobody there", args: []string{"--api", gone.URL, "--retry", "0"}, code: exit.Unexpected,
			want: "server      failed   the API at http://X cannot be reached: dial tcp X: connect: connection refused; is it running?\n" +
				"redis       unknown  the API does not say\ndurability  unknown  the API does not say\nserver: " + diagnosis.StartServer + "\n" + asked,
		},
		{
			name: "another token", args: []string{"--token", "other"}, code: exit.Unexpected,
			want: "server      ok       it answers\ntoken       failed   Token validation failed for provided token.\n" +
				"redis       unknown  the API does not say\ndurability  unknown  the API does not say\ntoken: " + diagnosis.PassToken + "\n" + asked,
		},
		{
			name: "Redis is away", args: []string{"--retry", "0"}, refuse: []clitest.Refusal{{Status: 503, Message: "Redis does not answer."}}, code: exit.Unexpected,
			want: "server      failed   the API cannot serve the request now (503): Redis does not answer.\n" +
				"redis       unknown  the API does not say\ndurability  unknown  the API does not say\nserver: look at what /readyz of the worker says, and at its log\n" + asked,
		},
		{
			name: "receiver", args: []string{"--webhook-url", receiver.URL}, code: exit.OK,
			want: "server      ok       it answers in X\ntoken       ok       the API takes it\nclock       ok       that of the server says the same\n" +
				"redis       ok       the API reaches it\ndurability  unknown  the API does not say\nreceiver    ok       it can be reached from here, and answers 405 to HEAD\n" +
				"durability: --redis-url asks Redis itself, where it can be reached\nreceiver: " + diagnosis.AllowNetwork + "\n",
		},
		{
			name: "no receiver", args: []string{"--webhook-url", gone.URL}, code: exit.Unexpected,
			want: "server      ok       it answers in X\ntoken       ok       the API takes it\nclock       ok       that of the server says the same\n" +
				"redis       ok       the API reaches it\ndurability  unknown  the API does not say\nreceiver    failed   Head \"http://X\": dial tcp X: connect: connection refused\n" +
				"durability: --redis-url asks Redis itself, where it can be reached\nreceiver: " + diagnosis.StartReceiver + "\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			f := clitest.NewAPI(t)
			f.Refuse = tt.refuse
			got := f.Run(t, "", append([]string{"doctor"}, tt.args...)...)
			shown := strings.ReplaceAll(figures.ReplaceAllString(got.Stdout, "X"), "it X", "it answers in X")
			if got.Code != tt.code || shown != tt.want {
				t.Errorf("doctor %q = %d\n%s\nwant %d\n%s", tt.args, got.Code, shown, tt.code, tt.want)
			}
		})
	}
}

// TestDoctorAsksRedis checks that Redis itself is asked where its address is known, and
// that memory alone is no place for jobs.
func TestDoctorAsksRedis(t *testing.T) {
	t.Parallel()

	rdb := redistest.Server(t)
	env := clitest.Environment{"TURNWISE_DATA_DIR": t.TempDir()}
	got := clitest.Run(t, env, "", "doctor", "--redis-url", rdb.URL(), "-o", "json")
	var document struct {
		Checks []struct{ Check, State string }
	}
	if err := json.Unmarshal([]byte(got.Stdout), &document); err != nil {
		t.Fatalf("doctor = %+v: %v", got, err)
	}
	states := map[string]string{}
	for _, f := range document.Checks {
		states[f.Check] = f.State
	}
	if states["server"] != "ok" || states["redis"] != "ok" || states["durability"] != "failed" || got.Code != exit.Unexpected {
		t.Errorf("doctor = %+v, want that Redis answers and keeps nothing", got)
	}
}

// TestDoctorOfRedisAddresses checks, to the letter but for the port, what is said of an
// address that cannot work, and that it repeats no password.
func TestDoctorOfRedisAddresses(t *testing.T) {
	t.Parallel()

	rdb := redistest.Server(t)
	tests := []struct{ address, want string }{
		{"rediss://" + rdb.Addr, "Redis at X does not speak TLS; use redis:// instead of rediss:// in TURNWISE_REDIS_URL. (inspect Redis: "},
		{"redis://h/0?db=4", "the address is wrong: read the Redis URL redis://h/0: the database stands behind the last slash, as in redis://host/4, and is no parameter\n"},
		{"redis://canary@h", "the address is wrong: read the Redis URL redis://redacted@h: it has a user and no password; a password alone has a colon in front of it, as in redis://:password@host\n"},
	}
	for _, tt := range tests {
		got := clitest.Run(t, clitest.Environment{"TURNWISE_DATA_DIR": t.TempDir()}, "", "doctor", "--retry", "0", "--redis-url", tt.address)
		shown := strings.ReplaceAll(got.Stdout, rdb.Addr, "X")
		if !strings.Contains(shown, "\nredis   failed  "+tt.want) || strings.Contains(got.Stdout, "canary") {
			t.Errorf("doctor --redis-url %s = %d\n%s, want %q", tt.address, got.Code, got.Stdout, tt.want)
		}
	}
}
