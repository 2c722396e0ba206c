package popup_test

import (
	"encoding/json"
	"fmt"
	"html/template"
	"os"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/popup"
)

// The page that opens Embedded Signup: html/template writes the options as the
// object that FB.login takes.
func ExampleLaunchOptions() {
	page := template.Must(template.New("page").Parse("<script>FB.login(finished, {{.Launch}})</script>\n"))
	err := page.Execute(os.Stdout, struct{ Launch popup.LaunchOptions }{popup.LaunchOptions{
		ConfigID: "1234567890123456",
		Setup:    popup.Prefill{Solution: "555000111222333"},
	}})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// <script>FB.login(finished, {"config_id":"1234567890123456","response_type":"code","override_default_response_type":true,"extras":{"setup":{"solutionID":"555000111222333"}}})</script>
}

// A number of the WhatsApp Business app cannot be used with an app-only install: the popup
// would ignore one of the two.
func ExampleLaunchOptions_Check() {
	err := popup.LaunchOptions{
		ConfigID:    "1234567890123456",
		FeatureType: popup.FeatureCoexistence,
		Features:    []popup.Feature{popup.AppOnlyInstall},
	}.Check()
	fmt.Println(err)
	// Output:
	// wagraph: extras.features app_only_install cannot onboard numbers of the WhatsApp Business app
}

func ExampleLaunchOptions_MarshalJSON() {
	text, err := json.Marshal(popup.LaunchOptions{
		ConfigID: "1234567890123456",
		Version:  popup.V3,
		Features: []popup.Feature{popup.AppOnlyInstall},
	})
	fmt.Println(string(text), err)
	// Output:
	// {"config_id":"1234567890123456","response_type":"code","override_default_response_type":true,"extras":{"version":"v3","features":[{"name":"app_only_install"}],"setup":{}}} <nil>
}

// The parts of a new portfolio are used together or not at all.
func ExamplePrefill_Check() {
	prefill := popup.Prefill{Business: popup.PrefillBusiness{Name: "Lucky Shrub", Email: "hello@luckyshrub.example"}}
	fmt.Println(prefill.Check())
	// Output:
	// wagraph: setup.business.website is empty: name, email, website and address.country are used together or not at all
}

func ExamplePrefill_MarshalJSON() {
	text, err := json.Marshal(popup.Prefill{
		Business:    popup.PrefillBusiness{ID: "2729063490586005"},
		PreVerified: []graph.PreVerifiedNumberID{"106540352242922"},
	})
	fmt.Println(string(text), err)
	// Output:
	// {"business":{"id":"2729063490586005"},"preVerifiedPhone":{"ids":["106540352242922"]}} <nil>
}

func ExampleVersion_Ended() {
	at := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	for _, facts := range popup.Versions() {
		fmt.Println(facts.Version, facts.Version.Ended(at))
	}
	// Output:
	// v4-public-preview false
	// v4 false
	// v3-public-preview true
	// v2-public-preview true
	// v3 true
	// v2 true
}

func ExampleVersion_Facts() {
	facts, known := popup.V2.Facts()
	fmt.Println(known, facts.FeatureTypes, facts.Ends.Format(time.DateOnly))
	// Output:
	// true [only_waba_sharing whatsapp_business_app_onboarding marketing_messages_lite] 2026-10-15
}

// The versions that can still be used, the newest first.
func ExampleVersions() {
	at := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	for _, facts := range popup.Versions() {
		if !facts.Version.Ended(at) {
			fmt.Println(facts.Version, facts.Introduced.Format(time.DateOnly), facts.Features)
		}
	}
	// Output:
	// v4-public-preview 2026-05-12 [app_only_install]
	// v4 2025-10-08 [app_only_install]
}
