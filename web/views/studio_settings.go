package views

// NewStudioForm opens another studio.
type NewStudioForm struct {
	Key, Name string
	Refusal   Refusal
}

// StudioSettingsForm is a studio's profile. Current is the slug that the page
// lives under while another may be typed.
type StudioSettingsForm struct {
	Room                              Room
	Current, Version                  string
	Name, Slug, Description, Location string
	TimeZone                          string // IANA name
	NoAI                              bool   // machines are asked not to train on it
	Site                              string // host and "/@", for the hint
	Refusal                           Refusal
}
