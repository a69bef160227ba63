package rig

// Set changes the site's environment from its next start on; what is given last
// wins.
func (s *Site) Set(env ...string) { s.env = append(s.env, env...) }
