package settings

import (
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/account/tryout"
	"github.com/turnwise/turnwise/internal/webhook"
)

// endpointsKey is the name of the list of endpoints that want more than others, in the
// file and in each of its accounts.
const endpointsKey = "webhook_endpoints"

// readEndpoints reads the list of those that all accounts have.
func (l *loader) readEndpoints() {
	if raw := l.file.Get(endpointsKey); raw != nil {
		l.addEndpoints(raw, "", endpointsKey)
	}
}

// addEndpoints reads a list, which is of all accounts if account is empty. What is
// called there is what mistakes begin with.
func (l *loader) addEndpoints(raw any, account, called string) {
	list, isList := raw.([]any)
	if !isList {
		l.mistake("%s in %s must be a list", called, l.path)
		return
	}
	for i, item := range list {
		r := endpointReader{loader: l, called: fmt.Sprintf("%s[%d]", called, i)}
		r.Account, r.Header = account, http.Header{}
		r.read(item)
		same := func(x webhook.Extra) bool { return x.Account == account && x.Endpoint.ID == r.Endpoint.ID }
		if r.Endpoint.ID != "" && slices.ContainsFunc(l.settings.WebhookEndpoints, same) {
			r.wrong("origin", "is that of another one of the list; put all that it wants into one")
		}
		l.settings.WebhookEndpoints = append(l.settings.WebhookEndpoints, r.Extra)
	}
}

// An endpointReader reads one endpoint of a list. A value is named, but not repeated: it
// may be a secret.
type endpointReader struct {
	*loader
	webhook.Extra

	called               string
	certificate, private string // paths
}

// wrong notes a mistake: what is left of a sentence that begins with the member.
func (r *endpointReader) wrong(key, what string) {
	r.mistake("%s.%s in %s %s", r.called, key, r.path, what)
}

func (r *endpointReader) read(item any) {
	fields, isMap := item.(map[string]any)
	if !isMap {
		r.mistake("%s in %s must have an origin, and headers, header_files, or a certificate_file and a key_file", r.called, r.path)
		return
	}
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		switch v := fields[key]; key {
		case "origin":
			r.readOrigin(r.text(key, v))
		case "headers":
			r.readHeaders(key, v, func(text string) (string, error) { return text, nil })
		case "header_files":
			r.readHeaders(key, v, r.secretIn)
		case "certificate_file":
			r.certificate = r.text(key, v)
		case "key_file":
			r.private = r.text(key, v)
		default:
			r.wrong(key, "is not a setting; an endpoint has origin, headers, header_files, certificate_file and key_file")
		}
	}
	if _, named := fields["origin"]; !named {
		r.mistake("%s in %s must have an origin, as in https://example.com", r.called, r.path)
	}
	r.readCertificate()
}

func (r *endpointReader) text(key string, v any) string {
	s, ok := v.(string)
	if !ok {
		r.wrong(key, "must be a text; put it into quotes")
	}
	return s
}

func (r *endpointReader) readOrigin(text string) {
	var err error
	if r.Endpoint, err = webhook.EndpointAt(text); err != nil {
		r.wrong("origin", err.Error())
	}
}

// readHeaders adds the headers of a map, each with what value makes of its text.
func (r *endpointReader) readHeaders(key string, v any, value func(string) (string, error)) {
	fields, isMap := v.(map[string]any)
	if !isMap {
		r.wrong(key, "must have the names of headers, each with a text")
		return
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		member := key + "." + name
		text, isText := fields[name].(string)
		if !isText {
			r.wrong(member, "must be a text; put it into quotes")
			continue
		}
		text, err := value(text)
		if err == nil {
			err = webhook.CheckHeader(name, text)
		}
		if err == nil && r.Header.Get(name) != "" {
			err = errors.New("is given twice; take one of them out")
		}
		if err != nil {
			r.wrong(member, err.Error())
			continue
		}
		r.Header.Set(name, text)
	}
}

// secretIn returns what a file holds. Its error is what is left of a sentence. A
// process that sends no webhooks reads none.
func (r *endpointReader) secretIn(path string) (string, error) {
	if !r.settings.Has(Dispatcher) {
		return "unread", nil
	}
	path, err := tryout.Expand(path)
	if err != nil {
		return "", err
	}
	text, err := readText(path)
	if err != nil {
		return "", fmt.Errorf("cannot be used: %w", err)
	}
	return text, nil
}

// readCertificate reads the certificate with its key.
func (r *endpointReader) readCertificate() {
	switch {
	case r.certificate+r.private == "":
		return
	case r.certificate == "":
		r.wrong("key_file", "needs a certificate_file beside it")
		return
	case r.private == "":
		r.wrong("certificate_file", "needs a key_file beside it")
		return
	case strings.HasPrefix(r.Endpoint.Origin, "http://"):
		r.wrong("certificate_file", "is for https only, and the origin begins with http")
		return
	case !r.settings.Has(Dispatcher):
		return
	}
	certificate, private := r.pem("certificate_file", r.certificate), r.pem("key_file", r.private)
	if certificate == "" || private == "" {
		return
	}
	pair, err := tls.X509KeyPair([]byte(certificate), []byte(private))
	if err != nil {
		r.wrong("certificate_file", fmt.Sprintf("is of no use with key_file: %v; both must be PEM, the certificate first and those of its issuers behind it", err))
		return
	}
	if pair.Leaf != nil && time.Now().After(pair.Leaf.NotAfter) {
		r.warn("%s.certificate_file in %s has expired on %s, so the receiver may refuse it", r.called, r.path, pair.Leaf.NotAfter.UTC().Format(time.DateOnly))
	}
	r.Certificate = &pair
}

// pem returns what a file holds, or notes a mistake and returns nothing.
func (r *endpointReader) pem(key, path string) string {
	text, err := r.secretIn(path)
	if err != nil {
		r.wrong(key, err.Error())
	}
	return text
}
