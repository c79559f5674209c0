package telemetry_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// Where the files for operators are.
const (
	root          = "../../"
	alertsFile    = root + "config/alerts.yml"
	dashboardFile = root + "config/grafana/dashboards/turnwise.json"
	composeFile   = root + "docker-compose.yml"
)

var (
	settingName = regexp.MustCompile(`\bTURNWISE_[A-Z_]+`)
	metricName  = regexp.MustCompile(`\bturnwise_[a-z0-9_]+`)
	// What a histogram exports beside its own name.
	histogramPart = regexp.MustCompile(`_(bucket|count|sum)$`)
)

type rule struct {
	Alert, Record, Expr string
	Annotations         map[string]string
}

type ruleGroups struct{ Groups []struct{ Rules []rule } }

func alerts(t *testing.T) []rule {
	t.Helper()
	var file ruleGroups
	decodeYAML(t, alertsFile, &file)
	var rules []rule
	for _, g := range file.Groups {
		rules = append(rules, g.Rules...)
	}
	return rules
}

func TestAlertsUseTheCatalogue(t *testing.T) {
	t.Parallel()

	known := catalogue(t)
	for _, r := range alerts(t) {
		checkQuery(t, known, "alert "+r.Alert, r.Expr)
	}
}

func TestAlertsAreDocumentedAndTested(t *testing.T) {
	t.Parallel()

	var tests struct {
		Tests []struct {
			Cases []struct {
				Alert string           `yaml:"alertname"`
				Fires []map[string]any `yaml:"exp_alerts"`
			} `yaml:"alert_rule_test"`
		}
	}
	decodeYAML(t, root+"config/alerts_test.yml", &tests)
	fires, quiet := map[string]bool{}, map[string]bool{}
	for _, test := range tests.Tests {
		for _, c := range test.Cases {
			fires[c.Alert] = fires[c.Alert] || len(c.Fires) > 0
			quiet[c.Alert] = quiet[c.Alert] || len(c.Fires) == 0
		}
	}
	docs := read(t, docsFile)
	for _, r := range alerts(t) {
		if !fires[r.Alert] || !quiet[r.Alert] {
			t.Errorf("alerts_test.yml shows %s fire: %t, and not fire: %t; want both", r.Alert, fires[r.Alert], quiet[r.Alert])
		}
		if want := "docs/metrics.md#" + strings.ToLower(r.Alert); r.Annotations["runbook"] != want {
			t.Errorf("the runbook of %s is %q, want %q", r.Alert, r.Annotations["runbook"], want)
		}
		if !strings.Contains(docs, "\n### "+r.Alert+"\n") {
			t.Errorf("docs/metrics.md has no section %q", r.Alert)
		}
	}
}

func TestDashboardUsesTheCatalogue(t *testing.T) {
	t.Parallel()

	known := catalogue(t)
	drawn := map[string]bool{}
	for title, exprs := range dashboard(t) {
		for _, expr := range exprs {
			checkQuery(t, known, "panel "+title, expr)
			for _, name := range metricName.FindAllString(expr, -1) {
				drawn[histogramPart.ReplaceAllString(name, "")] = true
			}
		}
	}
	for _, m := range known {
		if !drawn[m.name] {
			t.Errorf("the dashboard does not draw %s", m.name)
		}
	}
}

// TestQueriesParse asks promtool, which machines without Prometheus lack.
func TestQueriesParse(t *testing.T) {
	t.Parallel()

	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not on PATH")
	}
	var rules []rule
	for _, exprs := range dashboard(t) {
		for _, expr := range exprs {
			rules = append(rules, rule{Record: "a:query", Expr: strings.NewReplacer("$__rate_interval", "1m", "$__range", "1h").Replace(expr)})
		}
	}
	file := filepath.Join(t.TempDir(), "rules.yml")
	out, err := yaml.Marshal(map[string]any{"groups": []any{map[string]any{"name": "dashboard", "rules": records(rules)}}})
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, string(out))
	for _, args := range [][]string{
		{"check", "rules", "--lint=none", file},
		{"check", "config", root + "config/prometheus.yml"},
		{"test", "rules", root + "config/alerts_test.yml"},
	} {
		if out, err := exec.CommandContext(t.Context(), promtool, args...).CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

func records(rules []rule) []map[string]string {
	var rs []map[string]string
	for _, r := range rules {
		rs = append(rs, map[string]string{"record": r.Record, "expr": r.Expr})
	}
	return rs
}

// A dashboard is read as its queries, by title of the panel.
func dashboard(t *testing.T) map[string][]string {
	t.Helper()
	var file struct {
		Panels []struct {
			ID      int
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, dashboardFile)), &file); err != nil {
		t.Fatalf("%s: %v", dashboardFile, err)
	}
	ids := map[int]bool{}
	queries := map[string][]string{}
	for _, p := range file.Panels {
		if ids[p.ID] {
			t.Errorf("two panels have the id %d", p.ID)
		}
		ids[p.ID] = true
		for _, target := range p.Targets {
			queries[p.Title] = append(queries[p.Title], target.Expr)
		}
	}
	return queries
}

// checkQuery reports metrics of ours in a query that the catalogue lacks, and
// histograms that are asked for as if they were numbers.
func checkQuery(t *testing.T, known []metric, where, expr string) {
	t.Helper()
	for _, name := range metricName.FindAllString(expr, -1) {
		if strings.HasPrefix(name, "turnwise_asynq_") {
			continue
		}
		base := histogramPart.ReplaceAllString(name, "")
		i := slices.IndexFunc(known, func(m metric) bool { return m.name == base })
		if i < 0 || (known[i].kind == "histogram") != (base != name) {
			t.Errorf("%s asks for %s, which no process exports", where, name)
		}
	}
}

type service struct {
	Image, Build string
	Environment  map[string]string
	Volumes      []string
	Ports        []string
	CapDrop      []string `yaml:"cap_drop"`
	SecurityOpt  []string `yaml:"security_opt"`
	Command      any
}

// pinned is an image with its version and digest.
var pinned = regexp.MustCompile(`^[a-z/]+:[a-z0-9.-]+@sha256:[0-9a-f]{64}$`)

func TestComposeIsWhole(t *testing.T) {
	t.Parallel()

	var file struct {
		Name     string
		Services map[string]service
		Volumes  map[string]any
	}
	decodeYAML(t, composeFile, &file)
	for _, name := range []string{"worker", "redis", "prometheus", "grafana"} {
		s, ok := file.Services[name]
		if !ok {
			t.Errorf("there is no service %s", name)
		}
		if s.Build == "" && !pinned.MatchString(s.Image) {
			t.Errorf("the image %s of %s lacks its version or its digest", s.Image, name)
		}
		if !slices.Equal(s.CapDrop, []string{"ALL"}) || !slices.Equal(s.SecurityOpt, []string{"no-new-privileges:true"}) {
			t.Errorf("%s keeps the rights of root: cap_drop %v, security_opt %v", name, s.CapDrop, s.SecurityOpt)
		}
		for _, volume := range s.Volumes {
			source, _, _ := strings.Cut(volume, ":")
			if _, named := file.Volumes[source]; named {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, source)); err != nil {
				t.Errorf("%s mounts what is not there: %v", name, err)
			}
		}
		for _, port := range s.Ports {
			if !strings.HasPrefix(port, "127.0.0.1:") {
				t.Errorf("%s publishes %s to the network, want loopback only", name, port)
			}
		}
	}
}

// The Redis of compose wants the password that the worker has, and redis-cli in
// its health check.
func TestComposeRedisHasAPassword(t *testing.T) {
	t.Parallel()

	var file struct{ Services map[string]service }
	decodeYAML(t, composeFile, &file)
	const password = "${REDIS_PASSWORD:-compose-development-password}"
	if got := file.Services["worker"].Environment["TURNWISE_REDIS_URL"]; got != "redis://:"+password+"@redis:6379/0" {
		t.Errorf("the worker asks %s", got)
	}
	redis := file.Services["redis"]
	if command := fmt.Sprint(redis.Command); redis.Environment["REDISCLI_AUTH"] != password ||
		!strings.Contains(command, "redis-server") || !strings.Contains(command, " - <<END\nrequirepass $$REDISCLI_AUTH\nEND\n") {
		t.Errorf("redis is started by %v, with %v", redis.Command, redis.Environment)
	}
}

// Prometheus asks for the service by the name that compose gives it, and
// Grafana for Prometheus.
func TestMonitoringFindsItsTargets(t *testing.T) {
	t.Parallel()

	for file, wants := range map[string][]string{
		"config/prometheus.yml":                                  {"names: [worker]", "port: 8081"},
		"config/grafana/provisioning/datasources/prometheus.yml": {"url: http://prometheus:9090", "uid: prometheus"},
		"config/grafana/provisioning/dashboards/turnwise.yml":    {"path: /var/lib/grafana/dashboards"},
		"config/grafana/dashboards/turnwise.json":                {`"uid": "prometheus"`, `"uid": "turnwise"`},
		"docker-compose.yml":                                     {"/d/turnwise", "./config/grafana/dashboards:/var/lib/grafana/dashboards:ro"},
		"Dockerfile":                                             {"TURNWISE_OPS_LISTEN=0.0.0.0:8081", "--healthcheck"},
	} {
		content := read(t, root+file)
		for _, want := range wants {
			if !strings.Contains(content, want) {
				t.Errorf("%s lacks %q", file, want)
			}
		}
	}
}

// What the files for operators set or advise to set is a setting.
func TestSettingsExist(t *testing.T) {
	t.Parallel()

	settings := read(t, root+"config/turnwise.example.yaml") + "TURNWISE_CONFIG," // which names the file itself
	for _, file := range []string{"docker-compose.yml", "Dockerfile", "docs/metrics.md"} {
		for _, name := range settingName.FindAllString(read(t, root+file), -1) {
			if !strings.Contains(settings, name+",") {
				t.Errorf("%s names %s, which is no setting", file, name)
			}
		}
	}
}

func decodeYAML(t *testing.T, name string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(read(t, name)), into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}
