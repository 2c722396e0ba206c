package graphsim

import (
	"maps"
	"net/http"
	"strconv"
	"strings"
)

var _ http.Handler = (*Sim)(nil)

// ServeHTTP serves the API on a real connection. Below http.StripPrefix, paging links
// carry the prefix. A lost reply and a cut body close the connection.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := drain(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "cannot read the request body", http.StatusBadRequest)
		return
	}
	scheme := "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	rep, err := s.route(r, scheme, r.Host, mountedUnder(r), body)
	if err != nil || rep.reset {
		panic(http.ErrAbortHandler) // net/http then closes the connection
	}
	h := w.Header()
	maps.Copy(h, rep.header)
	if rep.status != http.StatusNotModified {
		h.Set("Content-Length", strconv.Itoa(len(rep.body)))
	}
	w.WriteHeader(rep.status)
	if rep.cut >= 0 && rep.cut < len(rep.body) {
		_, _ = w.Write(rep.body[:rep.cut])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(rep.body) // an error means that the client is gone
}

// mountedUnder returns the part of the path that a mux removed.
func mountedUnder(r *http.Request) string {
	path, _, _ := strings.Cut(r.RequestURI, "?")
	prefix, ok := strings.CutSuffix(path, r.URL.EscapedPath())
	if !ok || !strings.HasPrefix(prefix, "/") {
		return ""
	}
	return prefix
}
