package settings

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/providers/posflag"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"

	"github.com/turnwise/turnwise/internal/account/tryout"
)

// delim separates the levels of a nested setting. There are none, so it is a
// character that no name contains.
const delim = "\x00"

// Load reads the settings from the arguments of the command line, without the
// name of the program, and the environment, as [os.Environ] returns it. An
// empty variable counts as unset.
//
// The error lists every mistake. It is [pflag.ErrHelp] if help was asked for,
// see [Usage].
func Load(args, environ []string) (Settings, error) {
	l := loader{merged: koanf.New(delim), file: koanf.New(delim), env: koanf.New(delim)}
	l.rows = rows(&l.settings)
	if err := l.readFlags(args); errors.Is(err, pflag.ErrHelp) {
		return Settings{}, err
	}
	if l.settings.Version {
		return l.settings, nil
	}
	l.readEnv(environ)
	l.readFile()
	l.merge()
	l.bind()
	l.readEndpoints()
	l.readAccounts()
	l.checkRules()
	l.warnOfSecrets()
	if len(l.mistakes) > 0 {
		return Settings{}, mistakes(l.mistakes)
	}
	return l.settings, nil
}

// mistakes makes one error of them.
func mistakes(list []string) error {
	if len(list) == 1 {
		return errors.New(list[0])
	}
	return fmt.Errorf("there are %d mistakes in the settings:\n  - %s", len(list), strings.Join(list, "\n  - "))
}

// loader is the state of one [Load].
type loader struct {
	settings Settings
	rows     []row
	flags    *pflag.FlagSet
	env      *koanf.Koanf
	file     *koanf.Koanf
	path     string       // of the file; empty if there is none
	merged   *koanf.Koanf // of all sources
	mistakes []string
	broken   []string // keys with a mistake, which further rules leave alone
}

func (l *loader) mistake(format string, args ...any) {
	l.mistakes = append(l.mistakes, fmt.Sprintf(format, args...))
}

func (l *loader) readFlags(args []string) error {
	l.flags = flagSet(&l.settings)
	err := l.flags.Parse(args)
	if err != nil {
		l.mistake("%v; --help lists what there is", err)
	}
	if rest := l.flags.Args(); len(rest) > 0 {
		l.mistake("the argument %q is one too many; settings are given as --name=value", rest[0])
	}
	return err
}

// flagSet makes a flag of every row, and of what is asked on the command line
// only.
func flagSet(s *Settings) *pflag.FlagSet {
	fs := pflag.NewFlagSet("worker", pflag.ContinueOnError)
	fs.SortFlags = false
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	fs.BoolVar(&s.Demo, "demo", false, "send a chat to itself and show what happens, then stay up")
	fs.BoolVar(&s.Open, "open", false, "open the console in a browser once the process is up")
	fs.BoolVar(&s.Version, "version", false, "print the version and exit")
	for _, r := range rows(s) {
		f := fs.VarPF(&flagText{text: r.def, kind: r.value.kind}, r.flag(), "", r.doc+" ["+r.variable()+"]")
		if r.value.kind == "bool" {
			f.NoOptDefVal = "true"
		}
	}
	return fs
}

// flagText is a flag that is checked later, together with all other sources.
type flagText struct{ text, kind string }

func (f *flagText) String() string        { return f.text }
func (f *flagText) Set(text string) error { f.text = text; return nil }
func (f *flagText) Type() string          { return f.kind }

func (l *loader) readEnv(environ []string) {
	known := make(map[string]string)
	for _, r := range l.rows {
		known[r.variable()] = r.key
	}
	l.warnOfVariables(environ, slices.Sorted(maps.Keys(known)))
	l.load(l.env, env.Provider(delim, env.Opt{
		Prefix:      prefix,
		EnvironFunc: func() []string { return environ },
		TransformFunc: func(name, text string) (string, any) {
			if text == "" {
				return "", nil
			}
			return known[name], text // an unknown one may be another program's
		},
	}))
}

// readFile reads the file that a flag or a variable names.
func (l *loader) readFile() {
	l.path = l.env.String("config")
	if f := l.flags.Lookup("config"); f.Changed {
		l.path = f.Value.String()
	}
	if l.path == "" {
		return
	}
	var err error
	if l.path, err = tryout.Expand(l.path); err != nil {
		l.mistake("config (--config, TURNWISE_CONFIG) is %q: %v", l.path, err)
		return
	}
	if err := l.file.Load(file.Provider(l.path), document{}); err != nil {
		l.mistake("the file %s cannot be read: %v", l.path, err)
		return
	}
	known := []string{"accounts", endpointsKey}
	for _, r := range l.rows {
		if !r.outside {
			known = append(known, r.key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(l.file.Raw())) {
		if !slices.Contains(known, key) {
			l.mistake("%q in %s is not a setting; config/turnwise.example.yaml lists what there is", key, l.path)
		}
	}
}

// merge lays the sources over each other.
func (l *loader) merge() {
	defaults := make(map[string]any)
	for _, r := range l.rows {
		defaults[r.key] = r.def
	}
	l.load(l.merged, confmap.Provider(defaults, delim))
	l.load(l.merged, confmap.Provider(l.file.Raw(), delim))
	l.load(l.merged, confmap.Provider(l.env.Raw(), delim))
	l.load(l.merged, posflag.ProviderWithFlag(l.flags, delim, nil, func(f *pflag.Flag) (string, any) {
		return strings.ReplaceAll(f.Name, "-", "_"), f.Value.String()
	}))
}

// load reads a source that is in memory already.
func (l *loader) load(into *koanf.Koanf, source koanf.Provider) {
	if err := into.Load(source, nil); err != nil {
		l.mistake("the settings cannot be read: %v", err)
	}
}

// bind checks the texts and puts them into the settings.
func (l *loader) bind() {
	for _, r := range l.rows {
		text, single := textOf(l.merged.Get(r.key))
		if !single {
			l.broken = append(l.broken, r.key)
			l.mistake("%s in %s must be a single value or a list of values", r.key, l.path)
			continue
		}
		if err := l.checkQuotes(r); err != nil {
			l.broken = append(l.broken, r.key)
			l.mistake("%s in %s %v", r.key, l.path, err)
			continue
		}
		if err := r.value.set(text); err != nil {
			l.broken = append(l.broken, r.key, strings.TrimSuffix(r.key, inFile))
			l.mistake("%s (--%s, %s) is %q, %s: %v", r.key, r.flag(), r.variable(), r.shown(text), l.origin(r), err)
		}
	}
}

// checkQuotes refuses a value of the file that is to be a text and is written as a
// number, a boolean or a date: it would not be the text that somebody sees. A secret
// is not repeated.
func (l *loader) checkQuotes(r row) error {
	if l.flags.Changed(r.flag()) || l.env.Exists(r.key) || r.value.kind != "text" && r.value.kind != "list" {
		return nil
	}
	err := quoted(l.file.Get(r.key))
	if err != nil && r.holdsSecret() {
		return errors.New("is written as a number, a boolean or a date, which is no text; put it into quotes")
	}
	return err
}

// origin says where the value of a row comes from.
func (l *loader) origin(r row) string {
	switch {
	case l.flags.Changed(r.flag()):
		return "from the command line"
	case l.env.Exists(r.key):
		return "from the environment"
	case l.file.Exists(r.key):
		return "from " + l.path
	default:
		return "by default"
	}
}

// textOf returns a value of the file as one would write it in a variable.
func textOf(v any) (text string, ok bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case bare:
		return string(v), true
	case map[string]any:
		return "", false
	case []any:
		list := make([]string, len(v))
		for i := range v {
			if list[i], ok = textOf(v[i]); !ok {
				return "", false
			}
		}
		return strings.Join(list, ","), true
	default:
		return fmt.Sprint(v), true
	}
}
