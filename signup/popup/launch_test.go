package popup_test

import (
	"bytes"
	"encoding/json"
	"html/template"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/popup"
)

const configID = "1234567890123456"

func TestLaunchOptions_MarshalJSON(t *testing.T) {
	const head = `"config_id":"1234567890123456","response_type":"code","override_default_response_type":true`
	for name, test := range map[string]struct {
		options popup.LaunchOptions
		want    string
	}{
		"v4 by the configuration": {
			popup.LaunchOptions{},
			`{` + head + `,"extras":{"setup":{}}}`,
		},
		"v4 by name": {
			popup.LaunchOptions{Version: popup.V4},
			`{` + head + `,"extras":{"version":"v4","setup":{}}}`,
		},
		"coexistence": {
			popup.LaunchOptions{FeatureType: popup.FeatureCoexistence},
			`{` + head + `,"extras":{"featureType":"whatsapp_business_app_onboarding","setup":{}}}`,
		},
		"app-only install in a solution": {
			popup.LaunchOptions{
				Version: popup.V3, Features: []popup.Feature{popup.AppOnlyInstall}, Setup: popup.Prefill{Solution: "555000111222333"},
			},
			`{` + head + `,"extras":{"version":"v3","features":[{"name":"app_only_install"}],"setup":{"solutionID":"555000111222333"}}}`,
		},
		"v2 asks for its event": {
			popup.LaunchOptions{Version: popup.V2, FeatureType: popup.FeatureOnlyWABA},
			`{` + head + `,"extras":{"version":"v2","featureType":"only_waba_sharing","sessionInfoVersion":"3","setup":{}}}`,
		},
		"v2 preview": {
			popup.LaunchOptions{Version: popup.V2PublicPreview, Features: []popup.Feature{popup.AppOnlyInstall, popup.MarketingMessages}},
			`{` + head + `,"extras":{"version":"v2-public-preview","features":[{"name":"app_only_install"},{"name":"marketing_messages_lite"}],"sessionInfoVersion":"3","setup":{}}}`,
		},
		"an unknown version": {
			popup.LaunchOptions{
				Version: "v6", FeatureType: "something_new", Features: []popup.Feature{"cloud_api"},
				Extras: map[string]any{"theme": "dark", "a": []int{1}},
			},
			`{` + head + `,"extras":{"a":[1],"featureType":"something_new","features":[{"name":"cloud_api"}],"setup":{},"theme":"dark","version":"v6"}}`,
		},
		"pre-verified number": {
			popup.LaunchOptions{Setup: popup.Prefill{PreVerified: []graph.PreVerifiedNumberID{"106540352242922"}}},
			`{` + head + `,"extras":{"setup":{"preVerifiedPhone":{"ids":["106540352242922"]}}}}`,
		},
		"before login configurations": {
			popup.LaunchOptions{Scopes: popup.OldScopes()},
			`{"scope":"business_management,whatsapp_business_management","extras":{"feature":"whatsapp_embedded_signup","setup":{}}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if len(test.options.Scopes) == 0 {
				test.options.ConfigID = configID
			}
			got, err := json.Marshal(test.options)
			require.NoError(t, err)
			require.Equal(t, test.want, string(got))
		})
	}
}

func TestLaunchOptions_Check_BadOptions(t *testing.T) {
	for field, options := range map[string]popup.LaunchOptions{
		"config_id":          {},
		"extras.version":     {ConfigID: configID, Extras: map[string]any{"version": "v3"}},
		"extras.setup":       {ConfigID: configID, Extras: map[string]any{"setup": nil}},
		"extras.callback":    {ConfigID: configID, Extras: map[string]any{"callback": func() {}}},
		"extras.featureType": {ConfigID: configID, FeatureType: popup.FeatureOnlyWABA},
		"extras.features":    {ConfigID: configID, FeatureType: popup.FeatureCoexistence, Features: []popup.Feature{popup.AppOnlyInstall}},
		"extras.features[0]": {ConfigID: configID, Version: popup.V4, Features: []popup.Feature{popup.MarketingMessages}},
		"extras.features[1]": {ConfigID: configID, Features: []popup.Feature{popup.AppOnlyInstall, popup.AppOnlyInstall}},
		"extras.features[2]": {ConfigID: configID, Version: "v6", Features: []popup.Feature{"a", "b", ""}},
		"scope":              {ConfigID: configID, Scopes: popup.OldScopes()},
		"setup.solutionID":   {ConfigID: configID, Setup: popup.Prefill{Solution: "x"}},
	} {
		t.Run(field, func(t *testing.T) {
			_, err := json.Marshal(options)
			require.ErrorIs(t, err, graph.ErrInput)
			require.Equal(t, field, inputFieldOf(t, err))
		})
	}
}

func TestLaunchOptions_Check_FeatureTypesByVersion(t *testing.T) {
	// The rows of Meta's version matrix.
	takes := map[popup.FeatureType][]popup.Version{
		popup.FeatureOnlyWABA:          {popup.V2, popup.V2PublicPreview},
		popup.FeatureMarketingMessages: {popup.V2, popup.V2PublicPreview},
		popup.FeatureCoexistence: {
			"", popup.V2, popup.V2PublicPreview, popup.V3, popup.V3PublicPreview, popup.V4, popup.V4PublicPreview,
		},
	}
	for feature, versions := range takes {
		for _, facts := range append(popup.Versions(), popup.VersionFacts{}) {
			options := popup.LaunchOptions{ConfigID: configID, Version: facts.Version, FeatureType: feature}
			if slices.Contains(versions, facts.Version) {
				require.NoError(t, options.Check(), "%s in %q", feature, facts.Version)
			} else {
				require.Equal(t, "extras.featureType", inputFieldOf(t, options.Check()), "%s in %q", feature, facts.Version)
			}
		}
	}
}

func TestLaunchOptions_Check_OldLogin(t *testing.T) {
	for _, options := range []popup.LaunchOptions{
		{Scopes: popup.OldScopes(), Version: popup.V3},
		{Scopes: popup.OldScopes(), FeatureType: popup.FeatureCoexistence},
		{Scopes: popup.OldScopes(), Features: []popup.Feature{popup.AppOnlyInstall}},
		{Scopes: []string{"business_management", ""}},
	} {
		require.Equal(t, "scope", inputFieldOf(t, options.Check()))
	}
}

func TestLaunchOptions_MarshalJSON_EscapesHTML(t *testing.T) {
	options := popup.LaunchOptions{ConfigID: configID, Setup: popup.Prefill{Business: popup.PrefillBusiness{
		Name: "</script><script>alert(1)</script> & Söhne\u2028", Email: "a@example.com", Website: "https://example.com",
		Address: popup.PrefillAddress{Country: "DE"},
	}}}
	direct, err := options.MarshalJSON()
	require.NoError(t, err)
	var page bytes.Buffer
	tmpl := template.Must(template.New("page").Parse(`<script>FB.login(finished, {{.}})</script>`))
	require.NoError(t, tmpl.Execute(&page, options))
	for _, text := range []string{string(direct), page.String()[len("<script>") : page.Len()-len("</script>")]} {
		require.NotContains(t, text, "<")
		require.NotContains(t, text, "&")
		require.NotContains(t, text, "\u2028")
		require.Contains(t, text, `\u003c/script\u003e`)
	}
	require.Contains(t, page.String(), `FB.login(finished, {"config_id":"1234567890123456",`)
}
