package e2e

// engaged are the pages about what people do with works, for the owner.
func (h *house) engaged() []look {
	return []look{
		{name: "no bookmarks", path: "/me/bookmarks"},
		{name: "no comments", path: h.studio + "/comments"},
		{name: "a work without comments", path: h.at["several"] + "/comments"},
	}
}
