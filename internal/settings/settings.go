package settings

import (
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/webhook"
)

// A Role is a part of the work that a process may do.
type Role string

// The roles.
const (
	API        Role = "api"        // answer HTTP requests
	Worker     Role = "worker"     // work jobs
	Dispatcher Role = "dispatcher" // deliver webhooks
)

// Roles lists every [Role].
func Roles() []Role { return []Role{API, Worker, Dispatcher} }

// Settings are all that the operator may set. See the table for what each one
// means. They do not print secrets.
type Settings struct {
	Config    string
	Roles     []Role
	Listen    string
	OpsListen string
	OpsHosts  []string
	DataDir   string // absolute; empty if nothing is kept

	RedisURL      string // empty stands for the embedded Redis
	Embedded      string // "auto", "memory" or "redis"
	AllowEviction bool
	AllowDataLoss bool
	Shards        int

	Lease                     time.Duration
	Concurrency               int // 0 stands for what suits the machine and the analyzer
	JobBackoffInitial         time.Duration
	JobBackoffMax             time.Duration
	JobMaxAttempts            int
	JobOnFailure              string
	JobRetention              time.Duration
	MaxConcurrentJobs         int
	MaxPendingJobs            int // of an account, about, if there are accounts
	MaxRequestRate            int // of an account, if there are accounts
	MaxPendingPerConversation int
	StrictTypes               bool
	ImportStatus              string // words of [account.Account]

	AnalyzerURL     string
	AnalyzerTimeout time.Duration

	ModelURL         string // empty stands for no models
	ModelKey         string
	EmbeddingModel   string
	ChatModel        string
	ModelTimeout     time.Duration
	ModelConcurrency int

	WebhookConcurrency    int
	WebhookTimeout        time.Duration
	WebhookBackoffInitial time.Duration
	WebhookBackoffMax     time.Duration
	WebhookMaxElapsed     time.Duration

	WebhookEndpointConcurrency int
	WebhookEndpointRate        int
	WebhookBreakerFailures     int
	WebhookBreakerRatio        int
	WebhookBreakerWindow       time.Duration
	WebhookBreakerMaxPause     time.Duration
	WebhookConsentOrigin       string
	WebhookGap                 string
	WebhookEvents              []string // of [account.Account]

	WebhookSecret     string
	WebhookSecretKeys []string // in base64; the first encrypts
	WebhookAllowCIDRs []netip.Prefix

	Token       string
	TokenKeys   []string // in base64; the first signs
	TokenTTL    time.Duration
	CORSOrigins []string
	Connections int // 0 stands for what the descriptors of the process allow

	Console              bool
	ConsoleOperatorToken string

	ShutdownGrace time.Duration
	ShutdownDelay time.Duration
	LogLevel      slog.Level
	LogFormat     string // "text" or "json"

	// Accounts come from the file; if there are none, the process is a
	// try-out. What they leave open is filled in: WebhookSecret for no secret,
	// MaxConcurrentJobs, MaxPendingJobs and MaxRequestRate for 0, WebhookEvents for none,
	// StrictTypes and ImportStatus.
	Accounts []account.Entry

	// WebhookEndpoints come from the file, from its top or from its accounts.
	WebhookEndpoints []webhook.Extra

	// Warnings say what is not safe about the settings, in sentences without
	// secrets.
	Warnings []string

	Demo    bool // flag only
	Open    bool // flag only
	Version bool // flag only; nothing else is set or checked then
}

// Has reports whether the process has the role.
func (s Settings) Has(r Role) bool { return slices.Contains(s.Roles, r) }

// AnalysesElsewhere reports whether jobs wait for another process to analyse
// them.
func (s Settings) AnalysesElsewhere() bool { return s.AnalyzerURL != "" || s.ModelURL != "" }

// TryOut reports whether there are no accounts, so that the process makes a
// token for itself and listens on loopback only.
func (s Settings) TryOut() bool { return len(s.Accounts) == 0 }

// String returns all settings on one line, without secrets.
func (s Settings) String() string {
	var b strings.Builder
	for _, a := range s.attrs() {
		fmt.Fprintf(&b, "%s=%s ", a.Key, a.Value)
	}
	return strings.TrimSpace(b.String())
}

// Format writes what String returns, whatever the verb.
func (s Settings) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue returns the settings as a group, without secrets.
func (s Settings) LogValue() slog.Value { return slog.GroupValue(s.attrs()...) }

func (s Settings) attrs() []slog.Attr {
	var attrs []slog.Attr
	for _, row := range rows(&s) {
		attrs = append(attrs, slog.String(row.key, row.shown(row.value.get())))
	}
	return append(attrs, slog.Int("accounts", len(s.Accounts)))
}
