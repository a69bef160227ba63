package child

import "os"

// LookFrom lets FreePort look at one port next.
func LookFrom(port int) {
	lastPort.Store(int32(ports + (port-firstPort-os.Getpid()*37)%ports - 1)) //nolint:gosec // there are not so many ports
}
