package settings_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/settings"
)

// What is written in a file as no text, and is to be one.
func TestTextsOfAFileAreQuoted(t *testing.T) {
	t.Parallel()

	for content, want := range map[string]string{
		"token: 012345678901234567":          "token in %s is written as a number, a boolean or a date, which is no text; put it into quotes",
		"token: 1e20":                        "token in %s is written as a number",
		"token: 2026-01-01":                  "token in %s is written as a number, a boolean or a date",
		"model_key: 99999999999999999999999": "model_key in %s is written as a number",
		"chat_model: 4\nmodel_url: http://m": "chat_model in %s is 4, which is no text; put it into quotes",
		"ops_hosts: [a, true]":               "ops_hosts in %s is true, which is no text; put it into quotes",
		"data_dir: 7":                        "data_dir in %s is 7, which is no text",
		"shards: 4\n---\nshards: 8":          "the file %s cannot be read: it has more than one document",
		"shards: 4\nshards: 8":               "already defined",
		"shards: 0x10":                       "want a whole number from 0 to 4096",
		"lease: 5":                           "want a number with a unit",
		"config: ~ana/x":                     `"config" in %s is not a setting`,
		"data_dir: ~ana/x":                   "begins with the ~ of somebody's home",
	} {
		path := write(t, content)
		_, err := settings.Load([]string{"--config=" + path}, nil)
		if want = strings.ReplaceAll(want, "%s", path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", content, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "012345678901234567") {
			t.Errorf("%q: the token is in %v", content, err)
		}
	}
}

// The same number is the same wherever it is written.
func TestNumbersAreTheSameEverywhere(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]int{"010": 10, "+9": 9, "12": 12} {
		for from, load := range map[string]func() (settings.Settings, error){
			"file": func() (settings.Settings, error) {
				return settings.Load([]string{"--config=" + write(t, "shards: "+text)}, nil)
			},
			"file, quoted": func() (settings.Settings, error) {
				return settings.Load([]string{"--config=" + write(t, `shards: "`+text+`"`)}, nil)
			},
			"file, by name": func() (settings.Settings, error) {
				return settings.Load([]string{"--config=" + write(t, "x: &x {shards: "+text+"}\n<<: *x")}, nil)
			},
			"variable": func() (settings.Settings, error) { return settings.Load(nil, []string{"TURNWISE_SHARDS=" + text}) },
			"flag":     func() (settings.Settings, error) { return settings.Load([]string{"--shards=" + text}, nil) },
		} {
			got, err := load()
			if from == "file, by name" {
				continue // x is no setting
			}
			if err != nil || got.Shards != want {
				t.Errorf("%s from the %s is %d, %v; want %d", text, from, got.Shards, err, want)
			}
		}
	}
}

func TestHomeIsExpanded(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	for name, content := range map[string]string{"turnwise.yaml": "data_dir: ~/data\nmodel_url: http://m\nchat_model: m", "key": "k"} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := settings.Load([]string{"--config=~/turnwise.yaml"}, []string{"TURNWISE_MODEL_KEY_FILE=~/key"})
	if err != nil || got.DataDir != filepath.Join(home, "data") || got.ModelKey != "k" {
		t.Errorf("Load = data_dir %q, model_key %q, %v", got.DataDir, got.ModelKey, err)
	}
}

func TestMisspeltVariables(t *testing.T) {
	t.Parallel()

	for variable, want := range map[string]string{
		"TURNWISE_LEAS=4s":                   "the variable TURNWISE_LEAS is not a setting, and has no effect; did you mean TURNWISE_LEASE?",
		"TURNWISE_REDISURL=redis://secret@h": "the variable TURNWISE_REDISURL is not a setting, and has no effect; did you mean TURNWISE_REDIS_URL?",
		"turnwise_lease=4s":                  "the variable turnwise_lease is not a setting, and has no effect; did you mean TURNWISE_LEASE?",
		"TURNWISE_COLOUR_OF_THE_SHED=blue":   "the variable TURNWISE_COLOUR_OF_THE_SHED is not a setting, and has no effect; --help lists what there is",
		"TURNWISE_LEAS=":                     "",
		"TURNWISE_PORT=tcp://10.0.0.1:80":    "",
		"TURNWISE_PORT_80_TCP_ADDR=10.0.0.1": "",
		"TURNWISE_SERVICE_PORT_API=80":       "",
		"TURNWISE_API=http://127.0.0.1:8080": "",
		"TURNWISE_TOKEN_FILE=/dev/null":      "", // a mistake of another kind
		"TURNWISE_LEASE=4s":                  "",
	} {
		got, _ := settings.Load(nil, []string{variable})
		if text := strings.Join(got.Warnings, "\n"); text != want {
			t.Errorf("%s: warned %q, want %q", variable, text, want)
		}
	}
}
