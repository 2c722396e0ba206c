package phonenumbers

// The routes of this package's calls, as Graph names them after the version.
const (
	routeNumbers    = "/{waba-id}/phone_numbers"
	routeNumber     = "/{phone-number-id}"
	routeRegister   = "/{phone-number-id}/register"
	routeDeregister = "/{phone-number-id}/deregister"
)
