package phonenumbers

// The calls of this package, as Graph names them below the version.
const (
	routeNumbers    = "/{waba-id}/phone_numbers"
	routeNumber     = "/{phone-number-id}"
	routeRegister   = "/{phone-number-id}/register"
	routeDeregister = "/{phone-number-id}/deregister"
)
